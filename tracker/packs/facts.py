"""What is on record of a person, by kind and field, as letters and portals write it."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.facts import kinds, queries
from tracker.roster import countries

#: What a letter shows where nothing is on record, for a pen to fill in.
BLANK = "＿＿＿＿＿＿"
#: What a form in Chinese says, and how one is addressed in English.
SEXES = {"F": ("女", "Ms"), "M": ("男", "Mr")}
Record = Mapping[str, Mapping[str, Any]]


def on_record(person_id: int) -> Record:
    """Return the fields in force by kind; of kinds that stand side by side, the newest."""
    return {
        version.kind: kinds.unpack(version.kind, version.number, version.data)
        for version in queries.in_force(person_id)
    }


def field(record: Record, name: str) -> Any:
    """Return one field by its full name ("passport.number"), None if it is not on record."""
    kind, _, key = name.partition(".")
    return record.get(kind, {}).get(key)


def capitals(name: str) -> str:
    """Return a name as the state's systems take it: A to Z, no accents (MUELLER stays MULLER)."""
    spelt = name.replace("ß", "ss").replace("Ø", "O").replace("ø", "o").replace("Ł", "L")
    spelt = spelt.replace("ł", "l").replace("Æ", "AE").replace("æ", "ae").replace("Đ", "D")
    plain = unicodedata.normalize("NFKD", spelt)
    return "".join(each for each in plain if not unicodedata.combining(each)).upper()


def day_zh(day: date | None) -> str:
    """Write a day as Chinese letters do: 2026年9月1日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else BLANK


def country(code: str | None, language: str) -> str:
    """Return what a country is called in a language of ours."""
    return countries.display_name(code, {"zh": "zh_Hans", "en": "en"}[language]) if code else BLANK
