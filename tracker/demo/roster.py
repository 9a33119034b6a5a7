"""The spreadsheet an office would have of the invented staff, and what it could not hold."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.core.db import db
from tracker.core.errors import TrackerError
from tracker.demo.lives import Told
from tracker.demo.people import Invented
from tracker.facts import queries
from tracker.facts import service as facts
from tracker.roster import export, service

NAME = "roster.xlsx"
BY = "demo"
_HELD = frozenset(kind for (kind, _field), _zh, _en in export.COLUMNS)


def take_in(people: Sequence[Invented], folder: Path, *, today: date, now: datetime) -> None:
    """Write the people's roster into `folder`, import it as an office does, record the rest.

    Commits. Raises TrackerError when a cell is not taken.
    """
    parted = [_part(invented) for invented in people]
    file = folder / NAME
    export.write_people(file, [sheet for sheet, _ in parted])
    report = service.apply(file, filename=file.name, by=BY, today=today, now=now)
    if report.rejected:
        raise TrackerError(f"the demonstration's roster was not taken in: {report.rejected[0]}")
    for invented, (_, rest) in zip(people, parted, strict=True):
        _record(invented.profile["employee_no"], rest, now)
    db.session.commit()


def _part(invented: Invented) -> tuple[dict[str, dict[str, Any]], list[Told]]:
    """Return what a row holds: the first document of each kind it has columns for; and the rest."""
    sheet, rest = {"profile": invented.profile}, []
    for kind, fields in invented.facts:
        if kind in _HELD and kind not in sheet:
            sheet[kind] = fields
        else:
            rest.append((kind, fields))
    return sheet, rest


def _record(employee_no: str, told: Sequence[Told], now: datetime) -> None:
    if told:
        (person_id,) = queries.numbered("profile", [employee_no])[employee_no]
        person = queries.person(person_id)
        for kind, fields in told:
            facts.record(person, kind, fields, by=BY, at=now)
