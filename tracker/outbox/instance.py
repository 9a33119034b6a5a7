"""Which installation a database belongs to: a copy, or an older state of it, stays silent.

The database says where it lives and counts its runs that sent something; beside the keys, HOME
remembers the highest count. A database found elsewhere, or with a lower count, is held.
"""

import hashlib
import logging
import os
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from tracker.core.db import db
from tracker.outbox import holds
from tracker.outbox.models import Instance

log = logging.getLogger(__name__)

#: Counts of sending runs before a person's confirmation begins a new era.
ERA = 2**32
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_COUNT = sa.text("UPDATE instance SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch")


def check(*, now: datetime) -> None:
    """Hold all letters when this database was moved, copied, or set back to an older state."""
    row = db.session.get(Instance, 1) or _begin(now)
    if row.token != _place():
        detail = "this database was moved or copied from another installation"
        holds.hold("copied", detail, now=now)
    elif row.epoch < _remembered():
        detail = "this database is older than what was sent from here"
        holds.hold("restored", detail, now=now)


def _begin(now: datetime) -> Instance:
    row = Instance(id=1, token=_place(), epoch=0, created_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def adopt() -> None:
    """Make this place, and this state, the database's own, after a person confirmed it."""
    row = db.session.get(Instance, 1)
    if row is not None:
        row.token = _place()
        row.epoch = (max(row.epoch, _remembered()) // ERA + 1) * ERA
        db.session.flush()
        remember(row.epoch)


def count_run(connection: sa.Connection) -> int:
    """Count a run that is about to send, in the transaction of its first claim."""
    return int(connection.execute(_COUNT).scalar() or 0)


def remember(epoch: int) -> None:
    """Write down outside of the database how far it had come."""
    file = _file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        arriving = file.with_suffix(".arriving")
        with arriving.open("w") as stream:
            stream.write(str(epoch))
            stream.flush()
            os.fsync(stream.fileno())
        arriving.replace(file)
    except OSError as error:
        log.warning("%s cannot be written: an older database would not be noticed: %s", file, error)


def expect_older() -> None:
    """Let whatever database is found here next be taken for restored, until confirmed."""
    remember((_remembered() // ERA + 1) * ERA - 1)


def _remembered() -> int:
    try:
        return int(_file().read_text())
    except (OSError, ValueError):
        return 0


def _file() -> Path:
    return Path(current_app.config["HOME"]) / "sent_runs"


def _place() -> str:
    """Name the place of the database: its server, or this machine and its file."""
    if db.engine.dialect.name == "postgresql":
        place = repr(tuple(db.session.execute(
            sa.text("SELECT system_identifier, current_database() FROM pg_control_system()")
        ).one()))  # fmt: skip
    else:
        file = Path(db.engine.url.database or "").resolve()
        place = f"{_machine(file)}:{file}"
    return hashlib.sha256(place.encode()).hexdigest()


def _machine(file: Path) -> str:
    """Name this machine; where it has no name that lasts, as in a container, the file itself."""
    for path in _MACHINE_IDS:
        try:
            if name := path.read_text().strip():
                return name
        except OSError:
            continue
    return f"inode {file.stat().st_ino}"
