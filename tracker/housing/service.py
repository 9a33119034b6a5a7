"""Keep the register of campuses, buildings, floors and rooms. Flushes; the caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound, Stale
from tracker.core.i18n import gettext as _
from tracker.housing.models import USES, Building, Campus, Floor, Room, Stay, new_token
from tracker.housing.numbers import LONGEST, folded, tidy

#: What a building has or not; each decides which duties and check items it meets.
FLAGS = ("hotel", "gas", "lift", "high_rise", "night_patrol")
LEVELS = (-9, 120)
MOST_BEDS = 30
MOST_ROOMS = 5_000


def building(building_id: int) -> Building:
    """Return a building; NotFound if there is none."""
    found = db.session.get(Building, building_id)
    if found is None:
        raise NotFound(_("There is no such building."))
    return found


def room(room_id: int) -> Room:
    """Return a room; NotFound if there is none."""
    found = db.session.get(Room, room_id)
    if found is None:
        raise NotFound(_("There is no such room."))
    return found


def add_building(*, name_zh: str, campus: str, **fields: Any) -> Building:
    """Add a building to a campus, which is made if it is new; floors and rooms follow."""
    named = _named(name_zh, fields.pop("name_en", None), but=None)
    made = Building(campus_id=_campus(campus).id, **named, **_about(fields))
    db.session.add(made)
    db.session.flush()
    return made


def change_building(found: Building, *, name_zh: str, campus: str, **fields: Any) -> None:
    """Change what is known of a building; its name stays once somebody was told to live there."""
    named = _named(name_zh, fields.pop("name_en", None), but=found)
    if folded(name_zh) != folded(found.name_zh) and _is_told_of(found):
        raise Conflict(
            name_zh=_("People are on record as living here under this name. Add the new name as a "
                      "building of its own, and move them.")
        )  # fmt: skip
    found.campus_id = _campus(campus).id
    for name, value in (named | _about(fields)).items():
        setattr(found, name, value)
    touch(found)


def set_active(found: Building, active: bool) -> None:
    """Take a building out of use, once it is empty, or into use again."""
    if not active and lives_in(Stay.building_id == found.id):
        raise Conflict(_("Somebody still lives here. Move everybody out first."))
    found.active = active
    touch(found)


def claim(building_id: int, *, expected: int) -> Building:
    """Hold a building for this transaction if nobody changed it since the revision `expected`.

    Stale otherwise, with the revision there is now. Of two editors at once, one gets through.
    """
    claimed: Any = db.session.execute(
        sa.update(Building)
        .where(Building.id == building_id, Building.revision == expected)
        .values(revision=Building.revision)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:
        current = building(building_id).revision
        raise Stale(_("Somebody changed this building meanwhile."), current=current)
    return building(building_id)


def touch(found: Building) -> None:
    """Count a change of the building, its floors or rooms."""
    # Counted by the database: two changes at once count twice.
    found.revision = Building.revision + 1
    db.session.flush()
    db.session.refresh(found, ["revision"])


def add_rooms(
    found: Building, numbers: Sequence[str], *, level: int, use: str = "dwelling", beds: int = 1
) -> list[Room]:
    """Add rooms to a floor, which is made if it is new; Invalid if one of them is there already."""
    _require_room(level=level, use=use, beds=beds)
    there = _there(found, numbers)
    if there:
        raise Invalid(
            numbers=_("Already there: %(numbers)s. Leave them out.", numbers=", ".join(there))
        )
    count = sa.select(sa.func.count()).select_from(Room).where(Room.building_id == found.id)
    if (db.session.scalar(count) or 0) + len(numbers) > MOST_ROOMS:
        raise Invalid(numbers=_("A building has at most %(most)s rooms.", most=MOST_ROOMS))
    on = floor(found, level)
    made = [
        Room(building_id=found.id, floor_id=on.id, number=tidy(number), use=use,
             beds=beds if use == "dwelling" else 0)
        for number in numbers
    ]  # fmt: skip
    db.session.add_all(made)
    touch(found)
    return made


def change_room(
    found: Room, *, number: str, level: int, use: str, beds: int, active: bool
) -> None:  # fmt: skip
    """Change a room. Its number is told anew to whoever lives there by the caller (moving.py)."""
    _require_room(level=level, use=use, beds=beds)
    number = tidy(number)
    if not number or len(number) > LONGEST:
        raise Invalid(number=_("Give a number of at most %(most)s characters.", most=LONGEST))
    if folded(number) != found.key and _there(found.building, [number]):
        raise Invalid(number=_("There is such a room in this building already."))
    if not active and lives_in(Stay.room_id == found.id):
        raise Conflict(active=_("Somebody still lives here. Move everybody out first."))
    found.number, found.use, found.active = number, use, active
    found.beds = beds if use == "dwelling" else 0
    found.floor_id = floor(found.building, level).id
    touch(found.building)
    _forget_empty_floors(found.building_id)


def renew_token(found: Room) -> None:
    """Give a door a new code; one that hangs somewhere leads nowhere from now on."""
    found.door_token = new_token()
    touch(found.building)


def floor(found: Building, level: int) -> Floor:
    """Return a floor of a building, made if it is new."""
    wanted = sa.select(Floor).filter_by(building_id=found.id, level=level)
    there = db.session.scalar(wanted)
    if there is None:
        there = Floor(building_id=found.id, level=level)
        db.session.add(there)
        db.session.flush()
    return there


def lives_in(where: sa.ColumnElement[bool]) -> bool:
    """Tell whether somebody lives there now."""
    return (
        db.session.scalar(sa.select(Stay.person_id).where(where, Stay.lives).limit(1)) is not None
    )


def _require_room(*, level: int, use: str, beds: int) -> None:
    if use not in USES:
        raise Invalid(use=_("Choose one of the list."))
    if not LEVELS[0] <= level <= LEVELS[1] or level == 0:
        raise Invalid(level=_("Give a floor: 1 is the ground floor, -1 the first below it."))
    if use == "dwelling" and not 1 <= beds <= MOST_BEDS:
        raise Invalid(beds=_("Write a number from 1 to %(most)s.", most=MOST_BEDS))


def _there(found: Building, numbers: Iterable[str]) -> list[str]:
    keys = [folded(number) for number in numbers]
    wanted = sa.select(Room.number).where(Room.building_id == found.id, Room.key.in_(keys))
    return list(db.session.scalars(wanted.order_by(Room.number)))


def _forget_empty_floors(building_id: int) -> None:
    db.session.flush()
    db.session.execute(
        sa.delete(Floor).where(
            Floor.building_id == building_id, ~sa.exists().where(Room.floor_id == Floor.id)
        )
    )


def _campus(name: str) -> Campus:
    name = tidy(name)
    if not name:
        raise Invalid(campus=_("Say on which campus it stands."))
    for each in db.session.scalars(sa.select(Campus).order_by(Campus.id)):
        if folded(name) in {folded(each.name_zh), folded(each.name_en or "")}:
            return each
    made = Campus(name_zh=name)
    db.session.add(made)
    db.session.flush()
    return made


def _named(name_zh: str, name_en: str | None, *, but: Building | None) -> dict[str, Any]:
    names = {"name_zh": tidy(name_zh), "name_en": tidy(name_en or "") or None}
    if not names["name_zh"]:
        raise Invalid(name_zh=_("Give the name, as rosters write it."))
    others = [
        each
        for each in db.session.scalars(sa.select(Building).order_by(Building.id))
        if but is None or each.id != but.id
    ]
    taken = {folded(name) for each in others for name in (each.name_zh, each.name_en) if name}
    for field, name in names.items():
        if name and folded(name) in taken:
            raise Conflict(**{field: _("Another building is called so.")})
    return names


def _about(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - {*FLAGS, "address", "keeper_id"}
    if unknown:
        raise TypeError(f"a building has no {', '.join(sorted(unknown))}")
    return dict(fields)


def _is_told_of(found: Building) -> bool:
    told = sa.select(Stay.person_id).where(Stay.building_id == found.id).limit(1)
    return db.session.scalar(told) is not None
