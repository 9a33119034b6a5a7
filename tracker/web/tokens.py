"""Personal access tokens: what a person's own programs may do in their name."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker.accounts import audit, tokens
from tracker.accounts.models import ROLES, AccessToken
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.web import forms
from tracker.web.access import roles, viewer

bp = Blueprint("tokens", __name__, url_prefix="/account/tokens")

WORDS = {
    "people:read": _l("Read people, their documents and duties"),
    "people:write": _l("Change people and record documents"),
    "letters:read": _l("Read letters, holds and coming reminders"),
    "letters:write": _l("Send letters again, close them, release holds"),
    "imports:read": _l("Read what imports did"),
    "imports:write": _l("Import rosters and undo imports"),
    "rules:read": _l("Read the rules and the calendar"),
}


class NewToken(forms.Form):
    """What the form asks, besides a box for each scope."""

    name = forms.text(80)
    days = fields.Integer(
        required=True,
        validate=validate.OneOf(tokens.LIFETIMES, error=_l("Choose how long it is good for.")),
    )


#: The name of a scope's box.
BOXES = {scope: scope.replace(":", "_") for scope in tokens.SCOPES}
Form: Any = NewToken.from_dict(
    {box: fields.Boolean(load_default=False) for box in BOXES.values()}, name="NewTokenForm"
)


@bp.get("")
@roles(*ROLES)
def show() -> ResponseReturnValue:
    """List the reader's own tokens, with the form for another one."""
    return _page()


@bp.post("")
@roles(*ROLES)
def create() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    now, account = clock.now(), viewer()
    try:
        typed = forms.typed(Form())
        token, secret = tokens.issue(
            account, name=typed["name"].strip(), days=typed["days"], at=now,
            scopes=[scope for scope, box in BOXES.items() if typed[box]],
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        return _page(errors=error.messages, typed=request.form), error.status
    _note("token made", token, scopes=token.scopes)
    return _page(made=token, secret=secret), 201


@bp.post("/<int(max=2147483647):token_id>/revoke")
@roles(*ROLES)
def revoke(token_id: int) -> ResponseReturnValue:
    """End one of the reader's own tokens at once."""
    token = tokens.revoke(viewer(), token_id, at=clock.now())
    _note("token revoked", token)
    flash(_("The token is revoked. Programs that use it are turned away from now on."))
    return redirect(url_for("tokens.show"), 303)


def _note(action: str, token: AccessToken, **details: object) -> None:
    audit.record(
        actor=audit.actor_of(viewer()), action=action, subject=f"token:{token.id}", at=clock.now(),
        details=dict(details),
    )  # fmt: skip
    db.session.commit()


def _page(
    *, errors: dict[str, list[str]] | None = None, typed: object = None,
    made: AccessToken | None = None, secret: str = "",
) -> str:  # fmt: skip
    account = viewer()
    return render_template(
        "account/tokens.html", tokens=tokens.of_account(account), now=clock.now(), words_of=WORDS,
        boxes={scope: BOXES[scope] for scope in tokens.scopes_of(account.role)},
        lifetimes=tokens.LIFETIMES, errors=errors or {}, typed=typed or {}, made=made,
        secret=secret,
    )  # fmt: skip
