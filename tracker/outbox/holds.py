"""Holds: while one stands nothing leaves, the letters wait, and the reason is shown."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.outbox.models import Hold


def current() -> Hold | None:
    """Return the hold that stands, one that needs a person first."""
    return db.session.scalar(
        sa.select(Hold)
        .where(Hold.released_at.is_(None))
        .order_by(Hold.cause == "server", Hold.id)
        .limit(1)
    )


def hold(cause: str, detail: str, *, now: datetime) -> Hold:
    """Let nothing leave; the same cause twice is one hold, with the newest detail."""
    standing = db.session.scalar(
        sa.select(Hold).where(Hold.released_at.is_(None), Hold.cause == cause).limit(1)
    )
    if standing is None:
        standing = Hold(cause=cause, since_at=now)
        db.session.add(standing)
    standing.detail = detail[:500]
    # A server that refuses us is asked again, with one letter, until it is repaired.
    patience = timedelta(seconds=current_app.config["MAIL_ASK_AGAIN"])
    standing.retry_at = now + patience if cause == "server" else None
    db.session.flush()
    return standing


def release(hold_id: int, *, by: str, now: datetime) -> Hold:
    """Let letters leave again; return the hold as it ended."""
    standing = db.session.get(Hold, hold_id)
    if standing is None:
        raise NotFound("There is no such hold.")
    if standing.released_at is None:
        standing.released_at, standing.released_by = now, by
    db.session.flush()
    return standing


def release_server(*, now: datetime) -> None:
    """End the hold of a server that takes letters again."""
    db.session.execute(
        sa.update(Hold)
        .where(Hold.released_at.is_(None), Hold.cause == "server")
        .values(released_at=now, released_by="a letter got through")
    )


def released_since(cause: str, since: datetime) -> bool:
    """Tell whether a person released a hold of this cause that began at or after `since`."""
    found = sa.select(Hold.id).where(
        Hold.cause == cause, Hold.since_at >= since, Hold.released_at.is_not(None)
    )
    return db.session.scalar(found.limit(1)) is not None
