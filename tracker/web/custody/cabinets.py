"""Cabinets that report by themselves, and the keys they sign with."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import TrackerError
from tracker.custody import cabinets
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.editing import within
from tracker.web.editing.sheet import actor

bp = Blueprint("cabinets", __name__)
CABINET = "/custody/cabinets/" + within.ID.format("cabinet_id")
KEY = "/custody/cabinet-keys/" + within.ID.format("key_id")


class New(forms.Form):
    """Where a cabinet stands."""

    name = forms.text(60)


@bp.get("/custody/cabinets")
@roles(*OFFICE)
def show() -> ResponseReturnValue:
    """List the cabinets with their keys, and the form for another one."""
    return _page({})


@bp.post("/custody/cabinets")
@roles(*OFFICE)
def create() -> ResponseReturnValue:
    """Enter a cabinet and show its key, this once."""
    try:
        typed = forms.typed(New())
        cabinet, key, secret = cabinets.make(typed["name"], by=actor(), at=clock.now())
    except TrackerError as error:
        db.session.rollback()
        return _page(error.messages), error.status
    _note("cabinet entered", cabinet.id)
    return _page({}, made=(key.name, secret)), 201


@bp.post(CABINET + "/rotate")
@roles(*OFFICE)
def rotate(cabinet_id: int) -> ResponseReturnValue:
    """Make another key; the one in use ends when the overlap is over."""
    key, secret = cabinets.rotate(cabinet_id, by=actor(), at=clock.now())
    _note("cabinet key rotated", cabinet_id)
    return _page({}, made=(key.name, secret)), 201


@bp.post(CABINET + "/end")
@roles(*OFFICE)
def end(cabinet_id: int) -> ResponseReturnValue:
    """Put a cabinet out of use."""
    cabinets.end(cabinet_id, at=clock.now())
    _note("cabinet out of use", cabinet_id)
    flash(_("The cabinet is out of use. What it sends is refused from now on."))
    return redirect(url_for("cabinets.show"), 303)


@bp.post(KEY + "/revoke")
@roles(*OFFICE)
def revoke(key_id: int) -> ResponseReturnValue:
    """End a key at once."""
    key = cabinets.revoke(key_id, at=clock.now())
    _note("cabinet key revoked", key.cabinet_id)
    flash(_("The key is revoked. What is signed with it is refused from now on."))
    return redirect(url_for("cabinets.show"), 303)


def _note(action: str, cabinet_id: int) -> None:
    audit.record(actor=actor(), action=action, subject=f"cabinet:{cabinet_id}", at=clock.now())
    db.session.commit()


def _page(errors: dict[str, list[str]], made: tuple[str, str] | None = None) -> str:
    return render_template(
        "custody/cabinets.html", errors=errors, typed=request.form, made=made, now=clock.now(),
        cabinets=[(each, cabinets.keys(each.id)) for each in cabinets.every()],
        overlap=cabinets.OVERLAP.days,
    )  # fmt: skip
