"""Cabinets and the keys they sign with.

A key is derived from the server's SECRET_KEY and a salt of its own, and shown once. What stands in
the database, and in its backups, is the salt: whoever reads it cannot sign. Each signature is
checked by deriving the key again. Another SECRET_KEY therefore ends all keys; make new ones then.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.custody.models import Cabinet, CabinetKey

PREFIX = "fck_"
#: After a rotation both keys work for so long, so that nobody has to be quick at the cabinet.
OVERLAP = timedelta(days=7)


def make(name: str, *, by: str, at: datetime) -> tuple[Cabinet, CabinetKey, str]:
    """Enter a cabinet; return it with its key and the secret, which is kept nowhere."""
    name = name.strip()
    if not name:
        raise Invalid(name=_("Say where the cabinet stands."))
    if db.session.scalar(sa.select(Cabinet.id).filter_by(name=name)) is not None:
        raise Conflict(name=_("There is a cabinet of this name already."))
    cabinet = Cabinet(name=name, made_at=at, made_by=by)
    db.session.add(cabinet)
    db.session.flush()
    return cabinet, *_new_key(cabinet, by=by, at=at)


def rotate(cabinet_id: int, *, by: str, at: datetime) -> tuple[CabinetKey, str]:
    """Give a cabinet a new key; those it has end when the overlap is over."""
    cabinet = _get(cabinet_id)
    if cabinet.ended_at is not None:
        raise Conflict(_("This cabinet is out of use."))
    for key in keys(cabinet_id):
        if key.ends_at is None:
            key.ends_at = at + OVERLAP
    return _new_key(cabinet, by=by, at=at)


def revoke(key_id: int, *, at: datetime) -> CabinetKey:
    """End a key at once."""
    key = db.session.get(CabinetKey, key_id)
    if key is None:
        raise NotFound(_("There is no such key."))
    if key.ends_at is None or key.ends_at > at:
        key.ends_at = at
    db.session.flush()
    return key


def end(cabinet_id: int, *, at: datetime) -> Cabinet:
    """Put a cabinet out of use, with all its keys."""
    cabinet = _get(cabinet_id)
    cabinet.ended_at = cabinet.ended_at or at
    for key in keys(cabinet_id):
        revoke(key.id, at=at)
    db.session.flush()
    return cabinet


def every() -> list[Cabinet]:
    """Return all cabinets, those in use first."""
    in_order = sa.select(Cabinet).order_by(Cabinet.ended_at.is_not(None), Cabinet.name)
    return list(db.session.scalars(in_order))


def keys(cabinet_id: int) -> list[CabinetKey]:
    """Return the keys of a cabinet, newest first."""
    wanted = sa.select(CabinetKey).filter_by(cabinet_id=cabinet_id).order_by(CabinetKey.id.desc())
    return list(db.session.scalars(wanted))


def signed_by(name: str, signature: str, body: bytes, *, now: datetime) -> Cabinet | None:
    """Return the cabinet whose key signed these bytes; None for whatever is wrong with it."""
    key = db.session.scalar(sa.select(CabinetKey).filter_by(name=name))
    if key is None or (key.ends_at is not None and key.ends_at <= now):
        return None
    right = signature_of(_secret(key.name, key.salt), body)
    return key.cabinet if hmac.compare_digest(right.encode(), signature.encode()) else None


def signature_of(secret: str, body: bytes) -> str:
    """Return how a cabinet signs a body: HMAC-SHA256 keyed by the secret's own characters."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _new_key(cabinet: Cabinet, *, by: str, at: datetime) -> tuple[CabinetKey, str]:
    key = CabinetKey(
        cabinet_id=cabinet.id, name="ck_" + secrets.token_hex(8), salt=secrets.token_hex(32),
        made_at=at, made_by=by,
    )  # fmt: skip
    db.session.add(key)
    db.session.flush()
    return key, _secret(key.name, key.salt)


def _secret(name: str, salt: str) -> str:
    own = str(current_app.config["SECRET_KEY"]).encode()
    derived = hmac.new(own, f"cabinet key:{name}:{salt}".encode(), hashlib.sha256).digest()
    return PREFIX + base64.urlsafe_b64encode(derived).decode().rstrip("=")


def _get(cabinet_id: int) -> Cabinet:
    found = db.session.get(Cabinet, cabinet_id)
    if found is None:
        raise NotFound(_("There is no such cabinet."))
    return found
