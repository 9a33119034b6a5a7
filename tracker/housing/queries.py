"""Read the register: buildings with their counts, rooms by floor, who lives in each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.models import Person
from tracker.housing.models import Building, Campus, Floor, Room, Stay
from tracker.housing.numbers import order


@dataclass(frozen=True, slots=True)
class Counted:
    """A building with how much of it is used."""

    building: Building
    rooms: int
    beds: int
    residents: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class Storey:
    """One floor, its rooms in the order of their doors."""

    level: int
    rooms: tuple[Room, ...]


def campuses() -> Sequence[Campus]:
    """Return the campuses."""
    return db.session.scalars(sa.select(Campus).order_by(Campus.id)).all()


def buildings(*, active: bool | None = None) -> list[Building]:
    """Return the buildings by campus and name; only those in use, or only the others."""
    wanted = sa.select(Building).order_by(Building.campus_id, Building.name_zh)
    if active is not None:
        wanted = wanted.where(Building.active == active)
    return list(db.session.scalars(wanted))


def counted(wanted: Sequence[Building]) -> list[Counted]:
    """Return buildings with the number of their rooms, beds and residents; three statements."""
    ids = [each.id for each in wanted]
    rooms = _by_building(
        sa.select(Room.building_id, sa.func.count(), sa.func.sum(Room.beds))
        .where(Room.building_id.in_(ids), Room.active)
        .group_by(Room.building_id)
    )
    in_rooms = sa.func.count(Stay.room_id)
    people = _by_building(
        sa.select(Stay.building_id, sa.func.count(), in_rooms)
        .where(Stay.building_id.in_(ids), Stay.lives)
        .group_by(Stay.building_id)
    )
    found = []
    for each in wanted:
        (count, beds), (residents, placed) = rooms[each.id], people[each.id]
        found.append(Counted(each, count, beds, residents, residents - placed))
    return found


def _by_building(statement: Any) -> dict[int, tuple[int, int]]:
    rows = {row[0]: (row[1], row[2]) for row in db.session.execute(statement)}
    return defaultdict(lambda: (0, 0), rows)


def storeys(building_id: int, *, active: bool = True) -> list[Storey]:
    """Return the floors of a building, the highest first."""
    wanted = (
        sa.select(Room, Floor.level)
        .join(Floor, Floor.id == Room.floor_id)
        .where(Room.building_id == building_id)
    )
    if active:
        wanted = wanted.where(Room.active)
    by_level: dict[int, list[Room]] = defaultdict(list)
    for room, level in db.session.execute(wanted):
        by_level[level].append(room)
    return [
        Storey(level, tuple(sorted(rooms, key=_in_order)))
        for level, rooms in sorted(by_level.items(), reverse=True)
    ]


def _in_order(room: Room) -> tuple[Any, ...]:
    """Return what sorts the rooms that are lived in before those that all pass through."""
    return room.use != "dwelling", order(room.number)


def living_in(building_id: int) -> dict[int, int]:
    """Return how many live in each room of a building in which somebody does."""
    rows = db.session.execute(
        sa.select(Stay.room_id, sa.func.count())
        .where(Stay.building_id == building_id, Stay.lives, Stay.room_id.is_not(None))
        .group_by(Stay.room_id)
    )
    return {room_id: count for room_id, count in rows if room_id is not None}


def residents(building_id: int) -> list[Stay]:
    """Return the stays of whoever lives in a building now, with persons and rooms, by door."""
    wanted = (
        sa.select(Stay)
        .join(Person, Person.id == Stay.person_id)
        .where(Stay.building_id == building_id, Stay.lives)
        .options(sa.orm.joinedload(Stay.person), sa.orm.joinedload(Stay.room))
        .order_by(Person.sort_en, Person.id)
    )
    found = db.session.scalars(wanted).unique().all()
    return sorted(found, key=lambda stay: order(stay.room.number if stay.room else "~"))


def stay_of(person_id: int) -> Stay | None:
    """Return where a person lives now."""
    return db.session.scalar(
        sa.select(Stay)
        .where(Stay.person_id == person_id, Stay.lives)
        .options(sa.orm.joinedload(Stay.building), sa.orm.joinedload(Stay.room))
    )


def behind(token: str) -> Room | None:
    """Return the room whose door says this."""
    return db.session.scalar(sa.select(Room).where(Room.door_token == token, Room.active))
