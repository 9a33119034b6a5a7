"""Report a hazard from the desk."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.hazards import queries, service, states
from tracker.web import forms
from tracker.web.access import roles, viewer
from tracker.web.forms import asked
from tracker.web.hazards import pictures, within
from tracker.web.hazards.moment import Moment
from tracker.web.hazards.within import WRITERS, bp

_CHOOSE = _l("Choose one of the list.")


class ReportForm(forms.Form):
    """A hazard told from the desk. `key`: made with the form, so that sending twice is once."""

    key = fields.UUID(required=True)
    building_id = fields.Integer(
        required=True, validate=validate.Range(1, 2**31 - 1, error=_CHOOSE),
        error_messages={"required": _CHOOSE, "invalid": _CHOOSE},
    )  # fmt: skip
    room = fields.String(load_default="", validate=validate.Length(max=40))
    kind = fields.String(load_default="O", validate=validate.OneOf(states.KINDS, error=_CHOOSE))
    text = forms.text(1000)
    grade = fields.String(
        required=True, validate=validate.OneOf(states.GRADES, error=_CHOOSE),
        error_messages={"required": _CHOOSE},
    )  # fmt: skip
    at = Moment()
    kept = fields.List(fields.String(), load_default=list)


@bp.get("/hazards/new")
@roles(*WRITERS)
def new() -> ResponseReturnValue:
    """Ask what was found where."""
    start = {"key": str(uuid4()), "building_id": asked("building", 10), "room": asked("room", 40)}
    return _form(start, {}, [])


@bp.post("/hazards/new")
@roles(*WRITERS)
def add() -> ResponseReturnValue:
    """Record a hazard."""
    today, now = clock.today(), clock.now()
    kept, wrong = pictures.received(now=now)
    try:
        typed = forms.typed(ReportForm(), lists=("kept",))
        if wrong:
            raise Invalid.from_messages({"pictures": wrong})
        at = typed["at"] or now
        if at > now:
            raise Invalid(at=_("This is still to come."))
        hazard = service.found(
            key=str(typed["key"]), building_id=typed["building_id"],
            room_id=_room(typed["building_id"], typed["room"]), item=None, kind=typed["kind"],
            text=typed["text"], grade=typed["grade"], found_at=at, by=viewer().id, photos=kept,
            now=now,
        )  # fmt: skip
        within.settle(hazard, "hazard reported", today=today, now=now, grade=hazard.grade)
    except TrackerError as error:
        db.session.rollback()
        return _form(request.form, error.messages, kept), error.status
    flash(_("Recorded as %(number)s.", number=hazard.number))
    return redirect(url_for("hazards.one", hazard_id=hazard.id), 303)


def _room(building_id: int, number: str) -> int | None:
    """Return the room of this number; Invalid if the building has none."""
    if not number.strip():
        return None
    room_id = queries.room_of(building_id, number.strip())
    if room_id is None:
        raise Invalid(room=_("This building has no such room. Leave it empty for the building."))
    return room_id


def _form(
    typed: Mapping[str, Any], errors: Mapping[str, list[str]], kept: Sequence[str]
) -> str:  # fmt: skip
    return render_template(
        "hazards/new.html", typed=typed, errors=errors, kept=kept, buildings=queries.buildings(),
        kinds=states.KINDS, grades=states.GRADES,
    )  # fmt: skip
