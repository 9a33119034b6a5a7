"""What a template says, read from the file shipped and from the versions an office made. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from config import settings
from tracker.rules import strict
from tracker.rules.model import Words

FILE = settings.ROOT / "config" / "inspections" / "template.yaml"
SEVERITIES = ("M", "H", "L")
PLACES = ("room", "building", "both")
#: What a building must have for an item to apply: columns of Building.
FEATURES = ("gas", "lift", "high_rise")
CODE = re.compile(r"[A-Z]\d{2}")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at; tells nothing of what was seen."""

    code: str
    title: Words
    severity: str
    basis: str = ""
    photo: bool = False
    applies: frozenset[str] = frozenset()
    place: str = "both"
    patrol: bool = False
    help: Words | None = None
    #: A photo of what is meant (tracker/files/photos.py).
    picture: str | None = None

    def asked_in(self, features: frozenset[str]) -> bool:
        """Tell whether a building with these features is asked for it."""
        return self.applies <= features

    @property
    def section(self) -> str:
        """The letter that its code begins with."""
        return self.code[0]


@dataclass(frozen=True, slots=True)
class Template:
    """A version of the template; `sections` by the letter of their codes."""

    id: str
    number: int
    name: Words
    sections: Mapping[str, Words]
    items: Mapping[str, Item]

    def of_section(self, letter: str) -> list[Item]:
        """Return the items of a section, in order."""
        return [item for item in self.items.values() if item.section == letter]


@cache
def shipped() -> Template:
    """Return the template as shipped; RulesError names a slip in its file."""
    content = strict.read(FILE)
    return parse(content, id=id_of(content), number=0, file=FILE.name)


@cache
def shipped_content() -> dict[str, Any]:
    """Return the shipped template as the database keeps one."""
    return as_content(shipped())


def id_of(content: Any) -> str:
    """Name a shipped template by what it says, so that another version has another name."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return "default-" + hashlib.sha256(text.encode()).hexdigest()[:12]


def parse(content: Any, *, id: str, number: int, file: str = "template") -> Template:
    """Read a template; RulesError says which item and field is wrong, and what to do."""
    whole = strict.Section(content, file=file)
    name = whole.words("name")
    sections = {each.text("key"): _words(each) for each in whole.sections("sections")}
    items: dict[str, Item] = {}
    for section in whole.sections("items"):
        item = _item(section)
        if item.code in items:
            raise section.error("code", f"{item.code} stands twice", "Give it another number.")
        if item.section not in sections:
            raise section.error("code", "belongs to no section", f"Use {', '.join(sections)}.")
        items[item.code] = item
    whole.done()
    if not items:
        raise whole.error("items", "is empty", "Keep at least one item.")
    return Template(id, number, name, sections, items)


def as_content(template: Template) -> dict[str, Any]:
    """Return a template as the database keeps it; parse() reads it back."""
    return {
        "name": _both(template.name),
        "sections": [{"key": key} | _both(words) for key, words in template.sections.items()],
        "items": [_plain(item) for item in template.items.values()],
    }


def _item(section: strict.Section) -> Item:
    section.entry = str(section.take("code"))
    if not CODE.fullmatch(section.entry):
        raise section.error("code", "is no code", "Write a letter and two digits, such as E11.")
    item = Item(
        section.entry, section.words("title"), section.choice("severity", SEVERITIES),
        basis=section.text("basis", ""), photo=_flag(section, "photo"),
        applies=_applies(section.section("applies", {})),
        place=section.choice("place", PLACES, "both"), patrol=_flag(section, "patrol"),
        help=section.words("help") if section.has("help") else None,
        picture=section.text("picture") if section.has("picture") else None,
    )  # fmt: skip
    section.done()
    return item


def _applies(section: strict.Section) -> frozenset[str]:
    names = section.names()
    for name in names:
        if name not in FEATURES or section.take(name) is not True:
            raise section.error(name, "is unknown here", f"Use {', '.join(FEATURES)}: true.")
    return frozenset(names)


def _flag(section: strict.Section, key: str) -> bool:
    value = section.take(key, False)
    if not isinstance(value, bool):
        raise section.error(key, "is not true or false", "Write true, or leave it out.")
    return value


def _words(section: strict.Section) -> Words:
    words = Words(zh=section.text("zh"), en=section.text("en"))
    section.done()
    return words


def _plain(item: Item) -> dict[str, Any]:
    optional = {
        "basis": item.basis, "photo": item.photo, "patrol": item.patrol, "picture": item.picture,
        "applies": dict.fromkeys(sorted(item.applies), True),
        "help": _both(item.help) if item.help else None,
    }  # fmt: skip
    return {
        "code": item.code, "title": _both(item.title), "severity": item.severity,
        "place": item.place, **{key: value for key, value in optional.items() if value},
    }  # fmt: skip


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
