"""Accounts: made, signed in, changed, ended. The one writer of their table. Flushes only."""

import secrets
import unicodedata
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from tracker.accounts import passwords
from tracker.accounts.models import ROLES, Account
from tracker.accounts.scope import NUMBERS
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import LANGUAGES


def create_account(
    *, email: str, name: str, role: str, at: datetime, unit_id: int | None = None,
    person_id: int | None = None, language: str = "zh", password: str | None = None,
    health: bool = False,
) -> Account:  # fmt: skip
    """Make an account; without a password it only receives letters until one is set."""
    email = normal_email(email)
    _require_sensible(email=email, name=name, role=role, language=language)
    _require_place(role=role, unit_id=unit_id, person_id=person_id)
    if find(email) is not None:
        raise Conflict(email=_("There is already an account with this address."))
    account = Account(
        email=email, name=name.strip(), role=role, unit_id=unit_id, person_id=person_id,
        language=language, session_key=_session_key(), active=True, created_at=at,
        health=health and role in NUMBERS,
    )  # fmt: skip
    if password is not None:
        passwords.require_strong(password, email=email)
        account.password_hash = passwords.hashed(password)
    db.session.add(account)
    db.session.flush()
    return account


def find(email: str) -> Account | None:
    """Return the account of an address however it is typed, or None."""
    return db.session.scalar(sa.select(Account).where(Account.email == normal_email(email)))


def get(email: str) -> Account:
    """Return the account of an address; NotFound if there is none."""
    account = find(email)
    if account is None:
        raise NotFound(email=_("There is no account with this address."))
    return account


def everyone() -> list[Account]:
    """Return all accounts by address."""
    return list(db.session.scalars(sa.select(Account).order_by(Account.email)))


def authenticate(*, email: str, password: str) -> Account | None:
    """Return the active account with this address and password, or None, as slowly either way."""
    account = find(email)
    stored = account.password_hash if account is not None else None
    if not passwords.matches(stored, password) or account is None or not account.active:
        return None
    if stored and passwords.outdated(stored):
        account.password_hash = passwords.hashed(password)
        db.session.flush()
    return account


def set_password(account: Account, password: str) -> None:
    """Give an account another password and end all its sessions."""
    passwords.require_strong(password, email=account.email)
    account.password_hash = passwords.hashed(password)
    end_sessions(account)


def replace_password(account: Account, current: str, password: str) -> None:
    """Give an account another password if `current` is the one it has."""
    if not passwords.matches(account.password_hash, current):
        raise Invalid(current=_("This is not your password."))
    set_password(account, password)


def change(
    account: Account, *, name: str, role: str, unit_id: int | None, person_id: int | None,
    language: str, health: bool | None = None,
) -> None:  # fmt: skip
    """Change what an account is called and may do; another role or place ends its sessions.

    `health`: it works with health checks, which only the office can; None leaves that.
    """
    _require_sensible(email=account.email, name=name, role=role, language=language)
    _require_place(role=role, unit_id=unit_id, person_id=person_id)
    if role != "admin":
        _require_another_admin(account)
    before = (account.role, account.unit_id, account.person_id, account.health)
    account.name, account.role, account.language = name.strip(), role, language
    account.unit_id = unit_id if role == "unit_secretary" else None
    account.person_id = person_id if role == "expert" else None
    account.health = (account.health if health is None else health) and role in NUMBERS
    if before != (account.role, account.unit_id, account.person_id, account.health):
        end_sessions(account)
    db.session.flush()


def deactivate(account: Account) -> None:
    """Stop an account from signing in and from receiving letters, and end its sessions."""
    _require_another_admin(account)
    account.active = False
    end_sessions(account)


def reactivate(account: Account) -> None:
    """Let a deactivated account sign in and receive letters again."""
    account.active = True
    db.session.flush()


def end_sessions(account: Account) -> None:
    """End every session of an account, on whatever device."""
    account.session_key = _session_key()
    db.session.flush()


def in_session(session_id: str) -> Account | None:
    """Return the active account a session belongs to (Account.get_id), or None."""
    number, _dot, key = session_id.partition(".")
    if not number.isdecimal():
        return None
    account = db.session.get(Account, int(number))
    if account is None or not account.active:
        return None
    return account if secrets.compare_digest(account.session_key, key) else None


def normal_email(email: str) -> str:
    """Return an address the way it is stored and compared."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def _require_sensible(*, email: str, name: str, role: str, language: str) -> None:
    local, at, domain = email.rpartition("@")
    if not (local and at and domain) or not email.isascii() or len(email) > 254 or " " in email:
        raise Invalid(email=_("Write an e-mail address, like name@example.edu.cn."))
    if not name.strip() or len(name) > 120:
        raise Invalid(name=_("Give a name of at most 120 characters."))
    if role not in ROLES:
        raise Invalid(role=_("Choose one of %(roles)s.", roles=", ".join(ROLES)))
    if language not in LANGUAGES:
        raise Invalid(language=_("Choose zh or en."))


def _require_place(*, role: str, unit_id: int | None, person_id: int | None) -> None:
    if role == "unit_secretary" and unit_id is None:
        raise Invalid(unit=_("Say of which unit this secretary is."))
    if role == "expert" and person_id is None:
        raise Invalid(person=_("Say which person this account belongs to."))


def _require_another_admin(account: Account) -> None:
    """Refuse to take away the last administrator who can sign in."""
    if account.role != "admin" or not account.active or account.password_hash is None:
        return
    if db.engine.dialect.name == "postgresql":  # two who take each other away at once
        db.session.execute(sa.text("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE"))
    other = sa.exists().where(
        Account.role == "admin", Account.active, Account.password_hash.is_not(None),
        Account.id != account.id,
    )  # fmt: skip
    if not db.session.scalar(sa.select(other)):
        raise Conflict(
            role=_("This is the last administrator who can sign in. Make another one first.")
        )


def _session_key() -> str:
    return secrets.token_urlsafe(24)
