"""What is done about a hazard, by a form."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Forbidden, Invalid, NotFound, TrackerError
from tracker.hazards import duties, moving, states
from tracker.hazards.models import Hazard
from tracker.hazards.record import Deed
from tracker.obligations import book
from tracker.web import forms
from tracker.web.access import roles, viewer
from tracker.web.hazards import hazard as page_of
from tracker.web.hazards import pictures, within
from tracker.web.hazards.moment import Moment
from tracker.web.hazards.within import ACTS, HAZARD, LOOKERS, bp

_CHOOSE = _l("Choose one of the list.")


class ActForm(forms.Form):
    """What any act asks for; a box of another act is left empty."""

    revision = fields.Integer(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=1000))
    at = Moment()
    how = fields.String(load_default="")
    measure = fields.String(load_default="", validate=validate.Length(max=1000))
    deadline = forms.OptionalDay()
    department = fields.String(load_default="", validate=validate.Length(max=80))
    owner_id = fields.Integer(
        load_default=0, error_messages={"invalid": _CHOOSE}, validate=validate.Range(0, 2**31 - 1)
    )
    funds = fields.String(load_default="", validate=validate.Length(max=120))
    name = fields.String(load_default="", validate=validate.Length(max=120))
    outcome = fields.String(load_default="", validate=validate.OneOf(("", "passed", "failed")))
    kept = fields.List(fields.String(), load_default=list)


@bp.post(HAZARD + "/<string:act>")
@roles(*LOOKERS)
def do(hazard_id: int, act: str) -> ResponseReturnValue:
    """Do something about a hazard."""
    if act not in ACTS:
        abort(404)
    today, now = clock.today(), clock.now()
    within.hazard_of(hazard_id)
    kept, wrong = pictures.received(now=now)
    try:
        typed = forms.typed(ActForm(), lists=("kept",))
        hazard = within.claimed(hazard_id, typed["revision"])
        if not within.may(viewer(), hazard, act):
            _refuse(hazard, act)
        if wrong:
            raise Invalid.from_messages({"pictures": wrong})
        at = _when(typed["at"], hazard, now)
        deed = Deed(viewer().id, at, now, typed["note"], tuple(kept))
        _DO[act](hazard, deed, typed)
        within.settle(hazard, "hazard changed", today=today, now=now, act=act)
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        messages = dict(error.messages)
        messages[""] = [*messages.pop("state", []), *messages.pop("", [])]
        shown = page_of.page(within.hazard_of(hazard_id), act=act, errors=messages,
                             typed=request.form, kept=kept)  # fmt: skip
        return shown, error.status
    flash(_("Recorded."))
    return redirect(url_for("hazards.one", hazard_id=hazard_id), 303)


def _refuse(hazard: Hazard, act: str) -> None:
    states.require(hazard.state, act)
    if act == "order":
        moving.require_protection(hazard)
    raise Forbidden(_("This is for the office and the inspectors to do."))


def _when(at: datetime | None, hazard: Hazard, now: datetime) -> datetime:
    """Return when it was done: now, unless an hour was given; Invalid if that cannot be."""
    if at is None:
        return now
    if at > now:
        raise Invalid(at=_("This is still to come."))
    if at < hazard.found_at.replace(second=0, microsecond=0):
        raise Invalid(at=_("This is before it was found."))
    return at


def _order(hazard: Hazard, deed: Deed, typed: Mapping[str, Any]) -> None:
    if typed["deadline"] is None:
        raise Invalid(deadline=_("Give the day by which it must be right."))
    names = ("measure", "deadline", "department", "owner_id", "funds")
    usual = duties.usual_term(hazard, book.current())
    moving.order(hazard, deed, usual=usual, **{name: typed[name] for name in names})


def _reinspect(hazard: Hazard, deed: Deed, typed: Mapping[str, Any]) -> None:
    if not typed["outcome"]:
        raise Invalid(outcome=_("Say whether it passed."))
    passed = typed["outcome"] == "passed"
    moving.reinspect(hazard, deed, passed=passed, deadline=None if passed else typed["deadline"])


_DO: Mapping[str, Callable[[Hazard, Deed, Mapping[str, Any]], None]] = {
    "protect": lambda hazard, deed, typed: moving.protect(hazard, deed, how=typed["how"]),
    "report": lambda hazard, deed, _typed: moving.report(hazard, deed),
    "order": _order,
    "on_the_spot": lambda hazard, deed, _typed: moving.on_the_spot(hazard, deed),
    "progress": lambda hazard, deed, _typed: moving.progress(hazard, deed),
    "done": lambda hazard, deed, _typed: moving.done(hazard, deed),
    "reinspect": _reinspect,
    "sign_off": lambda hazard, deed, typed: moving.sign_off(hazard, deed, name=typed["name"]),
    "reassign": lambda hazard, deed, typed: moving.reassign(
        hazard, deed, owner_id=typed["owner_id"]
    ),
}  # fmt: skip
