"""Passwords: changing one's own, and choosing one by a link."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts import audit, links, service, throttle
from tracker.accounts.models import ROLES
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound
from tracker.web import forms, session
from tracker.web.access import public, roles, viewer

bp = Blueprint("passwords", __name__)


class OwnPassword(forms.Form):
    """The password one has, and the one to have."""

    current = forms.text(128)
    password = forms.text(128)


class FirstPassword(forms.Form):
    """The password to have."""

    password = forms.text(128)


@bp.get("/account/password")
@roles(*ROLES)
def own() -> ResponseReturnValue:
    """Ask for the old and the new password."""
    return render_template("accounts/own_password.html", errors={}, typed={})


@bp.post("/account/password")
@roles(*ROLES)
def change_own() -> ResponseReturnValue:
    """Change one's own password; every other session of the account ends."""
    account, now = viewer(), clock.now()
    try:
        typed = forms.typed(OwnPassword())
        tries = throttle.subjects(email=f"own:{account.email}", address=None)
        reserved = throttle.reserve(tries[:1], now=now)
        service.replace_password(account, typed["current"], typed["password"])
    except Invalid as error:
        db.session.rollback()
        page = render_template("accounts/own_password.html", errors=error.messages, typed={})
        return page, error.status
    except throttle.Throttled as error:
        return _wait("accounts/own_password.html", error)
    throttle.forget(reserved, now=now)
    links.end_all(account, at=now)
    actor = audit.actor_of(account)
    audit.record(actor=actor, action="password changed", subject=actor, at=now)
    db.session.commit()
    session.begin(account, now=now)
    flash(_("Your password is changed. Other devices have to sign in again."))
    return redirect("/", 303)


@bp.get("/password/<string(maxlength=100):token>")
@public("whoever holds the link has no password yet; opening it changes nothing")
def choose(token: str) -> ResponseReturnValue:
    """Ask for a password; a link that no longer works says so."""
    try:
        account = links.account_of(token, at=clock.now())
    except NotFound:
        return _gone()
    return render_template("accounts/choose.html", errors={}, typed={}, account=account)


@bp.post("/password/<string(maxlength=100):token>")
@public("whoever holds the link has no password yet; it works once")
def set_first(token: str) -> ResponseReturnValue:
    """Set the password and sign in."""
    now = clock.now()
    try:
        account = links.account_of(token, at=now)
        typed = forms.typed(FirstPassword())
        account = links.redeem(token, typed["password"], at=now)
    except NotFound:
        db.session.rollback()
        return _gone()
    except Invalid as error:
        db.session.rollback()
        account = links.account_of(token, at=now)
        page = render_template(
            "accounts/choose.html", errors=error.messages, typed=request.form, account=account
        )
        return page, error.status
    actor = audit.actor_of(account)
    audit.record(actor=actor, action="password chosen", subject=actor, at=now)
    db.session.commit()
    session.begin(account, now=now)
    flash(_("Your password is set, and you are signed in."))
    return redirect("/", 303)


def _gone() -> ResponseReturnValue:
    return render_template("accounts/gone.html", address=url_for("session.show")), 404


def _wait(template: str, error: throttle.Throttled) -> ResponseReturnValue:
    minutes = int(throttle.WINDOW.total_seconds() // 60)
    text = _("Too many failed tries. Wait %(minutes)s minutes and try again.", minutes=minutes)
    page = render_template(template, errors={"": [text]}, typed={})
    return page, error.status, {"Retry-After": str(minutes * 60)}
