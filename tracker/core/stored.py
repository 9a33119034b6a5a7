"""Values as rows keep them, for those who insert many at once: days, instants and JSON as text."""

import json
from datetime import UTC, date, datetime

json_value = json.JSONEncoder().encode


def day_value(day: date | None) -> str | None:
    """Return a day as rows keep it."""
    return day.isoformat() if day is not None else None


def instant_value(instant: datetime | None) -> str | None:
    """Return an aware instant as rows keep it: UTC, without a zone."""
    if instant is None:
        return None
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
