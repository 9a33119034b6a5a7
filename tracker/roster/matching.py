"""Find the person a row is about: by passport or staff number, else by name.

A name alone finds only a person whom no number and no date of birth tells apart.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.facts import queries
from tracker.facts.models import Person
from tracker.roster.rows import Names, Who


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A person whose name fits, and what could tell them from the one of the row."""

    id: int
    names: Names
    born_on: date | None
    numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class Matches:
    """The persons on record whom a chunk of rows may mean, asked for at once.

    `known_until`: the last person there was before this import; its own rows, which are told
    apart by repeats.py, do not meet each other by name.
    """

    def __init__(self, rows: Sequence[Who], *, known_until: int) -> None:
        self._passports = queries.numbered("passport", _given(row.passport for row in rows))
        self._staff = queries.numbered("profile", _given(row.staff_number for row in rows))
        unfound = [row for row in rows if not self._by_number(row)] if known_until else []
        self._named = _candidates(unfound, known_until)

    def find(self, row: Who) -> int | str | None:
        """Return the person's id, None for somebody new, or why it cannot be told."""
        by_number = self._by_number(row)
        if len(by_number) > 1:
            return _("Passport and staff number belong to different people. Correct one of them.")
        if by_number:
            return next(iter(by_number))
        return self._by_name(row)

    def _by_number(self, row: Who) -> set[int]:
        by_passport = self._passports.get(row.passport or "", set())
        return by_passport | self._staff.get(row.staff_number or "", set())

    def _by_name(self, row: Who) -> int | str | None:
        found = [
            each for each in self._named.get(row.names, []) if not _told_apart(row, each)
        ]  # fmt: skip
        if len(found) > 1:
            return _("Several people have this name and nationality. Give the passport number.")
        if found and _may_be_another(row, found[0]):
            return _(
                "Somebody of this name has another passport. If it was renewed, give the date of "
                "birth or staff number as on record; if this is somebody else, one that differs."
            )
        return found[0].id if found else None


def _given(numbers: Any) -> list[str]:
    return [number for number in numbers if number]


def _candidates(rows: Sequence[Who], known_until: int) -> dict[Names, list[_Candidate]]:
    by_name: dict[str, list[_Candidate]] = defaultdict(list)
    for each in _people(rows, known_until):
        for name in filter(None, each.names[:2]):
            by_name[name].append(each)
    found = {}
    for row in rows:
        told = row.names
        near = [each for name in filter(None, told[:2]) for each in by_name.get(name, [])]
        if fitting := {each.id: each for each in near if _same(told, each.names)}:
            found[told] = list(fitting.values())
    return found


def _people(rows: Sequence[Who], known_until: int) -> list[_Candidate]:
    latin = {row.name_en for row in rows if row.name_en}
    chinese = {row.name_zh for row in rows if row.name_zh}
    columns: Any = (Person.id, Person.name_zh, Person.name_en, Person.nationality, Person.born_on)
    near = sa.or_(Person.name_en.in_(latin), Person.name_zh.in_(chinese))
    people = db.session.execute(sa.select(*columns).where(near, Person.id <= known_until))
    found = {
        person_id: _Candidate(person_id, (name_zh, name_en, nationality), born_on)
        for person_id, name_zh, name_en, nationality, born_on in people
    }
    for person_id, kind, number in queries.numbers_of(list(found), ("passport", "profile")):
        found[person_id].numbers[kind].add(number)
    return list(found.values())


def _same(told: Names, known: Names) -> bool:
    """What both sides know must be equal, and a name must be among it."""
    pairs = list(zip(told, known, strict=True))
    named = any(a and a == b for a, b in pairs[:2])
    return named and all(a == b for a, b in pairs if a and b)


def _told_apart(row: Who, known: _Candidate) -> bool:
    if row.staff_number and known.numbers["profile"]:  # had it been among them, it was found
        return True
    return bool(row.born_on and known.born_on and row.born_on != known.born_on)


def _may_be_another(row: Who, known: _Candidate) -> bool:
    """A new passport number and nothing that says it is the same person."""
    sure = row.born_on is not None and row.born_on == known.born_on
    return bool(row.passport and known.numbers["passport"]) and not sure
