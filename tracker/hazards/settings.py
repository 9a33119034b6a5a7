"""What the office chose for hazards (config/office.yaml)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config import settings
from tracker.rules import strict


@dataclass(frozen=True, slots=True)
class Settings:
    """`repeat_within_days`: after it was closed, the same at the same point is a repeat."""

    repeat_within_days: int


@cache
def office() -> Settings:
    """Return what config/office.yaml says of hazards; RulesError names a slip in it."""
    path = Path(settings.ROOT) / "config" / "office.yaml"
    named = strict.Section(strict.read(path), file=path.name).section("hazards")
    found = Settings(named.whole("repeat_within_days"))
    named.done()
    return found
