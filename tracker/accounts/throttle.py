"""Failed sign-ins are counted in the database, so the limit holds over workers and restarts."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

import sqlalchemy as sa
from flask import current_app

from tracker.accounts.models import SignInAttempt
from tracker.core.db import db
from tracker.core.errors import TrackerError

FAILURES = 5
WINDOW = timedelta(minutes=15)


class Throttled(TrackerError):
    """Too many failed sign-ins; says nothing about whether the account exists."""

    status = 429
    code = "throttled"


def subjects(*, email: str, address: str | None) -> tuple[str, ...]:
    """Return the keyed hashes under which tries of this account and network are counted."""
    return (_keyed(f"account:{email}"), _keyed(f"network:{_network(address)}"))


def reserve(tried: Sequence[str], *, now: datetime) -> list[int]:
    """Count a try before the password is looked at; return the ids to `forget` on success.

    Commits, so that of many tries at once all see each other. Raises Throttled when any of the
    subjects has used up its failures; such a try does not count itself.
    """
    rows = [SignInAttempt(subject=subject, at=now) for subject in tried]
    db.session.add_all(rows)
    db.session.flush()
    ids = [row.id for row in rows]
    db.session.commit()
    counts = db.session.execute(
        sa.select(sa.func.count())
        .where(SignInAttempt.subject.in_(tried), SignInAttempt.at > now - WINDOW)
        .group_by(SignInAttempt.subject)
    ).scalars()
    if max(counts, default=0) > FAILURES:
        _delete(SignInAttempt.id.in_(ids))
        db.session.commit()
        raise Throttled
    return ids


def forget(ids: Sequence[int], *, now: datetime) -> None:
    """Take back the tries of a sign-in that succeeded, and all that no longer count."""
    _delete(sa.or_(SignInAttempt.id.in_(ids), SignInAttempt.at <= now - WINDOW))


def guesser(address: str | None) -> str:
    """Return the keyed hash under which a network's guesses at secret addresses are counted."""
    return _keyed(f"guess:{_network(address)}")


def answering(link_id: int) -> str:
    """Return the keyed hash under which what is sent by one link of a letter is counted."""
    return _keyed(f"answer:{link_id}")


def travelling(link_id: int) -> str:
    """Return the keyed hash under which the forms sent by a personal link are counted."""
    return _keyed(f"travelling:{link_id}")


def refuse_many(subject: str, *, most: int, now: datetime) -> None:
    """Raise Throttled when a subject has that many tries within the window. Writes nothing."""
    count = db.session.scalar(
        sa.select(sa.func.count()).where(
            SignInAttempt.subject == subject, SignInAttempt.at > now - WINDOW
        )
    )
    if (count or 0) >= most:
        raise Throttled


def note(subject: str, *, now: datetime) -> None:
    """Count a try. Commits, in a transaction of its own: the caller may have begun to read."""
    db.session.rollback()
    db.session.add(SignInAttempt(subject=subject, at=now))
    db.session.commit()


def _delete(condition: sa.ColumnElement[bool]) -> None:
    db.session.execute(
        sa.delete(SignInAttempt).where(condition),
        execution_options={"synchronize_session": False},
    )


def _network(address: str | None) -> str:
    """Return the address, or its /64: one IPv6 customer owns at least that many."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def _keyed(text: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"sign-in:" + text.encode(), hashlib.sha256).hexdigest()
