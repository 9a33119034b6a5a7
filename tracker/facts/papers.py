"""Keep in `person` what follows from papers: the building, when the first ends, who has died."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.facts.models import FactVersion, Person
from tracker.facts.projection import FOR_NOW, LASTING

_PERSON: Any = Person.__table__


def project(person_ids: Sequence[int]) -> None:
    """Repeat what is in force of these persons; what does not change is not written. Flushes."""
    rows = db.session.execute(
        sa.select(
            Person.id, Person.building, Person.expires_on, _lives_in().label("lives_in"),
            _first_end().label("first_end"), _still_written_to().label("dead"),
        ).where(Person.id.in_(person_ids))
    ).all()  # fmt: skip
    changed = []
    for row in rows:
        first_end = date.fromisoformat(row.first_end) if row.first_end else None
        if (row.building, row.expires_on) != (row.lives_in, first_end):
            changed.append({"key": row.id, "building": row.lives_in, "expires_on": first_end})
    if dead := [row.id for row in rows if row.dead]:
        # Whatever looks for where to write finds nothing: no letter goes to the dead.
        db.session.execute(sa.update(_PERSON).where(_PERSON.c.id.in_(dead)).values(email=None))
        db.session.expire_all()
    if changed:
        db.session.execute(
            sa.update(_PERSON)
            .where(_PERSON.c.id == sa.bindparam("key"))
            .values(building=sa.bindparam("building"), expires_on=sa.bindparam("expires_on")),
            changed,
        )
        db.session.expire_all()


def _in_force(version: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        version.person_id == Person.id, version.withdrawn_at.is_(None), version.valid_to.is_(None)
    )


def _still_written_to() -> sa.ColumnElement[bool]:
    """Say whether somebody has died and still has an address."""
    died = sa.exists().where(_in_force(FactVersion), FactVersion.kind == "death")
    return sa.and_(Person.email.is_not(None), died.correlate(Person))


def _lives_in() -> sa.ScalarSelect[Any]:
    lives_there = FactVersion.data["moved_out_on"].as_string().is_(None)
    return (
        sa.select(sa.case((lives_there, FactVersion.data["building"].as_string())))
        .where(_in_force(FactVersion), FactVersion.kind == "accommodation")
        .order_by(FactVersion.document_no.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )


def _first_end() -> sa.ScalarSelect[Any]:
    permit = aliased(FactVersion)
    resident = sa.exists().where(_in_force(permit), permit.kind == "residence_permit")
    counted = sa.or_(
        FactVersion.kind.in_(LASTING),
        sa.and_(FactVersion.kind.in_(FOR_NOW), ~resident.correlate(Person)),
    )
    return (
        sa.select(sa.func.min(FactVersion.data["expires_on"].as_string()))
        .where(_in_force(FactVersion), counted)
        .correlate(Person)
        .scalar_subquery()
    )
