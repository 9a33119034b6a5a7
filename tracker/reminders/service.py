"""Plan and compose: what the pipeline calls. The one writer of reminders."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from tracker.core.db import db
from tracker.obligations import book
from tracker.obligations import service as obligations
from tracker.outbox import queue
from tracker.reminders import compose, ladder
from tracker.reminders.ladder import Ladder, Reach
from tracker.reminders.models import Reminder
from tracker.reminders.plan import Planned, finish, plan


def ladders() -> tuple[Ladder, ...]:
    """Return the reminder plan in use."""
    return ladder.load(Path(current_app.config["REMINDER_PLAN"]))


def reach(today: date) -> Reach:
    """Return how far a planning of `today` looks: over the days before the next working day."""
    following = book.current().calendar.next_workday(today)
    return Reach(date.fromordinal(following.toordinal() - 1), today)


def plan_day(*, today: date, now: datetime) -> Planned:
    """Plan all reminders that begin by `today`; running it twice adds nothing."""
    every, days = ladders(), reach(today)
    planned = plan(every, days)
    obligations.mark_seen()
    finish(every, days, planned, now=now)
    return planned


def plan_urgent(*, today: date) -> Planned:
    """Plan the clocks that do not wait for office hours, for what is new or changed."""
    urgent = [ladder for ladder in ladders() if ladder.urgent]
    planned = plan(urgent, reach(today), only_fresh=True)
    obligations.mark_seen(urgent_rules())
    return planned


def urgent_rules() -> list[str]:
    """Return the rules whose letters leave at once, at any hour."""
    return [rule for ladder in ladders() if ladder.urgent for rule in ladder.rules]


def retract(obligation_ids: Sequence[int], *, now: datetime) -> None:
    """Take back letters not yet sent about obligations that changed; the rest is told anew."""
    letters = db.session.scalars(
        sa.select(Reminder.letter_id)
        .where(Reminder.obligation_id.in_(obligation_ids), Reminder.letter_id.is_not(None))
        .distinct()
        .order_by(Reminder.letter_id)
    ).all()
    waiting = queue.withdraw([i for i in letters if i], now=now, reason="the facts changed")
    if waiting:
        compose.release(db.session.connection(), sorted(waiting))


def recheck(connection: sa.Connection, letter_id: int) -> bool:
    """Tell at the last moment whether a letter may leave; a stale one is planned anew."""
    wanted = compose.still_wanted(connection, letter_id)
    if not wanted:
        compose.release(connection, [letter_id])
    return wanted
