"""What the Delivery page and the checks read."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import UtcDateTime, db
from tracker.outbox.models import WAITING, DeliveryAttempt, Letter

#: Final states that a person should look at.
PROBLEMS = ("refused", "unknown")
# Written out, not bound: only then do both databases use the partial index.
_REFUSED = sa.text("letter.state = 'refused'")


def counts() -> dict[str, int]:
    """Return how many letters are in each state."""
    rows = db.session.execute(
        sa.select(Letter.state, sa.func.count()).group_by(Letter.state).order_by(Letter.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 - rows are not pairs to mypy


def waiting() -> tuple[int, datetime | None]:
    """Return how many letters may still leave, and when the first of them was queued."""
    count, oldest = db.session.execute(
        sa.select(
            sa.func.count(), sa.type_coerce(sa.func.min(Letter.queued_at), UtcDateTime)
        ).where(sa.text("letter.finished_at IS NULL"), Letter.state.in_(WAITING))
    ).one()  # fmt: skip
    return count, oldest


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters: in these states, to these readers or an address like this, queued so.

    What is None or empty asks for nothing. `since` and `until` are instants, `until` exclusive.
    """

    states: Sequence[str] = ()
    recipients: Collection[str] | None = None
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """Yield what a letter must be."""
        if self.states:
            yield Letter.state.in_(self.states)
        if self.recipients is not None:
            yield sa.or_(
                Letter.recipient.in_(self.recipients),
                Letter.address.icontains(self.address, autoescape=True),
            )
        if self.since is not None:
            yield Letter.queued_at >= self.since
        if self.until is not None:
            yield Letter.queued_at < self.until


def letters(wanted: Wanted | None = None, *, page: int = 1, size: int = 50) -> list[Letter]:
    """Return a page of letters, newest first."""
    conditions = wanted.conditions() if wanted else ()
    found = sa.select(Letter).where(*conditions).order_by(Letter.id.desc())
    return list(db.session.scalars(found.limit(size).offset((page - 1) * size)))


def count(wanted: Wanted) -> int:
    """Return how many letters there are of these."""
    counted = sa.select(sa.func.count()).select_from(Letter).where(*wanted.conditions())
    return db.session.scalar(counted) or 0


def refused_of(recipient: str) -> list[int]:
    """Return the refused letters of a reader that nobody has dealt with, the oldest first."""
    return list(
        db.session.scalars(
            sa.select(Letter.id)
            .where(_REFUSED, Letter.recipient == recipient, Letter.closed_at.is_(None))
            .order_by(Letter.id)
        )
    )


def attempts(letter_id: int) -> list[DeliveryAttempt]:
    """Return the attempts of a letter, first to last."""
    return list(
        db.session.scalars(
            sa.select(DeliveryAttempt)
            .where(DeliveryAttempt.letter_id == letter_id)
            .order_by(DeliveryAttempt.attempt)
        )
    )


def problems() -> dict[str, Any]:
    """Return the number of letters that wait for a person, and for a while."""
    open_ = sa.select(sa.func.count()).where(Letter.state.in_(PROBLEMS), Letter.closed_at.is_(None))
    return {"open": db.session.scalar(open_) or 0, "oldest_waiting": waiting()[1]}
