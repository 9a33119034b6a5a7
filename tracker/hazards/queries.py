"""Read hazards: lists, one building's open ones, the state of each room, histories."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.core import clock
from tracker.core.db import db
from tracker.hazards import states
from tracker.hazards.models import Hazard, HazardEvent
from tracker.housing.models import Building, Room
from tracker.housing.numbers import folded

#: How old an open hazard is, in days: the first and the last of each span.
AGES: Mapping[str, tuple[int, int | None]] = {
    "week": (0, 7), "month": (8, 30), "quarter": (31, 90), "older": (91, None),
}  # fmt: skip
_OPEN = Hazard.state != "closed"
_RANK = sa.case({grade: place for place, grade in enumerate(states.GRADES)}, value=Hazard.grade)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; what is empty is not asked. `state`: of states.STATES, or open."""

    building_id: int | None = None
    grade: str = ""
    state: str = "open"
    owner_id: int | None = None
    kind: str = ""
    age: str = ""
    overdue: bool = False


def listed(wanted: Wanted, *, today: date, offset: int = 0, most: int) -> list[Hazard]:
    """Return hazards: overdue first, then the next day, of one day the gravest; closed last."""
    selected = (
        _selected(wanted, today)
        .options(joinedload(Hazard.building), joinedload(Hazard.room), joinedload(Hazard.owner))
        .order_by(
            Hazard.closed_at.is_not(None), Hazard.closed_at.desc(), Hazard.next_on, _RANK.desc(),
            Hazard.id,
        )
        .offset(offset)
        .limit(most)
    )  # fmt: skip
    return list(db.session.scalars(selected))


def count(wanted: Wanted, *, today: date) -> int:
    """Return how many there are."""
    return db.session.scalar(
        sa.select(sa.func.count()).select_from(_selected(wanted, today).subquery())
    ) or 0  # fmt: skip


def _selected(wanted: Wanted, today: date) -> sa.Select[Any]:
    selected = sa.select(Hazard)
    if wanted.state == "open":
        selected = selected.where(_OPEN)
    for column, value in (
        (Hazard.state, wanted.state if wanted.state in states.STATES else ""),
        (Hazard.building_id, wanted.building_id), (Hazard.grade, wanted.grade),
        (Hazard.owner_id, wanted.owner_id), (Hazard.kind, wanted.kind),
    ):  # fmt: skip
        if value:
            selected = selected.where(column == value)
    if wanted.overdue:
        selected = selected.where(_OPEN, Hazard.next_on < today)
    if wanted.age in AGES:
        first, last = AGES[wanted.age]
        selected = selected.where(Hazard.found_at < _midnight(today, 1 - first))
        if last is not None:
            selected = selected.where(Hazard.found_at >= _midnight(today, -last))
    return selected


def _midnight(today: date, days: int) -> datetime:
    return datetime.combine(date.fromordinal(today.toordinal() + days), time(), clock.CAMPUS)


def open_at(building_ids: Collection[int]) -> list[Hazard]:
    """Return the open hazards of buildings, by building and room, with their first pictures."""
    return list(
        db.session.scalars(
            sa.select(Hazard)
            .where(Hazard.building_id.in_(building_ids), _OPEN)
            .order_by(Hazard.building_id, Hazard.room_id, Hazard.id)
        )
    )


def photos_of(hazard_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the ids of the pictures taken when hazards were found or last seen, by hazard."""
    rows = db.session.execute(
        sa.select(HazardEvent.hazard_id, HazardEvent.photos)
        .where(
            HazardEvent.hazard_id.in_(hazard_ids),
            HazardEvent.kind.in_(("found", "sighted", "failed")),
        )
        .order_by(HazardEvent.id)
    )
    found: dict[int, list[str]] = {}
    for hazard_id, photos in rows:
        if photos:
            found[hazard_id] = photos
    return found


@dataclass(frozen=True, slots=True)
class Square:
    """How a room stands: its open hazards, the gravest of them, whether one is overdue."""

    open: int
    grade: str
    overdue: bool
    stopped: bool


def grid(building_id: int, *, today: date) -> dict[int | None, Square]:
    """Return how the rooms with open hazards stand; None is the building as such."""
    rows = db.session.execute(
        sa.select(
            Hazard.room_id, sa.func.count(), sa.func.max(_RANK), sa.func.min(Hazard.next_on),
            sa.func.max(sa.case((Hazard.protection == "stop_use", 1), else_=0)),
        )
        .where(Hazard.building_id == building_id, _OPEN)
        .group_by(Hazard.room_id)
    )  # fmt: skip
    return {
        room_id: Square(number, states.GRADES[rank], day < today, bool(stopped))
        for room_id, number, rank, day, stopped in rows
    }


def gas_off(building_ids: Collection[int]) -> set[int]:
    """Return the buildings in which the gas is cut off for an open hazard."""
    return set(
        db.session.scalars(
            sa.select(Hazard.building_id).where(
                Hazard.building_id.in_(building_ids), _OPEN, Hazard.protection == "gas_off"
            )
        )
    )


def events(hazard_id: int) -> list[HazardEvent]:
    """Return what happened to a hazard, in the order it happened."""
    return list(
        db.session.scalars(
            sa.select(HazardEvent)
            .where(HazardEvent.hazard_id == hazard_id)
            .order_by(HazardEvent.at, HazardEvent.id)
        )
    )


def of_inspection(inspection: str) -> list[Hazard]:
    """Return the hazards that an inspection found, in the order of their numbers."""
    return list(
        db.session.scalars(
            sa.select(Hazard)
            .where(Hazard.inspection == inspection)
            .order_by(Hazard.year, Hazard.serial)
        )
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """What a board says: open by grade, overdue, and the oldest."""

    by_grade: Mapping[str, int]
    overdue: int
    oldest: Hazard | None

    @property
    def open(self) -> int:
        """How many are open."""
        return sum(self.by_grade.values())


def summary(
    *, today: date, building_ids: Collection[int] | None = None, owner_id: int | None = None
) -> Summary:
    """Return how hazards stand: all, those of some buildings, those one account answers for."""
    here = [_OPEN]
    if building_ids is not None:
        here.append(Hazard.building_id.in_(building_ids))
    if owner_id is not None:
        here.append(Hazard.owner_id == owner_id)
    late = sa.func.sum(sa.case((Hazard.next_on < today, 1), else_=0))
    rows = db.session.execute(
        sa.select(Hazard.grade, sa.func.count(), late).where(*here).group_by(Hazard.grade)
    ).all()
    oldest = db.session.scalar(
        sa.select(Hazard)
        .where(*here)
        .options(joinedload(Hazard.building), joinedload(Hazard.room))
        .order_by(Hazard.found_at, Hazard.id)
        .limit(1)
    )
    return Summary(
        {grade: number for grade, number, _late in rows}, sum(late for *_, late in rows), oldest
    )


def buildings() -> list[Building]:
    """Return the buildings that are in use, and those with hazards."""
    return list(
        db.session.scalars(
            sa.select(Building)
            .where(sa.or_(Building.active, sa.exists().where(Hazard.building_id == Building.id)))
            .order_by(Building.name_zh)
        )
    )


def departments() -> list[str]:
    """Return the departments that were given work before, by name."""
    return list(
        db.session.scalars(
            sa.select(Hazard.department)
            .where(Hazard.department != "")
            .distinct()
            .order_by(Hazard.department)
        )
    )


def room_of(building_id: int, number: str) -> int | None:
    """Return the room with this number on its door, if the building has it."""
    return db.session.scalar(
        sa.select(Room.id).where(Room.building_id == building_id, Room.key == folded(number))
    )
