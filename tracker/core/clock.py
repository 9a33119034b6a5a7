"""The only place that reads the time; everything below an entry is handed it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CAMPUS = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date on campus."""
    return campus_day(now())


def campus_day(instant: datetime) -> date:
    """Return the campus calendar day on which an aware `instant` falls."""
    return instant.astimezone(CAMPUS).date()
