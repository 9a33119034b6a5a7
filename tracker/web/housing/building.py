"""One building: what it has, its floors as a grid, who lives there, what is due."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts import audit
from tracker.core import clock
from tracker.directory import residents
from tracker.housing import queries, service
from tracker.housing.models import Room
from tracker.housing.queries import Storey
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.housing.within import BUILDING
from tracker.web.safety import INSPECTORS, LOOKERS

bp = Blueprint("building", __name__)


@dataclass(frozen=True, slots=True)
class Door:
    """A room in the grid: what its picture shows."""

    room: Room
    people: int
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """A floor in the grid."""

    level: int
    doors: tuple[Door, ...]


@bp.get(BUILDING)
@roles(*LOOKERS)
def show(building_id: int) -> ResponseReturnValue:
    """Show a building."""
    found, account, now = service.building(building_id), viewer(), clock.now()
    sees_people = account.role != "inspector"
    trail = audit.about(f"building:{found.id}", most=10) if account.role in OFFICE else []
    return render_template(
        "housing/building.html", building=found, rows=_rows(queries.storeys(found.id), found.id),
        counted=queries.counted([found])[0], flags=service.FLAGS,
        counts=residents.counts(found.id) if sees_people else None,
        may_change=account.role in OFFICE, may_inspect=account.role in INSPECTORS,
        sees_people=sees_people, today=clock.today(), now=now,
        trail=trail, names=audit.names_of(trail),
    )  # fmt: skip


def _rows(floors: list[Storey], building_id: int) -> list[Row]:
    living = queries.living_in(building_id)
    return [
        Row(
            floor.level,
            tuple(
                Door(room, living.get(room.id, 0), _state(room, living.get(room.id, 0)))
                for room in floor.rooms
            ),
        )
        for floor in floors
    ]


def _state(room: Room, people: int) -> str:
    if room.use != "dwelling":
        return room.use
    if not people:
        return "empty"
    return "occupied" if people < room.beds else "full"
