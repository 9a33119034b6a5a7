"""What can be said by a link, checked: each mistake is named beside its box."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.facts import service as facts

#: The boxes of each kind of answer; those of a permit are fields of its document.
BOXES: Mapping[str, tuple[str, ...]] = {
    "paper": (), "permit": ("number", "issued_on", "expires_on"),
    "filed": ("accepted_on", "receipt_number"), "leaving": ("departed_on",), "not_me": (),
    "renew": ("until",), "not_renew": (), "back": ("returned_on",), "later": ("returns_on",),
}  # fmt: skip
#: Answers that come with files, and whether they make no sense without.
FILES: Mapping[str, bool] = {"paper": True, "permit": False, "filed": False}
MOST_FILES = 5
LONGEST_NOTE = 500
#: A departure further away is a slip of the hand.
FURTHEST = timedelta(days=3 * 366)
_NEEDED = [_l("This is needed.")]
_DAY: dict[str, Any] = {
    "invalid": [_l("Write the day like 2026-11-30.")], "required": _NEEDED, "null": _NEEDED,
}  # fmt: skip


class _Note(Schema):
    class Meta:
        unknown = EXCLUDE

    note = fields.String(
        load_default="",
        validate=validate.Length(
            max=LONGEST_NOTE, error=_l("At most %(count)s characters fit.", count=LONGEST_NOTE)
        ),
    )


class _Leaving(Schema):
    departed_on = fields.Date(required=True, error_messages=_DAY)


class _Back(Schema):
    returned_on = fields.Date(required=True, error_messages=_DAY)


class _Later(Schema):
    returns_on = fields.Date(required=True, error_messages=_DAY)


class _Renew(Schema):
    until = fields.Date(required=True, error_messages=_DAY)


def note(form: Mapping[str, str]) -> str:
    """Return the remark that goes with an answer."""
    try:
        return str(_Note().load({"note": form.get("note", "").strip()})["note"])
    except ValidationError as error:
        raise Invalid.from_messages(error.messages_dict) from None


def checked(
    kind: str, typed: Mapping[str, str], *, document: str | None, procedure: str | None, today: date
) -> dict[str, Any]:
    """Return the typed fields of an answer; Invalid names each that is wrong.

    `document`: the kind of document a permit is; `procedure`: what an application is for.
    """
    if kind == "permit":
        return _permit(typed, document or "")
    if kind == "filed":
        return _filed(typed, procedure or "", today)
    if kind == "leaving":
        day = _load(_Leaving(), typed)["departed_on"]
        if not today - FURTHEST <= day <= today + FURTHEST:
            raise Invalid(departed_on=_("This day is too far away. Check the year."))
        return {"departed_on": day}
    if kind == "back":
        day = _load(_Back(), typed)["returned_on"]
        if not today - FURTHEST <= day <= today:
            raise Invalid(returned_on=_("Give the day on which you were back."))
        return {"returned_on": day}
    if kind == "later":
        day = _load(_Later(), typed)["returns_on"]
        if not today <= day <= today + FURTHEST:
            raise Invalid(returns_on=_("Give a day to come."))
        return {"returns_on": day}
    if kind == "renew":
        day = _load(_Renew(), typed)["until"]
        if not today < day <= today + 2 * FURTHEST:
            raise Invalid(until=_("Give a day to come, within six years."))
        return {"until": day}
    return {}


def _permit(typed: Mapping[str, str], document: str) -> dict[str, Any]:
    _require(typed, BOXES["permit"])
    return facts.validated(document, {name: typed[name] for name in BOXES["permit"]})


def _filed(typed: Mapping[str, str], procedure: str, today: date) -> dict[str, Any]:
    _require(typed, ("accepted_on",))
    told = {name: typed.get(name, "") for name in BOXES["filed"]}
    data = facts.validated("application", told | {"procedure": procedure})
    if data["accepted_on"] > today:
        raise Invalid(accepted_on=_("This day is still to come."))
    return {name: data[name] for name in BOXES["filed"] if name in data}


def _require(typed: Mapping[str, str], names: tuple[str, ...]) -> None:
    if missing := {name: str(_("This is needed.")) for name in names if not typed.get(name)}:
        raise Invalid(**missing)


def _load(schema: Schema, typed: Mapping[str, str]) -> dict[str, Any]:
    known = {name: typed.get(name) or None for name in schema.fields}
    try:
        data: dict[str, Any] = schema.load(known)
    except ValidationError as error:
        raise Invalid.from_messages(error.messages_dict) from None
    return data


def stored(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed fields as JSON holds them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in data.items()
        if value not in (None, "")
    }


def day(said: Mapping[str, Any], name: str) -> date | None:
    """Return a day that was said."""
    value = said.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else None
