"""The list of hazards to take along."""

from collections.abc import Sequence
from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.directory.tables import FORMATS, WRITERS, Cell
from tracker.hazards import queries
from tracker.hazards.models import Hazard
from tracker.web import forms
from tracker.web.access import roles, viewer
from tracker.web.hazards import listing, words
from tracker.web.hazards.within import LOOKERS, bp
from tracker.web.pages import in_reader_language
from tracker.web.words import named

#: Rows of one file.
MOST = 20_000


class TakeAlong(forms.Form):
    """Which hazards, as which kind of file."""

    format = fields.String(
        required=True, validate=validate.OneOf(sorted(FORMATS), error=_l("Choose Excel or CSV."))
    )
    building = fields.String(load_default="")
    owner = fields.String(load_default="")
    grade = fields.String(load_default="")
    state = fields.String(load_default="")
    kind = fields.String(load_default="")
    age = fields.String(load_default="")
    overdue = fields.String(load_default="")


@bp.post("/hazards/export")
@roles(*LOOKERS)
def take_along() -> ResponseReturnValue:
    """Send the list as a file, within what the reader may see."""
    typed, today = forms.typed(TakeAlong()), clock.today()
    kind = typed.pop("format")
    found = queries.listed(listing.wanted(typed), today=today, most=MOST)
    data = WRITERS[kind](_table(found))
    audit.record(
        actor=audit.actor_of(viewer()), action="list exported", subject="hazards", at=clock.now(),
        details={"format": kind, "hazards": len(found)},
    )  # fmt: skip
    db.session.commit()
    name = f"hazards-{today.isoformat()}.{kind}"
    return send_file(
        BytesIO(data), mimetype=FORMATS[kind], as_attachment=True, download_name=name
    )  # fmt: skip


def _table(hazards: Sequence[Hazard]) -> list[list[Cell]]:
    headings: list[Cell] = [
        _("Number"), _("Building"), _("Room or place"), _("Item"), _("What it is about"),
        _("What is wrong"), _("Grade"), _("State"), _("Found"), _("Next day"), _("Deadline"),
        _("Measure"), _("Responsible department"), _("Answers for it"), _("Funds"),
        _("Failed re-inspections"), _("Closed out"), _("Signed off"),
    ]  # fmt: skip
    return [headings, *(_row(each) for each in hazards)]


def _row(each: Hazard) -> list[Cell]:
    return [
        each.number, in_reader_language(each.building.name_zh, each.building.name_en),
        each.room.number if each.room else None, each.item, named(words.KINDS, each.kind),
        each.text, named(words.GRADES, each.grade), named(words.STATES, each.state),
        campus_day(each.found_at), None if each.closed else each.next_on, each.deadline,
        each.measure, each.department, each.owner.name if each.owner else None, each.funds,
        each.failed, campus_day(each.closed_at) if each.closed_at else None,
        each.signed_off_by or None,
    ]  # fmt: skip
