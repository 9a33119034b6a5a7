"""Keep the soonest open safe day of each person, by which lists are sorted. Flushes only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.inserting import insert_rows
from tracker.facts.models import Person
from tracker.obligations.models import NextDeadline, Obligation

_TABLE: Any = NextDeadline.__table__


def keep(person_ids: Sequence[int], rule_ids: Sequence[str]) -> None:
    """Bring these persons' rows in step; `rule_ids` are the rules that set a deadline.

    What does not change is not written.
    """
    due = _pairs(
        sa.select(Person.id, sa.func.min(Obligation.safe_on))
        .join(Obligation, Obligation.person_id == Person.id)
        .where(
            Person.id.in_(person_ids), sa.text("obligation.state = 'open'"),
            Obligation.rule_id.in_(rule_ids),
        )
        .group_by(Person.id)
    )  # fmt: skip
    kept = _pairs(
        sa.select(_TABLE.c.person_id, _TABLE.c.safe_on).where(_TABLE.c.person_id.in_(person_ids))
    )
    stale = [person_id for person_id, day in kept.items() if due.get(person_id) != day]
    if stale:
        db.session.execute(sa.delete(_TABLE).where(_TABLE.c.person_id.in_(stale)))
    new = [
        {"person_id": person_id, "safe_on": day}
        for person_id, day in due.items()
        if kept.get(person_id) != day
    ]
    if new:
        db.session.execute(sa.insert(_TABLE), new)


def insert(days: Mapping[int, str]) -> None:
    """Insert the rows of persons who are new: the day by id, as rows keep it."""
    insert_rows("next_deadline", ("person_id", "safe_on"), list(days.items()))


def _pairs(selected: sa.Select[int, date]) -> dict[int, date]:
    return {person_id: day for person_id, day in db.session.execute(selected)}  # noqa: C416 - rows are not pairs to mypy
