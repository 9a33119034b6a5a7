"""Read facts: those in force, those of a past date, all versions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.facts import kinds
from tracker.facts.documents import Document
from tracker.facts.models import FactVersion, Person, Unit


def person(person_id: int) -> Person:
    """Return the person; NotFound if there is none."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def how_many() -> int:
    """Return how many persons are on record."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def called(name_zh: str, name_en: str) -> list[Person]:
    """Return a few persons of exactly one of these names, in any case of its letters."""
    same = [
        sa.func.lower(column) == name.lower()
        for column, name in ((Person.name_zh, name_zh), (Person.name_en, name_en))
        if name
    ]
    found = sa.select(Person).where(sa.or_(sa.false(), *same)).order_by(Person.id).limit(5)
    return list(db.session.scalars(found))


def person_for_change(person_id: int) -> Person:
    """Return the person as they are now, kept from other editors until the transaction ends.

    NotFound if there is none. SQLite lets one transaction write at a time anyway.
    """
    found = db.session.get(
        Person, person_id, populate_existing=True, with_for_update={"of": Person}
    )
    if found is None:
        raise NotFound("There is no such person.")
    return found


def version(fact_id: int) -> FactVersion | None:
    """Return one version of a fact, or None."""
    return db.session.get(FactVersion, fact_id)


def unit_named(name: str) -> Unit | None:
    """Return the unit with this name in either language."""
    by_name = sa.or_(Unit.name_zh == name, Unit.name_en == name)
    return db.session.scalar(sa.select(Unit).where(by_name).order_by(Unit.id).limit(1))


def unit_names() -> list[str]:
    """Return the Chinese names of all units, in the order they were first named."""
    return list(db.session.scalars(sa.select(Unit.name_zh).order_by(Unit.id)))


def in_force(person_id: int, on: date | None = None) -> list[FactVersion]:
    """Return the versions in force now, or as at the day `on`, by kind and document."""
    return in_force_of([person_id], on)[person_id]


def in_force_of(person_ids: Sequence[int], on: date | None = None) -> dict[int, list[FactVersion]]:
    """Return the versions in force of many persons at once, keyed by person."""
    wanted = (
        sa.select(FactVersion)
        .where(FactVersion.person_id.in_(person_ids), FactVersion.withdrawn_at.is_(None))
        .order_by(FactVersion.person_id, FactVersion.kind, FactVersion.document_no)
    )
    ending = FactVersion.valid_to
    if on is None:
        wanted = wanted.where(ending.is_(None))
    else:
        wanted = wanted.where(FactVersion.valid_from <= on, sa.or_(ending.is_(None), ending > on))
    found: dict[int, list[FactVersion]] = defaultdict(list)
    for version in db.session.scalars(wanted):
        found[version.person_id].append(version)
    return found


def documents_of(person_ids: Sequence[int]) -> dict[int, list[Document]]:
    """Return the documents and events in force of many persons, lighter than their versions."""
    return _light(person_ids, FactVersion.kind != "profile", FactVersion.valid_to.is_(None))


def former_of(person_ids: Sequence[int], kinds_: Sequence[str]) -> dict[int, list[Document]]:
    """Return the documents of these kinds that newer ones took the place of."""
    return _light(person_ids, FactVersion.kind.in_(kinds_), FactVersion.valid_to.is_not(None))


def _light(person_ids: Sequence[int], *wanted: sa.ColumnElement[bool]) -> dict[int, list[Document]]:
    rows = db.session.execute(
        sa.select(
            FactVersion.person_id, FactVersion.kind, FactVersion.document_no, FactVersion.number,
            FactVersion.data, FactVersion.recorded_at, FactVersion.batch_id,
        )
        .where(
            FactVersion.person_id.in_(person_ids), FactVersion.withdrawn_at.is_(None), *wanted
        )
        .order_by(FactVersion.person_id, FactVersion.kind, FactVersion.document_no)
    )  # fmt: skip
    found: dict[int, list[Document]] = defaultdict(list)
    for person_id, kind, number, printed, data, recorded_at, batch_id in rows:
        found[person_id].append(
            Document(
                f"{kind}/{number}", kind, kinds.unpack(kind, printed, data),
                recorded_at, campus_day(recorded_at) if batch_id is not None else None,
            )
        )  # fmt: skip
    return found


def history(person_id: int) -> list[FactVersion]:
    """Return every version ever recorded of a person, newest document first within its kind."""
    return list(
        db.session.scalars(
            sa.select(FactVersion)
            .where(FactVersion.person_id == person_id)
            .order_by(FactVersion.kind, FactVersion.document_no.desc(), FactVersion.version.desc())
        )
    )


class Held(NamedTuple):
    """A version in force, lighter than its row."""

    id: int
    person_id: int
    kind: str
    document_no: int
    number: str | None
    data: dict[str, Any]
    valid_from: date


def held_by(person_ids: Sequence[int]) -> Iterator[Held]:
    """Yield every version now in force of many persons, the newest document of a kind last."""
    columns: Any = [getattr(FactVersion, name) for name in Held._fields]
    rows = db.session.execute(
        sa.select(*columns)
        .where(
            FactVersion.person_id.in_(person_ids), FactVersion.withdrawn_at.is_(None),
            FactVersion.valid_to.is_(None),
        )
        .order_by(FactVersion.person_id, FactVersion.kind, FactVersion.document_no)
    )  # fmt: skip
    return map(Held._make, rows)


def last_versions(person_ids: Sequence[int]) -> dict[tuple[int, str, int], int]:
    """Return the highest version ever given, by person, kind and place of the document."""
    key: Any = (FactVersion.person_id, FactVersion.kind, FactVersion.document_no)
    rows = db.session.execute(
        sa.select(*key, sa.func.max(FactVersion.version))
        .where(FactVersion.person_id.in_(person_ids))
        .group_by(*key)
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def numbered(kind: str, numbers: Sequence[str]) -> dict[str, set[int]]:
    """Return who has, or had, a document with one of these numbers: person ids by number.

    A number told wrongly counts no more; one of an import that was undone does, as long as
    nothing else is known of the person.
    """
    profile = sa.orm.aliased(FactVersion)
    nothing_in_force = ~sa.exists().where(
        profile.person_id == FactVersion.person_id, profile.kind == "profile",
        profile.withdrawn_at.is_(None),
    )  # fmt: skip
    rows = db.session.execute(
        sa.select(FactVersion.number, FactVersion.person_id).where(
            FactVersion.kind == kind, FactVersion.number.in_(numbers),
            sa.or_(FactVersion.withdrawn_at.is_(None), nothing_in_force),
        )
    )  # fmt: skip
    found: dict[str, set[int]] = defaultdict(set)
    for number, person_id in rows:
        found[number or ""].add(person_id)
    return found


def numbers_of(
    person_ids: Sequence[int], kinds_wanted: Sequence[str]
) -> list[tuple[int, str, str]]:
    """Return every number ever told rightly of these persons: (person id, kind, number)."""
    rows = db.session.execute(
        sa.select(FactVersion.person_id, FactVersion.kind, FactVersion.number).where(
            FactVersion.person_id.in_(person_ids), FactVersion.kind.in_(kinds_wanted),
            FactVersion.withdrawn_at.is_(None), FactVersion.number.is_not(None),
        )
    )  # fmt: skip
    return [(person_id, kind, number) for person_id, kind, number in rows if number]
