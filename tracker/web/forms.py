"""Forms: what was typed, checked by a schema, and the words beside each box."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import abort, request
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from tracker.core.errors import Invalid
from tracker.facts import kinds


class Form(Schema):
    """A form's fields; a field it does not have is an error, not silence."""

    class Meta:
        unknown = RAISE


def text(longest: int = 254) -> fields.String:
    """Return a box that must be filled."""
    message = _l("Fill this in, with at most %(count)s characters.", count=longest)
    return fields.String(
        required=True,
        validate=validate.Length(1, longest, error=message),
        error_messages={"required": message},
    )


class OptionalDay(fields.Date):
    """A day; an empty box is none."""

    def __init__(self, **options: Any) -> None:
        """Take the options of a date."""
        super().__init__(
            load_default=None, allow_none=True, validate=kinds.reckonable,
            error_messages={"invalid": _l("Give the day like 2026-11-30.")}, **options,
        )  # fmt: skip

    def deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        """Return the day typed."""
        return super().deserialize(None if value == "" else value, *rest, **more)


def typed(form: Form, *, lists: Collection[str] = ()) -> dict[str, Any]:
    """Return the checked fields of the request; Invalid names each wrong one.

    `lists`: fields that may come several times.
    """
    raw: dict[str, Any] = {
        name: value for name, value in request.form.items() if name != "csrf_token"
    }
    raw |= {name: request.form.getlist(name) for name in lists}
    refuse_nul()
    try:
        data: dict[str, Any] = form.load(raw)
    except ValidationError as error:
        raise Invalid.from_messages(_as_text(error.messages_dict)) from None
    return data


def refuse_nul() -> None:
    """Answer 400 to a form with a NUL in it: PostgreSQL keeps no such text."""
    if any("\0" in value for value in request.form.values()):
        abort(400)


def asked(name: str, longest: int = 100) -> str:
    """Return a parameter of the address, trimmed; empty when it is missing."""
    value = request.args.get(name, "").strip()
    if "\0" in value:
        abort(400)
    return value[:longest]


def page_number(last: int = 10_000) -> int:
    """Return the page asked for, from 1 on; nonsense is the first."""
    wanted = asked("page", 6)
    return min(max(int(wanted), 1), last) if wanted.isascii() and wanted.isdecimal() else 1


def _as_text(messages: Mapping[str, Any]) -> dict[str, list[str]]:
    # A lazy text stands alone where a plain one would be in a list.
    listed = {
        field: texts if isinstance(texts, list) else [texts] for field, texts in messages.items()
    }
    return {field: [str(text) for text in texts] for field, texts in listed.items()}
