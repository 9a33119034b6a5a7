"""One building: what it has, its floors as a grid, who lives there, what is wrong and due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.garbage import uncollected
from tracker.directory import residents
from tracker.hazards import queries as hazards
from tracker.hazards.queries import Square
from tracker.housing import queries, service
from tracker.housing.models import Building, Room
from tracker.housing.queries import Storey
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.rules.model import Rule
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.housing.within import BUILDING
from tracker.web.safety import INSPECTORS, LOOKERS

bp = Blueprint("building", __name__)
#: Duties of a building that its page shows.
MOST = 12


@dataclass(frozen=True, slots=True)
class Door:
    """A room in the grid: who lives there, its open hazards, and what its picture shows."""

    room: Room
    people: int
    hazards: Square | None

    @property
    def state(self) -> str:
        """Name the sign: the gravest hazard, else what the room is used for."""
        if self.hazards:
            return self.hazards.grade
        if self.room.use != "dwelling":
            return self.room.use
        if not self.people:
            return "empty"
        return "occupied" if self.people < self.room.beds else "full"


@dataclass(frozen=True, slots=True)
class Row:
    """A floor in the grid."""

    level: int
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """Something due of the building, with its rule."""

    row: Obligation
    rule: Rule


@bp.get(BUILDING)
@roles(*LOOKERS)
def show(building_id: int) -> ResponseReturnValue:
    """Show a building."""
    with uncollected():
        return _page(building_id)


def _page(building_id: int) -> str:
    found, account, today = service.building(building_id), viewer(), clock.today()
    sees_people = account.role != "inspector"
    trail = audit.about(f"building:{found.id}", most=10) if account.role in OFFICE else []
    squares = hazards.grid(found.id, today=today)
    return render_template(
        "housing/building.html", building=found, flags=service.FLAGS, today=today,
        rows=rows_of(queries.storeys(found.id), queries.living_in(found.id), squares),
        counted=queries.counted([found])[0], wrong=hazards.summary(
            today=today, building_ids=[found.id]
        ),
        at_large=squares.get(None), due=due_of(found, today), now=clock.now(),
        counts=residents.counts(found.id) if sees_people else None,
        may_change=account.role in OFFICE, may_inspect=account.role in INSPECTORS,
        sees_people=sees_people, trail=trail, names=audit.names_of(trail),
    )  # fmt: skip


def rows_of(
    floors: Sequence[Storey], living: Mapping[int, int], squares: Mapping[int | None, Square]
) -> list[Row]:  # fmt: skip
    """Return the grid of a building."""
    return [
        Row(
            floor.level,
            tuple(Door(room, living.get(room.id, 0), squares.get(room.id)) for room in floor.rooms),
        )
        for floor in floors
    ]


def due_of(found: Building, today: date) -> dict[str, Any]:
    """Return what is open of a building: the first few, and how many there are and are late."""
    rules = {rule.id: rule for rule in book.current().every}
    open_here = (Obligation.building_id == found.id, Obligation.state == "open")
    late = sa.func.sum(sa.case((Obligation.safe_on < today, 1), else_=0))
    count, overdue = db.session.execute(sa.select(sa.func.count(), late).where(*open_here)).one()
    first = db.session.scalars(
        sa.select(Obligation).where(*open_here).order_by(Obligation.safe_on, Obligation.id)
        .limit(MOST)
    )  # fmt: skip
    return {
        "count": count, "overdue": overdue or 0,
        "rows": [Due(row, rules[row.rule_id]) for row in first if row.rule_id in rules],
    }  # fmt: skip
