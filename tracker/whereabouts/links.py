"""Personal links by which trips are declared without an account. Flushes only.

Only a hash of the token is kept. A link opens the trips of one person and nothing else; it works
until it is ended, runs out, a newer one is made, or the person departs.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.facts.models import Person
from tracker.whereabouts.models import TripLink

GOOD_FOR = timedelta(days=365)


def make(person: Person, *, by: str, at: datetime) -> str:
    """Make the link of a person; return its token, which is kept nowhere. Older ones end."""
    if person.status == "departed":
        raise Conflict(_("This person has departed."))
    end_all(person.id, at=at)
    token = secrets.token_urlsafe(32)
    db.session.add(TripLink(
        token_hash=hashed(token), person_id=person.id, made_at=at, made_by=by,
        expires_at=at + GOOD_FOR,
    ))  # fmt: skip
    db.session.flush()
    return token


def end_all(person_id: int, *, at: datetime) -> int:
    """Let every link of a person lead nowhere from now on; return how many."""
    ended = sa.update(TripLink).where(*_working(person_id, at)).values(ended_at=at)
    result: Any = db.session.execute(ended, execution_options={"synchronize_session": "fetch"})
    return int(result.rowcount)


def working_of(person_id: int, *, now: datetime) -> TripLink | None:
    """Return the link of a person that still works."""
    wanted = sa.select(TripLink).where(*_working(person_id, now)).order_by(TripLink.id.desc())
    return db.session.scalar(wanted.limit(1))


def find(token: str, *, now: datetime) -> TripLink | None:
    """Return the link of a token if it works; why it does not is nobody's to know."""
    link = db.session.scalar(sa.select(TripLink).filter_by(token_hash=hashed(token)))
    if link is None or link.ended_at is not None or link.expires_at <= now:
        return None
    return None if link.person.status == "departed" else link


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _working(person_id: int, now: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        TripLink.person_id == person_id, TripLink.ended_at.is_(None), TripLink.expires_at > now,
    ]  # fmt: skip
