"""How the office names itself and what the portals ask of a file (config/office.yaml)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config import settings
from tracker.rules import strict
from tracker.rules.model import Words


@dataclass(frozen=True, slots=True)
class Office:
    """`largest`: bytes of one file a portal takes; `file_name`: how it wants files called."""

    university: Words
    name: Words
    telephone: str
    largest: int
    file_name: str


@cache
def office() -> Office:
    """Return what config/office.yaml says; RulesError names a slip in it."""
    path = Path(settings.ROOT) / "config" / "office.yaml"
    whole = strict.Section(strict.read(path), file=path.name)
    named, portal = whole.section("letterhead"), whole.section("portal")
    found = Office(
        named.words("university"), named.words("office"), named.text("telephone", ""),
        portal.whole("largest_kb") * 1000, portal.text("file_name"),
    )  # fmt: skip
    named.done()
    portal.done()
    return found
