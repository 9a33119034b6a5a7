"""Mistakes a person can mend. Each says which field, why and what to do."""

from collections.abc import Mapping
from typing import Any


class TrackerError(Exception):
    """Base of what is shown to the user instead of being reported as a bug.

    `messages` maps a field name to texts; "" holds what belongs to no single field.
    """

    status = 400
    code = "invalid"

    def __init__(self, message: str = "", **fields: str) -> None:
        self.messages: dict[str, list[str]] = {name: [text] for name, text in fields.items()}
        if message:
            self.messages[""] = [message]
        super().__init__("; ".join(self.lines()))

    def lines(self) -> list[str]:
        """Return the messages as lines, each led by its field."""
        return [
            f"{field}: {text}" if field else text
            for field, texts in self.messages.items()
            for text in texts
        ]


class Invalid(TrackerError):
    """The shape or the content of the input is wrong."""

    status = 422

    @classmethod
    def from_messages(cls, messages: Mapping[str, Any]) -> "Invalid":
        """Wrap marshmallow's messages, field by field."""
        error = cls()
        error.messages = {field: [str(text) for text in texts] for field, texts in messages.items()}
        error.args = ("; ".join(error.lines()),)
        return error


class NotFound(TrackerError):
    """There is no such thing, or it is not yours to see."""

    status = 404
    code = "not_found"


class Forbidden(TrackerError):
    """You may not do this."""

    status = 403
    code = "forbidden"


class Conflict(TrackerError):
    """Somebody or something else got there first."""

    status = 409
    code = "conflict"


class Stale(Conflict):
    """It was changed since it was read; `current` is the revision it has now."""

    code = "stale"

    def __init__(self, message: str, *, current: int) -> None:
        super().__init__(message)
        self.current = current
