"""What the Delivery page and the checks read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import UtcDateTime, db
from tracker.outbox.models import WAITING, DeliveryAttempt, Letter

#: Final states that a person should look at.
PROBLEMS = ("refused", "unknown")


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


def letters(states: Sequence[str] = (), *, page: int = 1, size: int = 50) -> list[Letter]:
    """Return a page of letters, newest first, in these states or in any."""
    wanted = sa.select(Letter).order_by(Letter.id.desc()).limit(size).offset((page - 1) * size)
    if states:
        wanted = wanted.where(Letter.state.in_(states))
    return list(db.session.scalars(wanted))


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
