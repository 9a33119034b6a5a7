"""Personal access tokens: issued, recognised, revoked. The one writer of their table."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from tracker.accounts.models import ROLES, AccessToken, Account
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound

PREFIX = "fet_"
HINT = 10
#: How long a token may be good for, in days.
LIFETIMES = (30, 90, 365)
MOST = 20
#: How old the note of the last use may grow before it is written anew.
NOTE_EVERY = timedelta(minutes=10)

_OFFICE = frozenset({"admin", "officer"})
_READERS = _OFFICE | {"head", "auditor"}
#: What a token may be good for, and for which roles that is anything at all.
SCOPES: dict[str, frozenset[str]] = {
    "people:read": _READERS | {"unit_secretary", "expert"},
    "people:write": _OFFICE,
    "letters:read": _READERS,
    "letters:write": _OFFICE,
    "imports:read": _OFFICE,
    "imports:write": _OFFICE,
    "rules:read": frozenset(ROLES),
}


def scopes_of(role: str) -> list[str]:
    """Return the scopes that an account of this role may put into a token."""
    return [scope for scope, opens_to in SCOPES.items() if role in opens_to]


def issue(
    account: Account, *, name: str, scopes: Sequence[str], days: int, at: datetime
) -> tuple[AccessToken, str]:
    """Make a token; return it with its secret, which is kept nowhere."""
    if not scopes or set(scopes) - set(scopes_of(account.role)):
        raise Invalid(scopes=_("Choose at least one thing this token may do."))
    if days not in LIFETIMES:
        raise Invalid(days=_("Choose how long the token is good for."))
    if len([token for token in of_account(account) if not token.ended(at)]) >= MOST:
        raise Conflict(_("There are %(count)s tokens already. Revoke one first.", count=MOST))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken(
        account_id=account.id, name=name, hint=secret[:HINT], digest=_digest(secret),
        scopes=[scope for scope in SCOPES if scope in scopes], created_at=at,
        expires_at=at + timedelta(days=days),
    )  # fmt: skip
    db.session.add(token)
    db.session.flush()
    return token, secret


def of_account(account: Account) -> list[AccessToken]:
    """Return the tokens of an account, newest first."""
    return list(
        db.session.scalars(
            sa.select(AccessToken).filter_by(account_id=account.id).order_by(AccessToken.id.desc())
        )
    )


def revoke(account: Account, token_id: int, *, at: datetime) -> AccessToken:
    """End a token of this account; NotFound if it is not theirs."""
    own = sa.select(AccessToken).filter_by(id=token_id, account_id=account.id)
    token = db.session.scalar(own)
    if token is None:
        raise NotFound("There is no such token.")
    token.revoked_at = token.revoked_at or at
    db.session.flush()
    return token


def recognise(secret: str, *, now: datetime) -> AccessToken | None:
    """Return the token in force with this secret, of an active account; else None."""
    token = db.session.scalar(sa.select(AccessToken).filter_by(digest=_digest(secret)))
    if token is None or token.ended(now) or not token.account.active:
        return None
    return token


def use_is_unnoted(token: AccessToken, *, now: datetime) -> bool:
    """Tell whether the note of the last use has grown old."""
    return token.last_used_at is None or now - token.last_used_at >= NOTE_EVERY


def note_use(token_id: int, *, now: datetime) -> None:
    """Remember that a token was used, in a transaction of its own; call it outside of any other."""
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(AccessToken).where(AccessToken.id == token_id).values(last_used_at=now)
        )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
