"""How long the records of those who left are kept: a register whose days become obligations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from config import settings
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.facts import kinds
from tracker.facts.models import FactVersion, Person
from tracker.rules import register
from tracker.rules.book import RuleBook

RULE, REF = "KEEP-END", "record"


@dataclass(frozen=True, slots=True)
class Period:
    """For how many days records are kept, and the law that says so."""

    days: int
    law: str
    law_en: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The record of somebody who left: since when, until when it is kept, and why longer."""

    person_id: int
    left_on: date
    until: date
    why: str = ""


def rows(person_ids: Sequence[int], book: RuleBook, *, today: date) -> register.Rows:
    """Return what is to be deleted by today of these persons, as obligations."""
    return {
        (each.person_id, RULE, REF): register.due(RULE, each.until, book)
        for each in kept(Person.id.in_(person_ids))
        if each.until <= today
    }


def changed(today: date) -> list[int]:
    """Return whose record has been kept long enough by today."""
    return [each.person_id for each in kept() if each.until <= today]


def kept(*which: sa.ColumnElement[bool]) -> Iterator[Kept]:
    """Yield the records of those who left, in no order."""
    days = period().days
    facts: dict[int, dict[str, Mapping[str, Any]]] = {}
    for row in _rows(*which):
        data = kinds.unpack(row.kind, None, row.data)
        facts.setdefault(row.person_id, {})[row.kind] = {"since": row.valid_from, **data}
    for person_id, known in facts.items():
        profile = known.get("profile")
        if profile:
            left_on = profile.get("departed_on") or profile["since"]
            longer = known.get("retention", {})
            until = max(left_on + timedelta(days), longer.get("keep_until", date.min))
            yield Kept(person_id, left_on, until, str(longer.get("why", "")))


def _rows(*which: sa.ColumnElement[bool]) -> Sequence[Any]:
    wanted = (
        sa.select(
            FactVersion.person_id, FactVersion.kind, FactVersion.data, FactVersion.valid_from
        )
        .join(Person, Person.id == FactVersion.person_id)
        .where(
            Person.status == "departed", FactVersion.kind.in_(("profile", "retention")),
            FactVersion.withdrawn_at.is_(None), FactVersion.valid_to.is_(None), *which,
        )
    )  # fmt: skip
    return db.session.execute(wanted).all()


@cache
def period() -> Period:
    """Return how long this office keeps records (config/office.yaml)."""
    path = Path(settings.ROOT) / "config" / "office.yaml"
    return period_of(yaml.safe_load(path.read_text("utf-8")), name=path.name)


def period_of(office: Mapping[str, Any], *, name: str) -> Period:
    """Read the period; Invalid unless it is a whole number of days with its source."""
    told = office.get("retention") or {}
    days, source = told.get("days"), told.get("source") or {}
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        raise Invalid(f"{name}: give retention.days as a whole number above zero, such as 1095")
    if not (source.get("law") and source.get("law_en")):
        raise Invalid(f"{name}: give retention.source with law and law_en")
    return Period(days, str(source["law"]), str(source["law_en"]))
