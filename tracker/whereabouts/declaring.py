"""What can be declared, checked: each mistake is named beside its box."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.whereabouts.models import PURPOSES, SCOPES

HOME = "CHN"
#: What lies further back, further ahead or lasts longer is a slip of the hand.
BACK, AHEAD, LONGEST = timedelta(days=60), timedelta(days=400), timedelta(days=400)
_NEEDED = [_l("This is needed.")]
_DAY: dict[str, Any] = {
    "invalid": [_l("Write the day like 2026-11-30.")], "required": _NEEDED, "null": _NEEDED,
}  # fmt: skip
_CHOICE: dict[str, Any] = {"required": _NEEDED, "null": _NEEDED}


@dataclass(frozen=True, slots=True)
class Declared:
    """A trip as it was declared, checked."""

    scope: str
    leaves_on: date
    returns_on: date
    destination: str
    country: str
    contact: str
    purpose: str


def _text(longest: int) -> Any:
    return validate.Length(
        max=longest, error=_l("At most %(count)s characters fit.", count=longest)
    )


def _one_of(choices: tuple[str, ...]) -> Any:
    return validate.OneOf(choices, error=_l("Choose one of the list."))


class TripSchema(Schema):
    """A trip as forms and links send it."""

    class Meta:
        unknown = EXCLUDE

    scope = fields.String(required=True, validate=_one_of(SCOPES), error_messages=_CHOICE)
    leaves_on = fields.Date(required=True, error_messages=_DAY)
    returns_on = fields.Date(required=True, error_messages=_DAY)
    destination = fields.String(required=True, validate=_text(120), error_messages=_CHOICE)
    country = fields.String(load_default="", allow_none=True)
    contact = fields.String(load_default="", allow_none=True, validate=_text(120))
    purpose = fields.String(required=True, validate=_one_of(PURPOSES), error_messages=_CHOICE)


def checked(typed: Mapping[str, str], *, today: date) -> Declared:
    """Return a declared trip; Invalid names each box that is wrong.

    `typed["country"]` is ISO alpha-3, asked only of those who leave the mainland.
    """
    told = {name: (typed.get(name) or "").strip() or None for name in TripSchema().fields}
    try:
        data: dict[str, Any] = TripSchema().load(told)
    except ValidationError as error:
        raise Invalid.from_messages(error.messages_dict) from None
    abroad = data["scope"] == "country"
    trip = Declared(
        data["scope"], data["leaves_on"], data["returns_on"], data["destination"],
        (data["country"] or "") if abroad else HOME, data["contact"] or "", data["purpose"],
    )  # fmt: skip
    if wrong := _wrong(trip, today):
        raise Invalid(**wrong)
    return trip


def _wrong(trip: Declared, today: date) -> dict[str, str]:
    wrong = {}
    if trip.scope == "country" and (len(trip.country) != 3 or trip.country == HOME):
        wrong["country"] = _("Choose the country or region from the list.")
    if not today - BACK <= trip.leaves_on <= today + AHEAD:
        wrong["leaves_on"] = _("This day is too far away. Check the year.")
    if trip.returns_on < trip.leaves_on:
        wrong["returns_on"] = _("This is before the day of leaving.")
    elif trip.returns_on - trip.leaves_on > LONGEST:
        wrong["returns_on"] = _("This day is too far away. Check the year.")
    return wrong


def checked_return(typed: str, leaves_on: date, *, today: date) -> date:
    """Return the day on which somebody was back; Invalid for a day to come or before the trip."""
    try:
        day = date.fromisoformat(typed.strip()) if typed.strip() else today
    except ValueError:
        raise Invalid(returned_on=_("Write the day like 2026-11-30.")) from None
    if day > today:
        raise Invalid(returned_on=_("This day is still to come."))
    if day < leaves_on:
        raise Invalid(returned_on=_("This is before the day of leaving."))
    return day
