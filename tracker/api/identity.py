"""Who asks: the owner of a token, or for reading whoever is signed in with a browser."""

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts import tokens
from tracker.accounts.models import Account
from tracker.api.answers import InsufficientScope, Unauthorized
from tracker.core import clock
from tracker.core.db import db

READING = ("GET", "HEAD", "OPTIONS")


def identify(scope: str) -> Account:
    """Return the account behind the request, if what it shows is good for `scope`."""
    if "Authorization" in request.headers:
        return _owner(scope)
    if request.method in READING and current_user.is_authenticated:
        account: Account = current_user._get_current_object()
        return account
    raise Unauthorized(_("Send a personal access token: Authorization: Bearer …"))


def _owner(scope: str) -> Account:
    shown, now = request.authorization, clock.now()
    secret = shown.token if shown is not None and shown.type == "bearer" else None
    token = tokens.recognise(secret or "", now=now)
    if token is None:
        raise Unauthorized(_("This token is not good, or not any more. Make another one."))
    if tokens.use_is_unnoted(token, now=now):
        token_id = token.id
        db.session.rollback()  # the note is a transaction of its own
        tokens.note_use(token_id, now=now)
    if scope not in token.scopes:
        raise InsufficientScope(_("This token was not made for %(scope)s.", scope=scope))
    return token.account
