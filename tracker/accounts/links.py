"""One-time links: somebody chooses their own password, nobody else ever knows it. Flushes only."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from tracker.accounts import passwords, service
from tracker.accounts.models import Account, PasswordLink
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(days=3)


def make(account: Account, *, valid_for: timedelta, by: str, at: datetime) -> tuple[str, datetime]:
    """Return a new token for `account` and when it ends; links made before end now."""
    if not SHORTEST <= valid_for <= LONGEST:
        raise Invalid(valid_for=_("Choose between 30 minutes and 3 days."))
    if not account.active:
        raise Conflict(_("This account is deactivated. Let it sign in again first."))
    end_all(account, at=at)
    token = secrets.token_urlsafe(32)
    link = PasswordLink(
        account_id=account.id, token_hash=_hashed(token), made_at=at, made_by=by,
        expires_at=at + valid_for,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    return token, link.expires_at


def account_of(token: str, *, at: datetime) -> Account:
    """Return whose password a token sets; NotFound once it is used, ended or too old."""
    link = db.session.scalar(
        sa.select(PasswordLink).where(
            PasswordLink.token_hash == _hashed(token), PasswordLink.ended_at.is_(None),
            PasswordLink.expires_at > at,
        )
    )  # fmt: skip
    account = db.session.get(Account, link.account_id) if link else None
    if account is None or not account.active:
        raise NotFound
    return account


def redeem(token: str, password: str, *, at: datetime) -> Account:
    """Give the account of a token its new password; of two tries at once one finds it used."""
    account = account_of(token, at=at)
    passwords.require_strong(password, email=account.email)
    used = db.session.execute(
        sa.update(PasswordLink)
        .where(PasswordLink.token_hash == _hashed(token), PasswordLink.ended_at.is_(None))
        .values(ended_at=at)
        .returning(PasswordLink.id)
    ).first()
    if used is None:
        raise NotFound
    service.set_password(account, password)
    end_all(account, at=at)
    return account


def end_all(account: Account, *, at: datetime) -> None:
    """Let every link of an account lead nowhere from now on."""
    db.session.execute(
        sa.update(PasswordLink)
        .where(PasswordLink.account_id == account.id, PasswordLink.ended_at.is_(None))
        .values(ended_at=at)
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
