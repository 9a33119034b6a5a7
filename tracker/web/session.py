"""Signing in and out, and when a sign-in ends by itself."""

from datetime import datetime

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, session
from flask import url_for as address_of
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user
from marshmallow import fields

from tracker.accounts import audit, first_run, service, throttle
from tracker.accounts.models import ROLES, Account
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.web import forms
from tracker.web.access import public, roles, viewer
from tracker.web.paths import same_site

bp = Blueprint("session", __name__)
#: How old the note of the last use may grow before the cookie is written anew.
NOTE_EVERY = 60


class SignIn(forms.Form):
    """What the sign-in page asks."""

    email = forms.text()
    password = forms.text(128)
    next = fields.String(load_default="")


@bp.get("/sign-in")
@public("this is where one signs in")
def show() -> ResponseReturnValue:
    """Show the form, or the way on for who is already signed in."""
    if current_user.is_authenticated:
        return redirect(same_site(request.args.get("next")) or "/")
    if first_run.is_open():
        return redirect(address_of("setup.show"), 303)
    return _page({}, {"next": request.args.get("next", "")})


@bp.post("/sign-in")
@public("this is where one signs in")
def sign_in() -> ResponseReturnValue:
    """Begin a session, or say that address and password do not go together."""
    now = clock.now()
    try:
        typed = forms.typed(SignIn())
        tries = throttle.subjects(
            email=service.normal_email(typed["email"]), address=request.remote_addr
        )
        reserved = throttle.reserve(tries, now=now)
    except Invalid as error:
        return _page(error.messages, request.form), error.status
    except throttle.Throttled as error:
        return _refuse_for_now(error)
    account = service.authenticate(email=typed["email"], password=typed["password"])
    if account is None:
        return _refuse(typed["email"], now)
    throttle.forget(reserved, now=now)
    audit.record(
        actor=audit.actor_of(account), action="sign-in", subject=audit.actor_of(account), at=now
    )
    db.session.commit()
    begin(account, now=now)
    return redirect(same_site(typed["next"]) or "/", 303)


@bp.post("/sign-out")
@roles(*ROLES)
def sign_out() -> ResponseReturnValue:
    """End all sessions of the account, so that a copied cookie is worth nothing."""
    account = viewer()
    service.end_sessions(account)
    audit.record(
        actor=audit.actor_of(account), action="sign-out", subject=audit.actor_of(account),
        at=clock.now(),
    )  # fmt: skip
    db.session.commit()
    _clear()
    flash(_("You are signed out."))
    return redirect(address_of("session.show"), 303)


def begin(account: Account, *, now: datetime) -> None:
    """Start a fresh session for `account`; nothing of the one before survives but the language."""
    _clear()
    session.setdefault("language", account.language)
    session["since"] = session["seen"] = int(now.timestamp())
    login_user(account)


def configure(app: Flask) -> None:
    """Set the cookie's rules and who is behind it."""
    secure = app.config["SESSION_COOKIE_SECURE"]
    app.config.update(
        # __Host- binds the cookie to this host and https; browsers refuse it over http.
        SESSION_COOKIE_NAME="__Host-tracker" if secure else "tracker",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open as long as its session lives
    )
    load_accounts(app)


def load_accounts(app: Flask) -> None:
    """Let Flask-Login find the account of a session."""
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # phones change their address all day
    manager.user_loader(_account_of_session)


def _account_of_session(session_id: str) -> Account | None:
    now = int(clock.now().timestamp())
    since, seen = session.get("since", 0), session.get("seen", 0)
    idle = current_app.config["SESSION_IDLE_MINUTES"] * 60
    if now - seen >= idle or now - since >= current_app.config["SESSION_HOURS"] * 3600:
        return None
    account = service.in_session(session_id)
    if account is not None and now - seen >= NOTE_EVERY:
        session["seen"] = now
    return account


def _refuse(email: str, now: datetime) -> ResponseReturnValue:
    known = service.find(email)
    subject = audit.actor_of(known) if known else "account:unknown"
    audit.record(actor="anonymous", action="sign-in refused", subject=subject, at=now)
    db.session.commit()
    messages = {"": [_("Address and password do not go together. Check both and try again.")]}
    return _page(messages, request.form), 401


def _refuse_for_now(error: throttle.Throttled) -> ResponseReturnValue:
    minutes = int(throttle.WINDOW.total_seconds() // 60)
    text = _(
        "Too many failed tries. Wait %(minutes)s minutes and try again, or ask the "
        "administrator.", minutes=minutes,
    )  # fmt: skip
    return _page({"": [text]}, request.form), error.status, {"Retry-After": str(minutes * 60)}


def _page(messages: dict[str, list[str]], typed: object) -> str:
    return render_template("sign_in.html", errors=messages, typed=typed)


def _clear() -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
