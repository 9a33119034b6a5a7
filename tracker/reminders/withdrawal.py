"""Letters that should not leave as they are: taken back, and what they said planned anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.outbox import queue
from tracker.reminders.models import Reminder

_REMINDER: Any = Reminder.__table__
#: Does a hold of the office keep this reminder back?
HELD = (
    "EXISTS (SELECT 1 FROM reminder_decision AS hold WHERE hold.ended_at IS NULL"
    " AND hold.kind IN ('hold', 'import', 'answer') AND hold.person_id = obligation.person_id"
    " AND (hold.obligation_id IS NULL OR hold.obligation_id = reminder.obligation_id)"
    " AND (hold.recipient IS NULL OR hold.recipient = reminder.recipient))"
)
_NUMBER = "CAST(substr(letter.recipient, {length}) AS INTEGER)"
#: Is all that a letter says still so, and its address still the reader's?
STILL_SO = (
    "CASE WHEN letter.recipient LIKE 'person:%' THEN EXISTS (SELECT 1 FROM person"  # noqa: S608
    f" WHERE person.id = {_NUMBER.format(length=len('person:') + 1)}"
    " AND person.email = letter.address)"
    " WHEN letter.recipient LIKE 'account:%' THEN EXISTS (SELECT 1 FROM account"
    f" WHERE account.id = {_NUMBER.format(length=len('account:') + 1)}"
    " AND account.email = letter.address AND account.active) ELSE TRUE END"
    " AND NOT EXISTS (SELECT 1 FROM reminder"
    " JOIN obligation ON obligation.id = reminder.obligation_id"
    " WHERE reminder.letter_id = letter.id AND (obligation.state <> 'open'"
    f" OR obligation.round <> reminder.round OR {HELD}))"
)


def take_back(recipients: Sequence[str], *, now: datetime) -> dict[str, datetime]:
    """Take back what waits for these recipients; return since when each of them waits."""
    waiting = queue.withdrawable(recipients)
    taken = queue.withdraw(waiting, now=now, reason="told again with newer numbers")
    give_back(db.session.connection(), [letter_id for letter_id, _, _ in taken])
    since: dict[str, datetime] = {}
    for _, recipient, queued_at in taken:
        since[recipient] = min(queued_at, since.get(recipient, queued_at))
    return since


def retract(
    obligation_ids: Sequence[int], *, now: datetime, reason: str = "the facts changed"
) -> None:
    """Take back letters not yet sent about obligations that changed; the rest is told anew."""
    letters = db.session.scalars(
        sa.select(Reminder.letter_id)
        .where(Reminder.obligation_id.in_(obligation_ids), Reminder.letter_id.is_not(None))
        .distinct()
        .order_by(Reminder.letter_id)
    ).all()
    taken = queue.withdraw([i for i in letters if i], now=now, reason=reason)
    give_back(db.session.connection(), [letter_id for letter_id, _, _ in taken])


def give_back(connection: sa.Connection, letter_ids: Sequence[int]) -> None:
    """Plan the reminders of withdrawn letters anew."""
    if letter_ids:
        connection.execute(
            sa.update(_REMINDER)
            .where(_REMINDER.c.letter_id.in_(letter_ids))
            .values(state="planned", letter_id=None)
        )
