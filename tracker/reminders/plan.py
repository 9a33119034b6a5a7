"""Plan reminders: one set-based INSERT per stage and audience, over what is due, not what exists.

An ordinary day reads only the index ranges that began since the last run; what was entered or
changed since is marked `fresh` and looked at apart from its range, so late facts are seen too.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.reminders.ladder import Ladder, Reach, Stage, Window, begun, between
from tracker.reminders.models import PlanningRun, Reminder

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_TABLE: Any = Reminder.__table__
_COLUMNS = ["obligation_id", "round", "recipient", "stage", "days_before", "planned_on", "state"]
# Written out, not bound: only then do both databases use the partial indexes.
_OPEN = sa.text("obligation.state = 'open'")
_FRESH = sa.text("obligation.fresh")


@dataclass(frozen=True, slots=True)
class Planned:
    """How many reminders a planning added."""

    planned: int = 0
    superseded: int = 0

    def __add__(self, other: "Planned") -> "Planned":
        return Planned(self.planned + other.planned, self.superseded + other.superseded)


def begin() -> None:
    """Begin a transaction that sees one state of everything, and let no other plan beside it.

    Without, what somebody enters while we plan could be marked as seen and never be told. SQLite
    has one writer anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        lock()


def lock() -> None:
    """Let no other process plan or compose until this transaction ends."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE planning_run IN EXCLUSIVE MODE"))


def last_run() -> PlanningRun | None:
    """Return the last finished planning."""
    return db.session.scalar(sa.select(PlanningRun).order_by(PlanningRun.id.desc()).limit(1))


def law_has_changed() -> bool:
    """Tell whether duties were planned by a law, a city's numbers or calendars since replaced."""
    run = last_run()
    return run is not None and run.book != book.fingerprint()


def plan(
    ladders: Sequence[Ladder], reach: Reach, *, only_fresh: bool = False,
    safe_within: tuple[date, date] | None = None,
) -> Planned:  # fmt: skip
    """Insert the reminders that begin by `reach`; those already there stay as they are.

    `only_fresh`: of what is new or changed only; `safe_within`: of what is due in these days.
    """
    run = None if only_fresh else last_run()
    edited = run is not None and run.ladders != fingerprint(ladders)
    last = Reach(run.planned_through, run.ran_for) if run else None
    total = Planned()
    for ladder in ladders:
        for select, window in selections(ladder, reach, last=last, edited=edited):
            if safe_within is not None:
                select = select.where(Obligation.safe_on.between(*safe_within))
            total += _insert(select, superseded=window.superseded)
    return total


def selections(
    ladder: Ladder, reach: Reach, *, last: Reach | None, edited: bool = False
) -> Iterator[tuple[sa.Select[Any], Window]]:
    """Yield a select of reminder rows for each stage, audience and way of becoming due."""
    earliest = _earliest_safe_day(ladder)
    if earliest is None:
        return
    windows = [(window, not edited) for window in begun(ladder, reach)]
    if last is not None and last < reach:
        windows += [(window, False) for window in between(ladder, last, reach)]
    for window, fresh in windows:
        for audience in window.stage.to if window.upto >= earliest else ():
            select = _select(ladder, window, audience, reach.today)
            if fresh:
                select = select.where(_FRESH)
            elif edited:
                select = select.where(~told_later(window.stage, audience, reach.today))
            yield select, window


def finish(ladders: Sequence[Ladder], reach: Reach, planned: Planned, *, now: datetime) -> None:
    """Record that everything begun by `reach` has its rows."""
    run = PlanningRun(
        planned_through=reach.ahead, ran_for=reach.today, ladders=fingerprint(ladders),
        book=book.fingerprint(), ran_at=now, planned=planned.planned, superseded=planned.superseded,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()


def fingerprint(ladders: Sequence[Ladder]) -> str:
    """Return what changes whenever a ladder does."""
    return hashlib.sha256(repr(ladders).encode()).hexdigest()


def _earliest_safe_day(ladder: Ladder) -> date | None:
    """Return the earliest open safe day: stages that all lie before it need no statement."""
    days = [
        db.session.scalar(
            sa.select(Obligation.safe_on)
            .where(_OPEN, Obligation.rule_id == rule)
            .order_by(Obligation.safe_on)
            .limit(1)
        )
        for rule in ladder.rules
    ]
    return min((day for day in days if day), default=None)


def _select(ladder: Ladder, window: Window, audience: str, today: date) -> sa.Select[Any]:
    select = _addressed(
        audience,
        sa.literal(window.stage.id),
        sa.literal(window.stage.days_before),
        sa.literal(today),
        sa.literal("superseded" if window.superseded else "planned"),
    ).where(
        _OPEN,
        Obligation.rule_id.in_(ladder.rules),
        Obligation.safe_on > window.after,
        Obligation.safe_on <= window.upto,
    )
    if window.opened:
        since, until = window.opened
        select = select.where(Obligation.opens_on > since, Obligation.opens_on <= until)
    return select


def told_later(stage: Stage, audience: str, today: date) -> sa.ColumnElement[bool]:
    """Has the reader a reminder of this stage or a later one already, in this round?

    One that is skipped beforehand tells nothing before its day.
    """
    return sa.exists().where(
        Reminder.obligation_id == Obligation.id,
        Reminder.round == Obligation.round,
        Reminder.recipient == _recipient(audience),
        Reminder.days_before <= stage.days_before,
        sa.or_(Reminder.state != "skipped", Reminder.planned_on <= today),
    )


def _recipient(audience: str) -> sa.ColumnElement[str]:
    if audience == "expert":
        return sa.literal("person:") + sa.cast(Obligation.person_id, sa.String)
    return sa.literal("account:") + sa.cast(Account.id, sa.String)


def _addressed(audience: str, *values: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Select reminder rows of obligations for everybody of an audience."""
    rows = sa.select(Obligation.id, Obligation.round, _recipient(audience), *values)
    if audience == "expert":
        return rows
    everyone = sa.and_(Account.role == audience, Account.active)
    if audience == "unit_secretary":
        rows = rows.join(Person, Person.id == Obligation.person_id)
        everyone &= Account.unit_id == Person.unit_id
    return rows.join(Account, everyone)


def _insert(select: sa.Select[Any], *, superseded: bool) -> Planned:
    insert: Any = _INSERT[db.engine.dialect.name](_TABLE)
    result: Any = db.session.execute(
        insert.from_select(_COLUMNS, select).on_conflict_do_nothing(),
        execution_options={"preserve_rowcount": True},
    )
    count = max(result.rowcount, 0)
    return Planned(superseded=count) if superseded else Planned(planned=count)
