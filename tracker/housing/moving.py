"""Move people in, out and about: each move is an accommodation document. Flushes only."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.facts import kinds, queries, service
from tracker.facts.models import FactVersion, Person
from tracker.housing.models import Building, Room, Stay


def move_in(
    person: Person, building: Building, room: Room | None, *, moved_in_at: datetime,
    registered_on: date | None = None, by: str, at: datetime,
) -> FactVersion:  # fmt: skip
    """Record that a person lives in a room of ours from now on; the stay before ends."""
    fields: dict[str, Any] = {
        "moved_in_at": moved_in_at, "building": building.name_zh, "address": building.address,
        "room": room.number if room else None, "registered_on": registered_on,
        "building_kind": "hotel" if building.hotel else "dwelling",
    }  # fmt: skip
    return service.record(person, "accommodation", fields, by=by, at=at)


def move_out(person: Person, *, on: date, by: str, at: datetime) -> FactVersion:
    """Record on which day a person left where they lived."""
    current = lodging(person.id)
    if current is None:
        raise Conflict(_("No lodging is on record that could be left."))
    data = kinds.unpack(current.kind, current.number, current.data)
    return service.correct(current, data | {"moved_out_on": on}, by=by, at=at)


def renumber(room: Room, number: str, *, by: str, at: datetime) -> list[int]:
    """Tell the documents of those who live in a room its new number; return whose."""
    living = sa.select(Stay.person_id).where(Stay.room_id == room.id, Stay.lives)
    moved = list(db.session.scalars(living.order_by(Stay.person_id)))
    for person_id in moved:
        current = lodging(person_id)
        if current is not None:
            data = kinds.unpack(current.kind, current.number, current.data)
            service.correct(current, data | {"room": number}, by=by, at=at)
    return moved


def lodging(person_id: int) -> FactVersion | None:
    """Return the accommodation in force of a person, if they did not move out of it."""
    held = [each for each in queries.in_force(person_id) if each.kind == "accommodation"]
    return held[-1] if held and not held[-1].data.get("moved_out_on") else None


def household(person: Person) -> list[Person]:
    """Return who is tied to a person by family, on either side; nobody who departed."""
    sponsor = FactVersion.data["sponsor"].as_string()
    in_force = sa.and_(
        FactVersion.kind == "family_tie", FactVersion.withdrawn_at.is_(None),
        FactVersion.valid_to.is_(None),
    )  # fmt: skip
    own = [
        int(number)
        for number in db.session.scalars(
            sa.select(sponsor).where(in_force, FactVersion.person_id == person.id)
        )
        if number and number.isascii() and number.isdecimal()
    ]
    heads = [person.id, *own]
    tied = sa.select(FactVersion.person_id).where(in_force, sponsor.in_(map(str, heads)))
    ids: Sequence[int] = [*own, *db.session.scalars(tied)]
    return list(
        db.session.scalars(
            sa.select(Person)
            .where(Person.id.in_(ids), Person.id != person.id, Person.status != "departed")
            .order_by(Person.id)
        )
    )
