"""Read obligations: the board by safe filing day, and those of one person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.cases.scope import visible as visible
from tracker.core.db import db
from tracker.facts.models import Person, Unit
from tracker.obligations.models import Obligation

_OPEN = sa.text("obligation.state = 'open'")
_COLUMNS: tuple[Any, ...] = (
    Obligation.id, Obligation.rule_id, Obligation.fact_ref, Obligation.safe_on,
    Obligation.statutory_on, Obligation.due_at, Obligation.provisional,
    Person.id.label("person_id"), Person.name_zh,
    Person.name_en, Unit.name_zh.label("unit_zh"), Unit.name_en.label("unit_en"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the board: the safe days from `first` to `last`, both included."""

    name: str
    first: date
    last: date


def spans(today: date) -> tuple[Span, ...]:
    """Return the board's parts; weeks run from Monday to Sunday."""
    sunday = today + timedelta(days=6 - today.weekday())
    month = today + timedelta(days=30)
    return (
        Span("overdue", date.min, today - timedelta(days=1)),
        Span("this_week", today, sunday),
        Span("next_week", sunday + timedelta(days=1), sunday + timedelta(days=7)),
        Span("next_30_days", sunday + timedelta(days=8), month),
        Span("later", month + timedelta(days=1), date.max),
    )


def counts(scope: Scope, rule_ids: Sequence[str], *, today: date) -> dict[str, int]:
    """Return how many obligations are open in each part of the board."""
    sums = [
        sa.func.sum(sa.case((within(span), 1), else_=0)).label(span.name) for span in spans(today)
    ]
    row = db.session.execute(_of(scope, rule_ids, sa.select(*sums))).one()
    return {name: count or 0 for name, count in row._mapping.items()}


def board(
    scope: Scope, rule_ids: Sequence[str], *, today: date, most: int
) -> dict[str, list[sa.Row[Any]]]:
    """Return the first `most` rows of each part but "later", soonest first; one statement."""
    parts = spans(today)[:-1]
    part = sa.case(*((within(span), span.name) for span in parts))
    place = sa.func.row_number().over(
        partition_by=part, order_by=(Obligation.safe_on, Person.id, Obligation.id)
    )
    near = Obligation.safe_on <= parts[-1].last
    selected = _of(
        scope, rule_ids,
        sa.select(*_COLUMNS, part.label("part"), place.label("place")),
    ).where(near)  # fmt: skip
    ranked = selected.subquery()
    rows = db.session.execute(
        sa.select(ranked)
        .where(ranked.c.place <= most)
        .order_by(ranked.c.safe_on, ranked.c.person_id, ranked.c.id)
    )
    found: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.part].append(row)
    return found


def part(
    scope: Scope, rule_ids: Sequence[str], span: Span, *, offset: int, most: int
) -> list[sa.Row[Any]]:
    """Return a page of one part of the board, soonest first."""
    selected = _of(
        scope, rule_ids,
        sa.select(*_COLUMNS),
    )  # fmt: skip
    ordered = selected.where(within(span)).order_by(Obligation.safe_on, Person.id, Obligation.id)
    return list(db.session.execute(ordered.offset(offset).limit(most)))


def of_person(person_id: int) -> list[Obligation]:
    """Return every obligation of a person, soonest first."""
    return list(
        db.session.scalars(
            sa.select(Obligation)
            .where(Obligation.person_id == person_id)
            .order_by(Obligation.safe_on, Obligation.id)
        )
    )


def next_days(person_ids: Sequence[int], rule_ids: Sequence[str]) -> dict[int, date]:
    """Return the soonest safe day still open of each of these persons that has one."""
    rows = db.session.execute(
        sa.select(Person.id, sa.func.min(Obligation.safe_on))
        .join(Obligation, Obligation.person_id == Person.id)
        .where(_OPEN, Person.id.in_(person_ids), Obligation.rule_id.in_(rule_ids))
        .group_by(Person.id)
    )
    return {person_id: day for person_id, day in rows}  # noqa: C416 - rows are not pairs to mypy


def _of(scope: Scope, rule_ids: Sequence[str], select: sa.Select[Any]) -> sa.Select[Any]:
    return (
        select.select_from(Obligation)
        .join(Person, Person.id == Obligation.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(_OPEN, Obligation.rule_id.in_(rule_ids), visible(scope))
    )


def within(span: Span) -> sa.ColumnElement[bool]:
    """Return the condition that a safe day lies in a part of the board."""
    if span.first == date.min:
        return Obligation.safe_on <= span.last
    if span.last == date.max:
        return Obligation.safe_on >= span.first
    return Obligation.safe_on.between(span.first, span.last)
