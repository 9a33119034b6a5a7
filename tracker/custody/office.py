"""How the office handles custody (config/office.yaml)."""

from functools import cache
from pathlib import Path

from config import settings
from tracker.rules import strict


@cache
def due_back_after_days() -> int:
    """Return in how many days something handed out is due back, if nobody says otherwise."""
    path = Path(settings.ROOT) / "config" / "office.yaml"
    section = strict.Section(strict.read(path)["custody"], file=path.name, entry="custody")
    days = section.whole("due_back_after_days")
    section.done()
    if not 1 <= days <= 365:
        raise section.error("due_back_after_days", f"is {days}", "Write a number from 1 to 365.")
    return days
