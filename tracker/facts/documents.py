"""A document or an event of a person, as everything that is derived looks at it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple


class Document(NamedTuple):
    """A version in force, its fields typed.

    `imported_on`: the campus day on which a roster told it; None if none did.
    """

    ref: str
    kind: str
    data: Mapping[str, Any]
    recorded_at: datetime
    imported_on: date | None
