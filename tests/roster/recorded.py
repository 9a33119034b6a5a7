"""Import in tests, and look at what is on record then."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts import kinds, queries
from tracker.facts.models import Person
from tracker.roster import service
from tracker.roster.service import Report

NOW = datetime(2026, 9, 10, 1, tzinfo=UTC)
_clock = [NOW]


def take_in(file: Path, *, today: date = date(2026, 9, 10), **more: Any) -> Report:
    """Import a file, each time a minute later."""
    _clock[0] += timedelta(minutes=1)
    return service.apply(file, filename=file.name, by="test", today=today, now=_clock[0], **more)


def everything() -> dict[str, list[str]]:
    """Return every row of every table."""
    found = {
        table.name: sorted(map(repr, db.session.execute(sa.select(table)).all()))
        for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    return found


def facts_told() -> list[list[tuple[str, dict[str, Any]]]]:
    """Return kind and fields of what is in force, person by person, by name."""
    people = db.session.execute(sa.select(Person.id, Person.name_en).order_by(Person.name_en))
    found = []
    for person_id, _name in people.all():
        held = queries.held_by([person_id])
        found.append(
            [(each.kind, kinds.unpack(each.kind, each.number, each.data)) for each in held]
        )
    db.session.rollback()
    return found
