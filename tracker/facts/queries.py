"""Read facts: those in force, those of a past date, all versions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.facts import kinds
from tracker.facts.models import FactVersion, Person, Unit


def person(person_id: int) -> Person:
    """Return the person; NotFound if there is none."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def unit_named(name: str) -> Unit | None:
    """Return the unit with this name in either language."""
    by_name = sa.or_(Unit.name_zh == name, Unit.name_en == name)
    return db.session.scalar(sa.select(Unit).where(by_name).order_by(Unit.id).limit(1))


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


@dataclass(frozen=True, slots=True)
class Document:
    """What obligations are derived from: a version in force, its fields typed."""

    ref: str
    kind: str
    data: dict[str, Any]
    recorded_at: datetime
    imported: bool


def documents_of(person_ids: Sequence[int]) -> dict[int, list[Document]]:
    """Return the documents and events in force of many persons, lighter than their versions."""
    rows = db.session.execute(
        sa.select(
            FactVersion.person_id, FactVersion.kind, FactVersion.document_no, FactVersion.number,
            FactVersion.data, FactVersion.recorded_at, FactVersion.batch_id,
        )
        .where(
            FactVersion.person_id.in_(person_ids), FactVersion.kind != "profile",
            FactVersion.withdrawn_at.is_(None), FactVersion.valid_to.is_(None),
        )
        .order_by(FactVersion.person_id, FactVersion.kind, FactVersion.document_no)
    )  # fmt: skip
    found: dict[int, list[Document]] = defaultdict(list)
    for person_id, kind, number, printed, data, recorded_at, batch_id in rows:
        found[person_id].append(
            Document(
                f"{kind}/{number}", kind, kinds.unpack(kind, printed, data), recorded_at,
                batch_id is not None,
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
