"""The first admin: made once, by whoever can read a file on the server."""

import os
import secrets
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask_babel import gettext as _

from tracker.accounts import audit, service
from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound


def is_open() -> bool:
    """Tell whether nobody can sign in yet."""
    return not db.session.scalar(sa.select(sa.exists().where(Account.password_hash.is_not(None))))


def offer(home: Path) -> Path:
    """Return the file that holds the set-up token; made, readable to its owner, when missing."""
    path = home / "setup_token"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(16) + "\n")
    return path


def retire(home: Path) -> None:
    """Remove the token once it was used."""
    (home / "setup_token").unlink(missing_ok=True)


def create_first_admin(
    *, home: Path, token: str, email: str, name: str, password: str, language: str, at: datetime
) -> Account:
    """Make the first account; NotFound once there is one, Invalid for a wrong token."""
    _one_at_a_time()
    if not is_open():
        raise NotFound
    kept = offer(home).read_text().strip()
    if not secrets.compare_digest(kept.encode(), token.strip().encode()):
        raise Invalid(token=_("This is not the token in the file. Copy its single line."))
    account = service.create_account(
        email=email, name=name, role="admin", language=language, password=password, at=at
    )
    actor = audit.actor_of(account)
    audit.record(actor=actor, action="setup", subject=actor, at=at)
    return account


def _one_at_a_time() -> None:
    """Of two set-ups at once the second waits, and then finds an account."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE"))
