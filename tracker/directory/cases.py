"""Lists of cases: the board's columns, one state in pages, and how many there are."""

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.cases.models import Case
from tracker.cases.states import STATES, WAITS_FOR
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations.models import Obligation
from tracker.obligations.queries import visible

#: What is over is shown at the end of the board for so long.
SHOWN_DONE = timedelta(days=30)
COLUMNS = (*(state for state in STATES if state in WAITS_FOR), "collected")
_NEXT = (
    sa.select(sa.func.min(Obligation.safe_on))
    .where(
        Obligation.person_id == Case.person_id, Obligation.state.in_(("open", "filed")),
        Obligation.fact_ref == sa.literal("case/") + sa.cast(Case.id, sa.String),
    )
    .correlate(Case)
    .scalar_subquery()
)  # fmt: skip
_DONE = sa.and_(Case.closed_at.is_not(None), Case.state.in_(("granted", "collected")))
#: In which column of the board a case stands.
_IN: sa.ColumnElement[str] = sa.case((_DONE, "collected"), else_=Case.state)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases. `waits`: unit, person, office or authority; `month`: of the next day.

    `closed`: those that are over; `open`: those that are not. Neither: as the board has them, what
    was done lately with those under way, in the column `state`.
    """

    unit_id: int | None = None
    procedure: str = ""
    waits: str = ""
    month: date | None = None
    state: str = ""
    closed: bool = False
    open: bool = False
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A case of a list. `next_on`: the latest day of its next step, as reminders have it."""

    case: Case
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """Cases in a state, and those of them whose next day has passed."""

    cases: int
    late: int


def counts(scope: Scope, wanted: Wanted, *, today: date, now: datetime) -> dict[str, Count]:
    """Return how many cases stand in each column of the board; one statement."""
    rows = (
        sa.select(_IN.label("column"), _NEXT.label("next_on"), Case.closed_at)
        .join(Case.person)
        .where(*_conditions(scope, wanted, now=now))
        .subquery()
    )
    late = sa.and_(rows.c.next_on < today, rows.c.closed_at.is_(None))
    found = db.session.execute(
        sa.select(
            rows.c.column, sa.func.count(), sa.func.sum(sa.case((late, 1), else_=0))
        ).group_by(rows.c.column)
    )
    return {column: Count(count, behind or 0) for column, count, behind in found}


def board(scope: Scope, wanted: Wanted, *, most: int, now: datetime) -> dict[str, list[Listed]]:
    """Return the first `most` cases of each column, the soonest day first; two statements."""
    place = sa.func.row_number().over(partition_by=_IN, order_by=_order())
    ranked = (
        sa.select(Case.id, _IN.label("column"), _NEXT.label("next_on"), place.label("place"))
        .join(Case.person)
        .where(*_conditions(scope, wanted, now=now))
        .subquery()
    )
    chosen = sa.select(ranked).where(ranked.c.place <= most)
    rows = db.session.execute(chosen.order_by(ranked.c.place)).all()
    cases = _read([row.id for row in rows])
    found: dict[str, list[Listed]] = defaultdict(list)
    for row in rows:
        found[row.column].append(Listed(cases[row.id], row.next_on))
    return found


def page(
    scope: Scope, wanted: Wanted, *, offset: int, most: int, now: datetime
) -> list[Listed]:  # fmt: skip
    """Return cases from `offset` on, the soonest day first, what is over by the day it ended."""
    rows = db.session.execute(
        sa.select(Case.id, _NEXT.label("next_on"))
        .join(Case.person)
        .where(*_conditions(scope, wanted, now=now))
        .order_by(*_order())
        .offset(offset)
        .limit(most)
    ).all()
    cases = _read([row.id for row in rows])
    return [Listed(cases[row.id], row.next_on) for row in rows]


def total(scope: Scope, wanted: Wanted, *, now: datetime) -> int:
    """Return how many cases page() would come to."""
    counted = sa.select(sa.func.count()).select_from(Case).join(Case.person)
    return db.session.scalar(counted.where(*_conditions(scope, wanted, now=now))) or 0


def of_person(person_id: int) -> list[Listed]:
    """Return every case of a person, open ones first, by their next day."""
    rows = db.session.execute(
        sa.select(Case, _NEXT.label("next_on"))
        .where(Case.person_id == person_id)
        .order_by(*_order())
    )
    return [Listed(case, next_on) for case, next_on in rows]


def procedures(scope: Scope) -> list[str]:
    """Return the procedures there are cases of."""
    found = sa.select(Case.procedure).join(Case.person).where(visible(scope)).distinct()
    return list(db.session.scalars(found.order_by(Case.procedure)))


def _read(case_ids: Sequence[int]) -> Mapping[int, Case]:
    whole = sa.orm.contains_eager(Case.person)
    found = (
        sa.select(Case).join(Case.person).outerjoin(Person.unit)
        .options(whole, whole.contains_eager(Person.unit)).where(Case.id.in_(case_ids))
    )  # fmt: skip
    return {case.id: case for case in db.session.scalars(found)}


def _order() -> tuple[Any, ...]:
    over = Case.closed_at.is_not(None)
    return (over, Case.closed_at.desc(), _NEXT.is_(None), _NEXT, Case.id)


def _conditions(scope: Scope, wanted: Wanted, *, now: datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [visible(scope)]
    exact = wanted.open or wanted.closed
    if wanted.state:
        found.append((Case.state if exact else _IN).in_([wanted.state]))
    if exact:
        found.append(Case.closed_at.is_(None) if wanted.open else Case.closed_at.is_not(None))
    else:
        recent = sa.and_(_DONE, Case.closed_at >= now - SHOWN_DONE)
        found.append(sa.or_(Case.closed_at.is_(None), recent))
    if wanted.unit_id is not None:
        found.append(Person.unit_id == wanted.unit_id)
    if wanted.person_id is not None:
        found.append(Case.person_id == wanted.person_id)
    if wanted.procedure:
        found.append(Case.procedure == wanted.procedure)
    if wanted.waits:
        waiting = [state for state, who in WAITS_FOR.items() if who == wanted.waits]
        found += [Case.state.in_(waiting), Case.closed_at.is_(None)]
    if wanted.month is not None:
        last = calendar.monthrange(wanted.month.year, wanted.month.month)[1]
        found.append(_NEXT.between(wanted.month.replace(day=1), wanted.month.replace(day=last)))
    return found
