"""Plan reminders: one set-based INSERT a stage, over what is due, not what exists.

An ordinary day reads only the index ranges that began since the last run; what was entered or
changed since is marked `fresh` and looked at apart from its range, so late facts are seen too.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.obligations import book
from tracker.reminders import statements
from tracker.reminders.ladder import Ladder, Reach, Window, begun, between
from tracker.reminders.models import PlanningRun
from tracker.reminders.statements import Look, Readers

_READERS: dict[str, Readers] = {"expert": "expert", "unit_secretary": "unit", "owner": "owner"}


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
    windows = {each: partial(_begun, each, reach, safe_within) for each in ladders}
    planned = _plan("edited" if edited else "fresh", windows, reach.today)
    if run is not None and (last := Reach(run.planned_through, run.ran_for)) < reach:
        windows = {each: partial(between, each, last, reach) for each in ladders}
        planned += _plan("since", windows, reach.today)
    return planned


def _begun(ladder: Ladder, reach: Reach, safe_within: tuple[date, date] | None) -> Iterator[Window]:
    """Yield what has begun; of what is due in these days only."""
    for window in begun(ladder, reach):
        if safe_within is not None:
            first, upto = safe_within
            after = max(window.after, first - timedelta(days=1))
            window = replace(window, after=after, upto=min(window.upto, upto))
        yield window


def _plan(
    look: Look, windows: Mapping[Ladder, Callable[[], Iterable[Window]]], today: date
) -> Planned:
    """Insert what a look finds, by as few statements as there are kinds of them."""
    kinds = defaultdict[tuple[Readers, bool, bool], list[dict[str, Any]]](list)
    query = statements.earliest(fresh=look == "fresh")
    earliest: dict[str, date] = {row.id: row.day for row in db.session.execute(query)}
    for ladder, found in windows.items():
        rules = [rule for rule in ladder.rules if rule in earliest]
        for window in found() if rules else ():
            for audience in window.stage.to:
                kind = _READERS.get(audience, "role"), window.opened is not None, window.superseded
                kinds[kind] += [
                    _values(window, rule, audience, today)
                    for rule in rules
                    if max(earliest[rule], window.after) <= window.upto
                ]
    return sum((_insert(look, *kind, rows) for kind, rows in kinds.items() if rows), Planned())


def _values(window: Window, rule: str, audience: str, today: date) -> dict[str, Any]:
    opened_after, opened_upto = window.opened or (None, None)
    return {
        "rule": rule, "audience": audience, "stage": window.stage.id,
        "days_before": window.stage.days_before, "after": window.after, "upto": window.upto,
        "opened_after": opened_after, "opened_upto": opened_upto, "today": today,
        "state": "superseded" if window.superseded else "planned",
    }  # fmt: skip


def _insert(
    look: Look, readers: Readers, opening: bool, superseded: bool, rows: Sequence[dict[str, Any]]
) -> Planned:
    result = db.session.connection().execute(
        statements.plan(look, readers, opening=opening), rows,
        execution_options={"preserve_rowcount": True},
    )  # fmt: skip
    return Planned(superseded=result.rowcount) if superseded else Planned(planned=result.rowcount)


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
