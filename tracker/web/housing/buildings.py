"""The buildings: a list of them, and the form for one."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields, validate

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, Stale, TrackerError
from tracker.housing import queries, service, stays
from tracker.housing.models import Building
from tracker.web import forms
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.forms import asked
from tracker.web.housing import within
from tracker.web.housing.within import BUILDING
from tracker.web.safety import LOOKERS

bp = Blueprint("buildings", __name__)
#: Roles that can answer for a building.
KEEPERS = ("admin", "officer", "inspector", "head")


class Details(forms.Form):
    """What is known of a building."""

    name_zh = forms.text(120)
    name_en = fields.String(load_default="", validate=validate.Length(max=200))
    campus = forms.text(60)
    address = fields.String(load_default="", validate=validate.Length(max=300))
    hotel = fields.String(load_default="")
    gas = fields.String(load_default="")
    lift = fields.String(load_default="")
    high_rise = fields.String(load_default="")
    night_patrol = fields.String(load_default="")
    keeper = fields.String(load_default="", validate=validate.Length(max=10))
    revision = fields.Integer(load_default=None)


@bp.get("/buildings")
@roles(*LOOKERS)
def show() -> ResponseReturnValue:
    """List the buildings with how much of each is used."""
    found = queries.buildings()
    return render_template(
        "housing/buildings.html", buildings=queries.counted(found),
        may_change=viewer().role in OFFICE, sees_people=viewer().role != "inspector",
    )  # fmt: skip


@bp.route("/buildings/new", methods=["GET", "POST"])
@roles(*OFFICE)
def new() -> ResponseReturnValue:
    """Add a building."""
    if request.method == "GET":
        return _form(None, {}, {"name_zh": asked("name")})
    try:
        made = service.add_building(**_typed())
        within.note("building added", made)
        within.settle(made, stays.placed_again(made))
    except TrackerError as error:
        return _again(None, error)
    flash(_("The building is there. Add its rooms next."))
    return redirect(url_for("rooms.add", building_id=made.id), 303)


@bp.route(BUILDING + "/edit", methods=["GET", "POST"])
@roles(*OFFICE)
def edit(building_id: int) -> ResponseReturnValue:
    """Change what is known of a building; residents' duties follow at once."""
    found = service.building(building_id)
    if request.method == "GET":
        return _form(found, {}, _as_typed(found))
    try:
        typed = _typed()
        found = service.claim(building_id, expected=_revision())
        before = _as_typed(found)
        service.change_building(found, **typed)
        after = _as_typed(found)
        changed = sorted(name for name in before if before[name] != after[name])
        within.note("building changed", found, fields=[n for n in changed if n != "revision"])
        told = {"hotel", "name_en", "name_zh"} & set(changed)
        within.settle(found, stays.placed_again(found) if told else [])
    except NotFound:
        raise
    except TrackerError as error:
        return _again(building_id, error)
    flash(_("Saved."))
    return redirect(url_for("building.show", building_id=building_id), 303)


@bp.post(BUILDING + "/<any(open, close):act>")
@roles(*OFFICE)
def set_active(building_id: int, act: str) -> ResponseReturnValue:
    """Take a building out of use, or into use again."""
    found = service.building(building_id)
    try:
        service.set_active(found, act == "open")
    except TrackerError as error:
        return _again(building_id, error)
    within.note("building opened" if act == "open" else "building closed", found)
    within.settle(found, [])
    flash(_("The building is in use again.") if act == "open" else _("The building is closed."))
    return redirect(url_for("building.show", building_id=building_id), 303)


def _typed() -> dict[str, Any]:
    typed = forms.typed(Details())
    typed.pop("revision")
    keeper = typed.pop("keeper")
    typed |= {name: bool(typed[name]) for name in service.FLAGS}
    return typed | {"keeper_id": _keeper(keeper)}


def _keeper(number: str) -> int | None:
    if not number:
        return None
    known = number.isascii() and number.isdecimal()
    account = db.session.get(Account, min(int(number), 2**31 - 1)) if known else None
    if account is None or account.role not in KEEPERS:
        raise Invalid(keeper=_("Choose one of the list."))
    return account.id


def _revision() -> int:
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _as_typed(found: Building) -> dict[str, Any]:
    return {
        "name_zh": found.name_zh, "name_en": found.name_en or "", "campus": found.campus.name_zh,
        "address": found.address, "keeper": str(found.keeper_id or ""),
        "revision": found.revision,
        **{name: "yes" if getattr(found, name) else "" for name in service.FLAGS},
    }  # fmt: skip


def _again(building_id: int | None, error: TrackerError) -> ResponseReturnValue:
    """Show the form with what was typed and what is wrong; somebody else's change beside it."""
    db.session.rollback()
    found = service.building(building_id) if building_id is not None else None
    typed: dict[str, Any] = dict(request.form)
    theirs = None
    if isinstance(error, Stale) and found is not None:
        theirs = _as_typed(found)
        typed["revision"] = found.revision
    elif found is not None and "name_zh" not in typed:
        typed = _as_typed(found)
    return _form(found, error.messages, typed, theirs=theirs), error.status


def _form(
    found: Building | None, errors: Mapping[str, list[str]], typed: Mapping[str, Any],
    theirs: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    keepers = db.session.scalars(
        sa.select(Account)
        .where(Account.active, Account.role.in_(KEEPERS))
        .order_by(Account.name, Account.id)
    ).all()
    differing = {
        name: value
        for name, value in (theirs or {}).items()
        if name != "revision" and str(typed.get(name, "")) != str(value)
    }
    return render_template(
        "housing/building_form.html", building=found, errors=errors, typed=typed, keepers=keepers,
        campuses=queries.campuses(), flags=service.FLAGS, theirs=differing,
        stale=theirs is not None,
    )  # fmt: skip
