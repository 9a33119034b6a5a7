"""Papers: the order as a PDF, the record of an inspection, and letters about a hazard."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, NotFound, TrackerError
from tracker.hazards import states
from tracker.hazards.models import Hazard
from tracker.hazards.record import Deed
from tracker.obligations import book
from tracker.packs import hazard_letters, hazard_notice, inspection_record
from tracker.packs.hazard_letters import AUDIENCES
from tracker.reminders import service as reminders
from tracker.web import forms
from tracker.web.access import READERS, roles, viewer
from tracker.web.forms import asked
from tracker.web.hazards import within
from tracker.web.hazards.within import HAZARD, LOOKERS, WRITERS, bp


class NoticeForm(forms.Form):
    """To whom, and what the office adds."""

    revision = fields.Integer(required=True)
    to = fields.String(required=True, validate=validate.OneOf(AUDIENCES))
    more = fields.String(load_default="", validate=validate.Length(max=1000))


@bp.get(HAZARD + "/notice.pdf")
@roles(*LOOKERS)
def notice(hazard_id: int) -> Response:
    """Hand out the order to put a hazard right."""
    hazard = within.hazard_of(hazard_id)
    return _pdf(hazard_notice.make(hazard, now=clock.now()), hazard_notice.name_of(hazard))


@bp.get("/inspections/<uuid:inspection_id>/record.pdf")
@roles(*READERS, "inspector")
def record(inspection_id: UUID) -> Response:
    """Hand out the record of an inspection."""
    inspection = inspection_record.get(str(inspection_id))
    return _pdf(inspection_record.make(inspection), inspection_record.name_of(inspection))


@bp.get(HAZARD + "/letters")
@roles(*WRITERS)
def letters(hazard_id: int) -> ResponseReturnValue:
    """Show the letters about a hazard before they go."""
    return _preview(within.hazard_of(hazard_id), asked("to"), asked("more", 1000), {})


@bp.post(HAZARD + "/letters")
@roles(*WRITERS)
def send(hazard_id: int) -> ResponseReturnValue:
    """Send the letters that were looked at."""
    today, now = clock.today(), clock.now()
    try:
        typed = forms.typed(NoticeForm())
        hazard = within.claimed(hazard_id, typed["revision"])
        if not states.allowed(hazard.state, "notify"):
            raise Conflict(_("It is closed: nobody has to be told any more."))
        count = hazard_letters.send(
            hazard, typed["to"], hazard_letters.letters(hazard, typed["to"], more=typed["more"]),
            Deed(viewer().id, now, now), send_after=_opening(now),
        )  # fmt: skip
        within.settle(hazard, "hazard notice sent", today=today, now=now, to=typed["to"],
                      letters=count)  # fmt: skip
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        form = request.form
        shown = _preview(within.hazard_of(hazard_id), form.get("to", ""), form.get("more", ""),
                         error.messages)  # fmt: skip
        return shown, error.status
    if count:
        flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", count))
    else:
        flash(_("Nothing new to send: these letters went out already."), "warning")
    return redirect(url_for("hazards.one", hazard_id=hazard_id), 303)


def _opening(now: datetime) -> datetime:
    return reminders.office_hours().next_opening(now, book.current().calendar)


def _preview(hazard: Hazard, to: str, more: str, errors: Mapping[str, list[str]]) -> str:
    to = to if to in AUDIENCES else "owner"
    written = hazard_letters.letters(hazard, to, more=more)
    samples = {each.language: each for each in reversed(written)}
    return render_template(
        "hazards/letters.html", hazard=hazard, to=to, more=more, errors=errors, letters=written,
        samples=list(samples.values()), audiences=AUDIENCES,
        may_send=states.allowed(hazard.state, "notify"),
    )  # fmt: skip


def _pdf(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), mimetype="application/pdf", download_name=name, max_age=0)
