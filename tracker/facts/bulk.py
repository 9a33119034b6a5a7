"""Write facts of many persons at once, as an import needs it. Flushes; the caller commits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.inserting import insert_rows, next_ids
from tracker.core.stored import instant_value
from tracker.facts import names, newcomers, projection
from tracker.facts.models import FactVersion, Person, Unit
from tracker.facts.newcomers import Record

_FACT: Any = FactVersion.__table__
_PERSON: Any = Person.__table__


@dataclass(frozen=True, slots=True)
class Origin:
    """Who told, when, and in which import."""

    by: str
    at: datetime
    batch_id: int


class New(NamedTuple):
    """A version to insert; `person_id`, its place among the documents of its kind, typed data."""

    person_id: int
    kind: str
    document_no: int
    version: int
    data: Mapping[str, Any]
    valid_from: date


def units_named(wanted: Iterable[str]) -> dict[str, int]:
    """Return unit ids by name, made where there is none."""
    wanted = set(wanted)
    found = _units(wanted)
    if new := sorted(wanted - set(found)):
        db.session.execute(sa.insert(Unit), [{"name_zh": name} for name in new])
        found |= _units(new)
    return found


def _units(wanted: Collection[str]) -> dict[str, int]:
    rows = db.session.execute(
        sa.select(Unit.id, Unit.name_zh, Unit.name_en).where(
            sa.or_(Unit.name_zh.in_(wanted), Unit.name_en.in_(wanted))
        )
    ).all()
    return {name: row.id for row in rows for name in (row.name_en, row.name_zh) if name}


def next_people(count: int) -> Sequence[int]:
    """Return ids for so many persons about to be inserted."""
    return next_ids("person", count) if count else ()


def insert_people(ids: Sequence[int], records: Sequence[Record], origin: Origin) -> None:
    """Insert people of whom nothing was on record, and what they told; ids of next_people()."""
    units = units_named(record.unit for record in records if record.unit)
    created_at = instant_value(origin.at)
    insert_rows(
        "person",
        ("id", "unit_id", "revision", "created_at", *newcomers.PERSON),
        [(person_id, units.get(record.unit or ""), 1, created_at, *record.person)
         for person_id, record in zip(ids, records, strict=True)],
    )  # fmt: skip
    names.insert(
        [(token, person_id)
         for person_id, record in zip(ids, records, strict=True) for token in record.tokens]
    )  # fmt: skip
    _insert_versions(
        [(person_id, *version)
         for person_id, record in zip(ids, records, strict=True) for version in record.versions],
        origin,
    )  # fmt: skip


def insert_versions(versions: Iterable[New], origin: Origin) -> None:
    """Insert versions of facts."""
    _insert_versions(
        [(new.person_id, *newcomers.version_row(*new[1:])) for new in versions], origin
    )


def _insert_versions(rows: Sequence[tuple[Any, ...]], origin: Origin) -> None:
    told = (instant_value(origin.at), origin.by, origin.batch_id)
    insert_rows(
        "fact",
        ("person_id", *newcomers.VERSION, "recorded_at", "recorded_by", "batch_id"),
        [(*row, *told) for row in rows],
    )


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
        {"key": person_id, "unit_id": units.get(profile.get("unit") or ""),
         **projection.of_profile(profile)}
        for person_id, profile in profiles
    ]  # fmt: skip
    values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "key"}
    db.session.execute(
        sa.update(_PERSON).where(_PERSON.c.id == sa.bindparam("key")).values(values), rows
    )
    names.replace(
        [names.Named(person_id, profile.get("name_zh"), profile.get("name_en"))
         for person_id, profile in profiles]
    )  # fmt: skip


def count_change(person_ids: Sequence[int]) -> None:
    """Let two editors notice that facts of these persons changed."""
    db.session.execute(
        sa.update(_PERSON)
        .where(_PERSON.c.id.in_(person_ids))
        .values(revision=_PERSON.c.revision + 1)
    )
