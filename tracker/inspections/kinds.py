"""Kinds of inspection, departments that inspect, and how long records stay. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from config import settings
from tracker.rules import strict
from tracker.rules.model import Words

FILE = settings.ROOT / "config" / "inspections" / "kinds.yaml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of inspection; `keep`: months its records stay, at least."""

    key: str
    title: Words
    patrol: bool
    keep: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the file says, by key, in its order."""

    kinds: Mapping[str, Kind]
    departments: Mapping[str, Words]


@cache
def catalogue() -> Catalogue:
    """Return what config/inspections/kinds.yaml says; RulesError names a slip in it."""
    whole = strict.Section(strict.read(FILE), file=FILE.name)
    kinds = [_kind(section) for section in whole.sections("kinds")]
    departments = {each.text("key"): _titled(each) for each in whole.sections("departments")}
    whole.done()
    return Catalogue({kind.key: kind for kind in kinds}, departments)


def _kind(section: strict.Section) -> Kind:
    key, keep = section.text("key"), section.section("keep")
    patrol = section.take("patrol", False) is True
    months = keep.whole("months")
    keep.done()
    return Kind(key, _titled(section), patrol, months)


def _titled(section: strict.Section) -> Words:
    words = Words(zh=section.text("zh"), en=section.text("en"))
    section.done()
    return words
