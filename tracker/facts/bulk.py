"""Write facts of many persons at once, as an import needs it. Flushes; the caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.inserting import day_value, insert_rows, instant_value, json_value, next_ids
from tracker.facts import kinds, names, papers
from tracker.facts.models import FactVersion, Person, Unit
from tracker.facts.queries import Document
from tracker.facts.service import projection

_FACT: Any = FactVersion.__table__
_PERSON: Any = Person.__table__


@dataclass(frozen=True, slots=True)
class Origin:
    """Who told, when, and in which import."""

    by: str
    at: datetime
    batch_id: int


class Newcomer(NamedTuple):
    """A person told of for the first time: the profile, and everything else as documents."""

    id: int
    unit_id: int | None
    profile: Mapping[str, Any]
    documents: Sequence[Document]


class New(NamedTuple):
    """A version to insert; `person_id`, its place among the documents of its kind, typed data."""

    person_id: int
    kind: str
    document_no: int
    version: int
    data: Mapping[str, Any]
    valid_from: date


def units_named(wanted: Sequence[str]) -> dict[str, int]:
    """Return unit ids by name, made where there is none."""
    found = _units(wanted)
    new = sorted(set(wanted) - set(found))
    if new:
        db.session.execute(sa.insert(Unit), [{"name_zh": name} for name in new])
        found |= _units(new)
    return found


def _units(wanted: Sequence[str]) -> dict[str, int]:
    rows = db.session.execute(
        sa.select(Unit.id, Unit.name_zh, Unit.name_en).where(
            sa.or_(Unit.name_zh.in_(wanted), Unit.name_en.in_(wanted))
        )
    ).all()
    return {name: row.id for row in rows for name in (row.name_en, row.name_zh) if name}


def next_people(count: int) -> Sequence[int]:
    """Return ids for so many persons about to be inserted."""
    return next_ids("person", count) if count else ()


def insert_people(newcomers: Sequence[Newcomer], origin: Origin) -> None:
    """Insert persons of whom nothing was on record, with all that repeats their facts."""
    created_at = instant_value(origin.at)
    rows = []
    columns: Sequence[str] = ()
    for person_id, unit_id, profile, documents in newcomers:
        values = projection(profile, unit_id=unit_id) | {
            "born_on": day_value(profile.get("born_on")),
            "expires_on": day_value(papers.first_end(documents)),
        }
        columns = list(values)
        rows.append((person_id, 1, created_at, *values.values()))
    insert_rows("person", ["id", "revision", "created_at", *columns], rows)
    names.add([_named(each.id, each.profile) for each in newcomers])


def _named(person_id: int, profile: Mapping[str, Any]) -> names.Named:
    return names.Named(person_id, profile.get("name_zh"), profile.get("name_en"))


def insert_versions(versions: Iterable[New], origin: Origin) -> None:
    """Insert versions of facts."""
    columns = ("person_id", "kind", "document_no", "version", "number", "data", "valid_from",
               "recorded_at", "recorded_by", "batch_id")  # fmt: skip
    told = (instant_value(origin.at), origin.by, origin.batch_id)
    rows = []
    for new in versions:
        number, stored = kinds.pack(new.data)
        rows.append((*new[:4], number, json_value(stored), day_value(new.valid_from), *told))
    insert_rows("fact", columns, rows)


def end_versions(ends: Sequence[tuple[int, date]]) -> None:
    """Let versions end on the day their successor begins: (id, day) each."""
    _each(sa.update(_FACT).where(_FACT.c.id == sa.bindparam("key")), "valid_to", ends)


def withdraw_versions(ids: Sequence[int], at: datetime) -> None:
    """Withdraw versions that a correction replaces."""
    _each(
        sa.update(_FACT).where(_FACT.c.id == sa.bindparam("key")),
        "withdrawn_at", [(id_, at) for id_ in ids],
    )  # fmt: skip


def _each(update: Any, column: str, pairs: Sequence[tuple[int, Any]]) -> None:
    if pairs:
        db.session.execute(
            update.values({column: sa.bindparam("value")}),
            [{"key": key, "value": value} for key, value in pairs],
        )


def project_people(
    profiles: Sequence[tuple[int, Mapping[str, Any]]], units: Mapping[str, int]
) -> None:
    """Repeat changed profiles in `person`: (person id, profile) each."""
    if not profiles:
        return
    rows = [
        {"key": person_id, **projection(profile, unit_id=units.get(profile.get("unit") or ""))}
        for person_id, profile in profiles
    ]
    values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "key"}
    db.session.execute(
        sa.update(_PERSON).where(_PERSON.c.id == sa.bindparam("key")).values(values), rows
    )
    names.replace([_named(*pair) for pair in profiles])


def count_change(person_ids: Sequence[int]) -> None:
    """Let two editors notice that facts of these persons changed."""
    db.session.execute(
        sa.update(_PERSON)
        .where(_PERSON.c.id.in_(person_ids))
        .values(revision=_PERSON.c.revision + 1)
    )
