"""The letters of the coming days, if no fact changes till then."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, fields

from tracker.api.blueprint import Blueprint
from tracker.core import clock
from tracker.core.errors import Invalid
from tracker.reminders import outlook
from tracker.web.access import READERS

bp = Blueprint("reminders", "The letters of the coming days")
USUAL, LONGEST = 14, 62


class PreviewQuery(Schema):
    """Which days."""

    from_ = fields.Date(data_key="from", metadata={"description": "Today when left out."})
    until = fields.Date(
        metadata={"description": f"A fortnight on when left out; at most {LONGEST} days."}
    )


class About(Schema):
    """What a letter will be about."""

    person = fields.String(required=True)
    rule = fields.String(required=True)
    stage = fields.String(required=True)
    safe_on = fields.String(required=True, metadata={"format": "date"})


class Coming(Schema):
    """One letter that will be written."""

    to = fields.String(required=True)
    about = fields.List(fields.Nested(About), required=True)


class Day(Schema):
    """The letters of a day."""

    component = "PreviewDay"
    on = fields.String(required=True, metadata={"format": "date"})
    letters = fields.List(fields.Nested(Coming), required=True)


@bp.read("/reminders/preview", Day(many=True), scope="letters:read", to=READERS,
         query=PreviewQuery())  # fmt: skip
def preview_reminders(query: dict[str, Any]) -> Any:
    """Foresee the letters by day and addressee; days without one are left out."""
    today = clock.today()
    first = query.get("from_", today)
    if not today <= first <= today + timedelta(days=366):
        raise Invalid(**{"from": _("Give a day from today on, within a year.")})
    last = query.get("until", first + timedelta(days=USUAL))
    if not first <= last <= first + timedelta(days=LONGEST):
        raise Invalid(until=_("Give a day after the first, at most %(days)s later.", days=LONGEST))
    return outlook.preview(first, last)
