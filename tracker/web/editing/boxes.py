"""The boxes of a form, made from the table of kinds; what is typed into them, and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.facts import kinds, queries
from tracker.facts.models import FactVersion, Unit
from tracker.housing import queries as housing
from tracker.roster import countries
from tracker.web import language, pages, words

#: What HTML calls the types of the table; everything else is a line of text.
INPUTS = {"date": "date", "instant": "datetime-local", "integer": "number", "email": "email",
          "flag": "checkbox"}  # fmt: skip
HINTS = {
    "name_en": _l("As printed, family name first."),
    "number": _l("Exactly as printed."),
    "nationality": _l("Choose from the list, or type three letters such as FRA."),
    "unit": _l("A name that is not in the list makes a new unit."),
    "registered_on": _l("The day the police registered where they live."),
    "room": _l("As on the door."),
    "building_kind": _l("Only where the building is none of ours: ours say it themselves."),
    "stay_days": _l("Days of each stay, as the visa prints them."),
    "email": _l("Letters go here."),
    "replaces": _l("The number before."),
    "departed_on": _l("Only for somebody who has left."),
}
VISAS = ("Z", "R", "J1", "J2", "L", "M", "F", "Q1", "Q2", "S1", "S2", "X1", "X2", "C", "D", "G")
#: Long enough for an office's buildings, short enough for a page.
MOST_SUGGESTED = 300


@dataclass(frozen=True, slots=True)
class Box:
    """One box: how HTML asks for it, its choices (value, label) and suggestions."""

    name: str
    label: str
    input: str = "text"
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    hint: str = ""
    longest: int | None = None


def boxes_of(kind: str, names: Sequence[str] | None = None) -> list[Box]:
    """Return the boxes of a kind of fact, in the order of its fields, or only those named."""
    fields = kinds.KINDS[kind].fields
    return [_box(name, fields[name]) for name in (names or fields)]


def raw(boxes: Sequence[Box], form: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into the boxes."""
    return {box.name: form.get(box.name, "").strip() for box in boxes}


def given(kind: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Turn what was typed into what the schema of `kind` reads; what is wrong stays wrong."""
    fields = kinds.KINDS[kind].fields
    return {
        name: _given(name, fields[name], text) for name, text in typed.items() if name in fields
    }


def shown(kind: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Turn typed fields into what stands in the boxes."""
    fields = kinds.KINDS[kind].fields
    return {name: _shown(name, fields[name], data[name]) for name in fields if name in data}


def optional(boxes: Sequence[Box]) -> list[Box]:
    """Return the boxes with none that must be filled."""
    return [replace(box, required=False) for box in boxes]


def _box(name: str, field: kinds.Field) -> Box:
    choices = tuple((each, words.named(words.CHOICES, (name, each))) for each in field.choices)
    if name == "category":
        choices = tuple((each, each) for each in field.choices)
    suggest = SUGGEST.get(name)
    return Box(
        name=name, label=words.named(words.FIELDS, name), input=INPUTS.get(field.type, "text"),
        required=field.required, choices=choices, suggestions=suggest() if suggest else (),
        hint=str(HINTS.get(name, "")),
        longest=None if field.type in INPUTS and field.type != "email" else field.longest,
    )  # fmt: skip


def _given(name: str, field: kinds.Field, text: str) -> Any:
    if field.type == "integer":
        return int(text) if text.isascii() and text.isdecimal() else text
    if field.type == "flag":
        return text == "true" or None
    if field.type == "country":
        return countries.alpha3(text) or text
    if name == "unit" and (unit := queries.unit_named(text)):
        return unit.name_zh
    return text


def _shown(name: str, field: kinds.Field, value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(CAMPUS).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if field.type == "country":
        return pages.country(value)
    if field.type == "flag":
        return "true" if value else ""
    if name == "unit" and (unit := queries.unit_named(value)):
        return pages.in_reader_language(unit.name_zh, unit.name_en)
    return str(value)


def _countries() -> tuple[str, ...]:
    return tuple(sorted({pages.country(code) for code in countries.ALPHA3.values()}))


def _units() -> tuple[str, ...]:
    units = db.session.scalars(sa.select(Unit).order_by(Unit.name_zh).limit(MOST_SUGGESTED))
    return tuple(pages.in_reader_language(unit.name_zh, unit.name_en) for unit in units)


def _told(kind: str, name: str) -> Callable[[], tuple[str, ...]]:
    def suggest() -> tuple[str, ...]:
        value = FactVersion.data[name].as_string()
        told = sa.select(value).distinct().where(
            FactVersion.kind == kind, FactVersion.withdrawn_at.is_(None), value.is_not(None)
        )  # fmt: skip
        return tuple(sorted(db.session.scalars(told.limit(MOST_SUGGESTED))))

    return suggest


def _buildings() -> tuple[str, ...]:
    """Return our own buildings, then others that were told."""
    ours = [each.name_zh for each in housing.buildings(active=True)]
    return tuple(dict.fromkeys([*ours, *_told("accommodation", "building")()]))


def _purposes() -> tuple[str, ...]:
    return ("工作", "学习", "私人事务", "团聚", "人才") if language.current() == "zh" else (
        "work", "study", "private affairs", "family reunion", "talent",
    )  # fmt: skip


SUGGEST: dict[str, Callable[[], tuple[str, ...]]] = {
    "nationality": _countries, "unit": _units, "building": _buildings,
    "post": _told("contract", "post"), "visa": lambda: VISAS, "purpose": _purposes,
}  # fmt: skip
