"""Holds: while one stands nothing leaves, the letters wait, and the reason is shown."""

import hashlib
import platform
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.outbox.models import Hold, Instance

#: A server that refuses us is asked again this often, with one letter, until it is repaired.
ASK_AGAIN = timedelta(minutes=5)
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


def current() -> Hold | None:
    """Return the hold that stands, the oldest first."""
    return db.session.scalar(
        sa.select(Hold).where(Hold.released_at.is_(None)).order_by(Hold.id).limit(1)
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
    standing.retry_at = now + ASK_AGAIN if cause == "server" else None
    db.session.flush()
    return standing


def release(hold_id: int, *, by: str, now: datetime) -> None:
    """Let letters leave again."""
    standing = db.session.get(Hold, hold_id)
    if standing is None:
        raise NotFound("There is no such hold.")
    if standing.released_at is None:
        standing.released_at, standing.released_by = now, by
    db.session.flush()


def release_server(*, now: datetime) -> None:
    """End the hold of a server that takes letters again."""
    db.session.execute(
        sa.update(Hold)
        .where(Hold.released_at.is_(None), Hold.cause == "server")
        .values(released_at=now, released_by="a letter got through")
    )


def check_instance(home: Path, *, now: datetime) -> None:
    """Hold everything when this database has moved: a copy stays silent until a person confirms."""
    row = db.session.get(Instance, 1)
    here = _fingerprint(home)
    if row is None:
        db.session.add(Instance(id=1, token=here, created_at=now))
        db.session.flush()
    elif row.token != here:
        hold("copied", "this database was moved or copied from another installation", now=now)


def adopt(home: Path) -> None:
    """Make this place the database's own, after a person confirmed it."""
    row = db.session.get(Instance, 1)
    if row is not None:
        row.token = _fingerprint(home)
        db.session.flush()


def _fingerprint(home: Path) -> str:
    """Name the place of the database: its server, or this machine and folder."""
    if db.engine.dialect.name == "postgresql":
        place = db.session.execute(
            sa.text("SELECT system_identifier, current_database() FROM pg_control_system()")
        ).one()
        return hashlib.sha256(repr(tuple(place)).encode()).hexdigest()
    machine = next((text for path in _MACHINE_IDS if (text := _read(path))), platform.node())
    return hashlib.sha256(f"{machine}:{home.resolve()}".encode()).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
