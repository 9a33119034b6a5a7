"""What the office types when it decides about letters."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields, pre_load, validate

from tracker.web.forms import Form

_RECIPIENT = validate.Regexp(r"(person|account):[1-9]\d{0,9}$")


class WordForm(Form):
    """Where to go back to."""

    back = fields.String(load_default="")


class ToldForm(WordForm):
    """One reminder."""

    obligation_id = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))
    stage = fields.String(required=True, validate=validate.Length(1, 20))
    recipient = fields.String(required=True, validate=_RECIPIENT)


class SkipForm(ToldForm):
    """One reminder, and why it is skipped."""

    reason = fields.String(
        required=True, validate=validate.Length(1, 300, error=_l("Say in a few words why."))
    )


class HoldForm(WordForm):
    """Whose letters, about what, to whom, how long and why."""

    person_id = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))
    obligation_id = fields.Integer(load_default=None, validate=validate.Range(1, 2**31 - 1))
    recipient = fields.String(load_default=None, validate=_RECIPIENT)
    what = fields.String(load_default="person", validate=validate.OneOf(("person", "duty")))
    who = fields.String(load_default="everybody", validate=validate.OneOf(("everybody", "reader")))
    until = fields.Date(
        load_default=None,
        error_messages={"invalid": _l("Write a day like 2026-11-30, or leave it empty.")},
    )
    reason = fields.String(
        required=True, validate=validate.Length(1, 300, error=_l("Say in a few words why."))
    )

    @pre_load
    def empty_is_none(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Take an empty day for none."""
        return {name: value for name, value in data.items() if value != "" or name == "reason"}
