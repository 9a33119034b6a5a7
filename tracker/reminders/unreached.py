"""Reminders that reach nobody: there is no address. They stand until somebody mends or tells it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.obligations.models import Obligation
from tracker.reminders.models import Reminder

# Written out, not bound: only then do both databases use the partial index.
_UNREACHED = sa.text("reminder.state = 'unreachable'")


@dataclass(frozen=True, slots=True)
class Duty:
    """What could not be told: the rule, and the day by which it is to be done."""

    rule_id: str
    safe_on: date


@dataclass(frozen=True, slots=True)
class Unreached:
    """A reader without an address, since when, and what is still due, the soonest first."""

    recipient: str
    since: date
    duties: Sequence[Duty]


def readers(*, most: int) -> list[Unreached]:
    """Return whom nothing reaches though something is due, those with the soonest day first."""
    rows = db.session.execute(
        _due(Reminder.recipient)
        .group_by(Reminder.recipient)
        .order_by(sa.func.min(Obligation.safe_on), Reminder.recipient)
        .limit(most)
    )
    wanted = [row.recipient for row in rows]
    found = _duties(wanted)
    return [found[recipient] for recipient in wanted]


def count() -> int:
    """Return how many readers nothing reaches."""
    everyone = _due(Reminder.recipient).distinct().subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(everyone)) or 0


def of(recipient: str) -> Unreached | None:
    """Return what does not reach one reader, if there is any."""
    return _duties([recipient]).get(recipient)


def reminders(recipient: str) -> list[Reminder]:
    """Return the reminders that do not reach a reader and are still to be told."""
    found = _due(Reminder).where(Reminder.recipient == recipient).order_by(Reminder.id)
    return list(db.session.scalars(found))


def _due(*wanted: Any) -> sa.Select[Any]:
    """Select of the reminders that reach nobody and tell what is still so."""
    return (
        sa.select(*wanted)
        .join(Obligation, Obligation.id == Reminder.obligation_id)
        .where(_UNREACHED, Obligation.state == "open", Obligation.round == Reminder.round)
    )


def _duties(recipients: Sequence[str]) -> Mapping[str, Unreached]:
    rows = db.session.execute(
        _due(
            Reminder.recipient, Obligation.rule_id, Obligation.safe_on,
            sa.func.min(Reminder.planned_on).label("since"),
        )
        .where(Reminder.recipient.in_(recipients))
        .group_by(Reminder.recipient, Obligation.id, Obligation.rule_id, Obligation.safe_on)
        .order_by(Obligation.safe_on, Obligation.id)
    )  # fmt: skip
    found = defaultdict[str, list[Any]](list)
    for row in rows:
        found[row.recipient].append(row)
    return {
        recipient: Unreached(
            recipient, min(row.since for row in theirs),
            [Duty(row.rule_id, row.safe_on) for row in theirs],
        )
        for recipient, theirs in found.items()
    }  # fmt: skip
