"""The fields of a state portal in its own order, to be copied from (config/portal.yaml)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from config import settings
from tracker.packs.facts import SEXES, Record, capitals, country, field
from tracker.rules import strict
from tracker.rules.model import Words

#: How a value is written there.
WRITERS: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "capitals": capitals,
    "day": lambda value: value.isoformat() if isinstance(value, date) else str(value),
    "country": lambda value: country(value, "zh"),
    "sex": lambda value: SEXES.get(value, ("", ""))[0],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A field a portal asks for. `source`: where we have it ("passport.number")."""

    title: Words
    source: str
    write: str
    note: Words | None


@dataclass(frozen=True, slots=True)
class Portal:
    """One system of the state and its fields."""

    title: Words
    fields: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A field with its value; empty if it is not on record."""

    asked: Asked
    value: str


@cache
def portals() -> Mapping[str, Portal]:
    """Return the portals by the kind of application they take; RulesError names a slip."""
    path = Path(settings.ROOT) / "config" / "portal.yaml"
    whole = strict.Section(strict.read(path), file=path.name)
    found = {name: _portal(whole.section(name)) for name in whole.names()}
    whole.done()
    return found


def filled(portal: Portal, record: Record) -> list[Filled]:
    """Return every field of a portal with what is on record for it."""
    return [Filled(asked, _value(asked, record)) for asked in portal.fields]


def _value(asked: Asked, record: Record) -> str:
    value = field(record, asked.source)
    return WRITERS[asked.write](value) if value not in (None, "") else ""


def _portal(section: strict.Section) -> Portal:
    made = Portal(
        section.words("title"), tuple(_asked(each) for each in section.sections("fields"))
    )
    section.done()
    return made


def _asked(section: strict.Section) -> Asked:
    note = section.words("note") if section.has("note") else None
    made = Asked(
        section.words("title"), section.text("from"),
        section.choice("write", tuple(WRITERS), "text"), note,
    )  # fmt: skip
    section.done()
    return made
