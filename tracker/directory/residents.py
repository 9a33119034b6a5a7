"""Who lives in our buildings against who is registered there, with the clock that runs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.facts import queries as facts
from tracker.facts.models import Person, Unit
from tracker.housing.models import Building, Room, Stay
from tracker.housing.numbers import order
from tracker.obligations.models import Obligation

#: What is not in order comes first.
STATES = ("not_registered", "elsewhere", "again", "left", "registered")
#: The duties to tell the police where somebody lives, and to tell it anew.
MOVING_IN = ("ACC-24H", "ACC-HOTEL", "ACC-TW", "ACC-HKM")
AGAIN = "ACC-REREG"
_LIVES, _KNOWN = aliased(Stay, name="lives"), aliased(Stay, name="known")
_HERE, _THERE = aliased(Building, name="here"), aliased(Building, name="there")
_ROOM, _OLD_ROOM = aliased(Room, name="room_here"), aliased(Room, name="room_there")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stay is: a building of ours with the door, or only what was told."""

    building_id: int | None
    name_zh: str | None
    name_en: str | None
    door: str | None
    room_id: int | None


@dataclass(frozen=True, slots=True)
class Resident:
    """One person: where they live, where they are registered, what runs until when."""

    person_id: int
    name_zh: str | None
    name_en: str | None
    nationality: str
    language: str
    unit_zh: str | None
    unit_en: str | None
    state: str
    #: Which accommodation document says where they live.
    document_no: int | None
    lives: Place | None
    since: date | None
    registered: Place | None
    registered_on: date | None
    due_at: datetime | None
    safe_on: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which residents: of a building (None: of all), of a state ("": all), by a part of a name."""

    building_id: int | None = None
    state: str = ""
    text: str = ""


def listed(wanted: Wanted) -> list[Resident]:
    """Return the residents wanted, by building and door; two statements."""
    everybody = _everybody(wanted.building_id)
    text = wanted.text.casefold()
    return [
        each
        for each in everybody
        if (not wanted.state or each.state == wanted.state)
        and (not text or text in f"{each.name_zh or ''} {each.name_en or ''}".casefold())
    ]


def counts(building_id: int | None) -> dict[str, int]:
    """Return how many there are of each state; two statements that read no names."""
    columns = [
        column
        for column in _statement(building_id).selected_columns
        if column.key in ("id", "l_no", "l_building", "k_no")
    ]
    rows = db.session.execute(_statement(building_id).with_only_columns(*columns)).all()
    due = _running([row.id for row in rows])
    found = Counter(_state(row, due.get(row.id, {}), building_id) for row in rows)
    return {state: found[state] for state in STATES}


def count(everybody: Iterable[Resident]) -> dict[str, int]:
    """Return how many of these are of each state."""
    found = Counter(each.state for each in everybody)
    return {state: found[state] for state in STATES}


def phones(person_ids: Sequence[int]) -> dict[int, str]:
    """Return the phone numbers on record of these persons."""
    return {
        person_id: str(version.data["phone"])
        for person_id, held in facts.in_force_of(person_ids).items()
        for version in held
        if version.kind == "profile" and version.data.get("phone")
    }


def _everybody(building_id: int | None) -> list[Resident]:
    rows = db.session.execute(_statement(building_id)).all()
    due = _running([row.id for row in rows])
    found = [_resident(row, due.get(row.id, {}), building_id) for row in rows]
    return sorted(found, key=_order)


def _statement(building_id: int | None) -> sa.Select[Any]:
    wanted = (
        sa.select(
            Person.id, Person.name_zh, Person.name_en, Person.nationality, Person.language,
            Unit.name_zh.label("unit_zh"), Unit.name_en.label("unit_en"),
            *_columns(_LIVES, _HERE, _ROOM, "l"), *_columns(_KNOWN, _THERE, _OLD_ROOM, "k"),
        )
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(_LIVES, sa.and_(_LIVES.person_id == Person.id, _LIVES.lives))
        .outerjoin(_HERE, _HERE.id == _LIVES.building_id)
        .outerjoin(_ROOM, _ROOM.id == _LIVES.room_id)
        .outerjoin(_KNOWN, sa.and_(_KNOWN.person_id == Person.id, _KNOWN.registered))
        .outerjoin(_THERE, _THERE.id == _KNOWN.building_id)
        .outerjoin(_OLD_ROOM, _OLD_ROOM.id == _KNOWN.room_id)
        .where(Person.status != "departed")
    )  # fmt: skip
    stay = sa.select(Stay.person_id)
    if building_id is None:
        return wanted.where(Person.id.in_(stay.where(sa.or_(Stay.lives, Stay.registered))))
    here = stay.where(Stay.building_id == building_id, sa.or_(Stay.lives, Stay.registered))
    return wanted.where(Person.id.in_(here))


def _columns(stay: Any, building: Any, room: Any, mark: str) -> list[Any]:
    return [
        stay.document_no.label(f"{mark}_no"), stay.building_id.label(f"{mark}_building"),
        sa.func.coalesce(building.name_zh, stay.place).label(f"{mark}_zh"),
        building.name_en.label(f"{mark}_en"),
        sa.func.coalesce(room.number, stay.door).label(f"{mark}_door"),
        stay.room_id.label(f"{mark}_room"), stay.moved_in_at.label(f"{mark}_since"),
        stay.registered_on.label(f"{mark}_on"),
    ]  # fmt: skip


def _running(person_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the open duties to register, by person: the one of moving in before the other."""
    rows = db.session.execute(
        sa.select(
            Obligation.person_id, Obligation.rule_id, Obligation.due_at, Obligation.safe_on
        ).where(
            Obligation.person_id.in_(person_ids), Obligation.rule_id.in_((*MOVING_IN, AGAIN)),
            Obligation.state.in_(("open", "filed")),
        )
    ).all()  # fmt: skip
    found: dict[int, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row.safe_on, reverse=True):
        found.setdefault(row.person_id or 0, {})[row.rule_id] = row
    return found


def _resident(row: Any, due: dict[str, Any], building_id: int | None) -> Resident:
    state = _state(row, due, building_id)
    running = next((due[rule] for rule in (*MOVING_IN, AGAIN) if rule in due), None)
    return Resident(
        row.id, row.name_zh, row.name_en, row.nationality, row.language, row.unit_zh, row.unit_en,
        state, row.l_no, _place(row, "l"), campus_day(row.l_since) if row.l_since else None,
        _place(row, "k"), row.k_on,
        running.due_at if running and state != "left" else None,
        running.safe_on if running and state != "left" else None,
    )  # fmt: skip


def _state(row: Any, due: dict[str, Any], building_id: int | None) -> str:
    away = row.l_no is None or (building_id is not None and row.l_building != building_id)
    if away:
        return "left"
    if row.k_no is None:
        return "not_registered"
    if row.k_no != row.l_no:
        return "elsewhere"
    return "again" if AGAIN in due else "registered"


def _place(row: Any, mark: str) -> Place | None:
    def told(name: str) -> Any:
        return getattr(row, f"{mark}_{name}")

    if told("no") is None:
        return None
    return Place(told("building"), told("zh"), told("en"), told("door"), told("room"))


def _order(each: Resident) -> tuple[Any, ...]:
    place = each.lives or each.registered
    assert place is not None
    door = order(place.door) if place.door else ((2, 0, ""),)
    return (place.building_id is None, place.name_zh or "", door, each.name_en or each.name_zh)
