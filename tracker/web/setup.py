"""First run: the first admin account, for whoever can read the token on the server."""

import logging
from pathlib import Path

from flask import Blueprint, abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts import first_run
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.web import forms, language, session
from tracker.web.access import public

bp = Blueprint("setup", __name__)
log = logging.getLogger(__name__)


class Setup(forms.Form):
    """What the first page asks."""

    token = forms.text(100)
    name = forms.text(120)
    email = forms.text()
    password = forms.text(128)


@bp.get("/setup")
@public("nobody has an account yet; gone as soon as somebody has")
def show() -> ResponseReturnValue:
    """Ask for the token and the first account."""
    if not first_run.is_open():
        abort(404)
    path = first_run.offer(_home())
    log.warning("first run: the set-up token lies in %s", path)
    return _page({}, {})


@bp.post("/setup")
@public("nobody has an account yet; gone as soon as somebody has")
def create() -> ResponseReturnValue:
    """Make the first admin and sign them in."""
    if not first_run.is_open():
        abort(404)
    now = clock.now()
    try:
        typed = forms.typed(Setup())
        account = first_run.create_first_admin(
            home=_home(), language=language.current(), at=now, **typed
        )
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return _page(error.messages, request.form), error.status
    db.session.commit()
    first_run.retire(_home())
    session.begin(account, now=now)
    return redirect("/", 303)


def _home() -> Path:
    return Path(current_app.config["HOME"])


def _page(messages: dict[str, list[str]], typed: object) -> str:
    path = first_run.offer(_home())
    return render_template("setup.html", errors=messages, typed=typed, token_file=path)
