"""Who lives where: rows that follow from the accommodation documents. Flushes only.

A document names its building and its room as people do; both are found again among the buildings
we keep, by name in either language and by the number on the door.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.documents import Document
from tracker.facts.models import FactVersion, Person
from tracker.housing.models import Building, Room, Stay
from tracker.housing.numbers import folded

CHUNK = 500
KIND = "accommodation"
_STAY: Any = Stay.__table__
_KEY = ("person_id", "document_no")
_REST = tuple(column.name for column in _STAY.columns if column.name not in _KEY)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One accommodation document as it is on record: its fields typed as JSON keeps them."""

    person_id: int
    document_no: int
    data: Mapping[str, Any]
    valid_to: date | None
    departed: bool


class Known(NamedTuple):
    """What is asked of a building."""

    id: int
    hotel: bool


@dataclass(frozen=True, slots=True)
class Register:
    """The buildings by their names, and those of their rooms that were asked for."""

    buildings: Mapping[str, Known]
    rooms: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def building(self, name: str | None) -> Known | None:
        """Return the building of this name, if we have it."""
        return self.buildings.get(folded(name)) if name else None


def project(person_ids: Sequence[int]) -> None:
    """Bring the stays of these persons in step with their documents; writes what differs."""
    for start in range(0, len(person_ids), CHUNK):
        chunk = person_ids[start : start + CHUNK]
        # Locked before the facts are read: whoever changes them meanwhile derives after us.
        db.session.execute(
            sa.select(Person.id)
            .where(Person.id.in_(chunk))
            .order_by(Person.id)
            .with_for_update(key_share=True)
        )
        wanted = {(row["person_id"], row["document_no"]): row for row in _rows(_told(chunk))}
        _write(wanted, _existing(chunk))


def placed_again(building: Building) -> list[int]:
    """Look again for the building and rooms of whoever was told to live there, then or now.

    Returns the ids of these persons: what is due of them may have changed.
    """
    names = {folded(name) for name in (building.name_zh, building.name_en) if name}
    loose = sa.or_(Stay.building_id.is_(None), Stay.building_id == building.id)
    places = db.session.scalars(sa.select(Stay.place).where(loose).distinct())
    meant = [place for place in places if place and folded(place) in names]
    told = sa.select(Stay.person_id).where(
        sa.or_(Stay.building_id == building.id, Stay.place.in_(meant))
    )
    person_ids = sorted(set(db.session.scalars(told)))
    project(person_ids)
    return person_ids


def with_licences(documents: Mapping[int, Sequence[Document]]) -> dict[int, Sequence[Document]]:
    """Return documents as the rules read them: a building we keep says itself if it is a hotel."""
    lodgings = {
        each.data.get("building") for own in documents.values() for each in own if each.kind == KIND
    }  # fmt: skip
    found: dict[int, Sequence[Document]] = defaultdict(list, documents)
    if not any(lodgings):
        return found
    register = Register(_buildings())
    if register.buildings:
        for person_id, own in documents.items():
            found[person_id] = [_licensed(each, register) for each in own]
    return found


def _licensed(document: Document, register: Register) -> Document:
    building = register.building(document.data.get("building")) if document.kind == KIND else None
    if building is None:
        return document
    kind = "hotel" if building.hotel else "dwelling"
    return document._replace(data={**document.data, "building_kind": kind})


def _told(person_ids: Sequence[int]) -> list[Told]:
    """Return the documents of these persons, those of one together, the oldest first."""
    rows = db.session.execute(
        sa.select(
            FactVersion.person_id, FactVersion.document_no, FactVersion.data, FactVersion.valid_to,
            Person.status,
        )
        .join(Person, Person.id == FactVersion.person_id)
        .where(
            FactVersion.person_id.in_(person_ids), FactVersion.kind == KIND,
            FactVersion.withdrawn_at.is_(None),
        )
        .order_by(FactVersion.person_id, FactVersion.valid_from, FactVersion.document_no)
    )  # fmt: skip
    return [
        Told(person_id, number, data, valid_to, status == "departed")
        for person_id, number, data, valid_to, status in rows
    ]


def _rows(told: Sequence[Told]) -> Iterator[Row]:
    if not told:
        return
    register = _register(told)
    known: dict[int, Told] = {
        each.person_id: each for each in told if each.data.get("registered_on")
    }
    for each in told:
        ended = _day(each.data.get("moved_out_on")) or each.valid_to
        building = register.building(each.data.get("building"))
        building_id = building.id if building else None
        yield {
            "person_id": each.person_id, "document_no": each.document_no,
            "place": each.data.get("building"), "door": each.data.get("room"),
            "building_id": building_id,
            "room_id": register.rooms.get((building_id or 0, folded(each.data.get("room") or ""))),
            "moved_in_at": datetime.fromisoformat(each.data["moved_in_at"]),
            "ended_on": ended, "registered_on": _day(each.data.get("registered_on")),
            "lives": ended is None and not each.departed,
            "registered": known.get(each.person_id) is each,
        }  # fmt: skip


def _register(told: Sequence[Told]) -> Register:
    """Return all buildings, and the rooms that these documents name; two statements."""
    register = Register(_buildings())
    named = {
        (building.id, folded(each.data["room"]))
        for each in told
        if each.data.get("room") and (building := register.building(each.data.get("building")))
    }
    if not named:
        return register
    rows = db.session.execute(
        sa.select(Room.building_id, Room.key, Room.id).where(
            Room.building_id.in_({building_id for building_id, _ in named}),
            Room.key.in_({key for _, key in named}),
        )
    )
    return Register(register.buildings, {(row[0], row[1]): row[2] for row in rows})


def _buildings() -> dict[str, Known]:
    rows = db.session.execute(
        sa.select(Building.name_zh, Building.name_en, Building.id, Building.hotel)
    ).all()
    known = [(zh, en, Known(building_id, hotel)) for zh, en, building_id, hotel in rows]
    named = {folded(en): each for _, en, each in known if en}
    return named | {folded(zh): each for zh, _, each in known}


def _existing(person_ids: Sequence[int]) -> dict[tuple[int, int], Row]:
    rows = db.session.execute(sa.select(_STAY).where(_STAY.c.person_id.in_(person_ids)))
    return {(row.person_id, row.document_no): dict(row._mapping) for row in rows}


def _write(wanted: Mapping[tuple[int, int], Row], existing: Mapping[tuple[int, int], Row]) -> None:
    changed = [row for key, row in wanted.items() if key in existing and existing[key] != row]
    new = [row for key, row in wanted.items() if key not in existing]
    gone = [key for key in existing if key not in wanted]
    which = sa.and_(*(_STAY.c[name] == sa.bindparam(f"key_{name}") for name in _KEY))
    if changed:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in _REST}
        keyed = [row | {f"key_{name}": row[name] for name in _KEY} for row in changed]
        db.session.execute(sa.update(_STAY).where(which).values(values), keyed)
    if gone:
        keys = [{f"key_{name}": part for name, part in zip(_KEY, key, strict=True)} for key in gone]
        db.session.connection().execute(sa.delete(_STAY).where(which), keys)
    if new:
        db.session.execute(sa.insert(_STAY), new)
    if changed or gone:
        db.session.expire_all()


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
