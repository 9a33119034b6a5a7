"""Find the person a row is about: by passport, staff number, or names with nationality."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from tracker.core.db import db
from tracker.facts.kinds import normal_number
from tracker.facts.models import FactVersion, Person
from tracker.roster.rows import Told

Names = tuple[str | None, str | None, str | None]


class Matches:
    """The persons on record whom a chunk of rows may mean, asked for at once."""

    def __init__(self, rows: Sequence[Told]) -> None:
        self._passports = _numbers("passport", [passport(row) for row in rows])
        self._staff = _numbers("profile", [staff_number(row) for row in rows])
        self._names = _named([row for row in rows if not passport(row) and not staff_number(row)])

    def find(self, row: Told) -> int | None | str:
        """Return the person's id, None for somebody new, or why it cannot be told."""
        by_number = self._passports.get(passport(row) or "", set())
        by_number = by_number | self._staff.get(staff_number(row) or "", set())
        if len(by_number) > 1:
            return _("Passport and staff number belong to different people. Correct one of them.")
        if by_number:
            return next(iter(by_number))
        found = self._names.get(names(row), set()) if len(identity(row)) == 1 else set()
        if len(found) > 1:
            return _("Several people have this name and nationality. Give the passport number.")
        return next(iter(found), None)


def identity(row: Told) -> tuple[Hashable, ...]:
    """Return what tells a row's person from the others of the file."""
    numbers = [number for number in (passport(row), staff_number(row)) if number]
    return (names(row), *numbers) if numbers else (names(row),)


def passport(row: Told) -> str | None:
    """Return the passport number as it is compared."""
    return normal_number(row.facts.get("passport", {}).get("number"))


def staff_number(row: Told) -> str | None:
    """Return the staff number as it is compared."""
    return normal_number(row.profile.get("employee_no"))


def names(row: Told) -> Names:
    """Return both names and the nationality."""
    profile = row.profile
    return profile.get("name_zh"), profile.get("name_en"), profile.get("nationality")


def _numbers(kind: str, wanted: Sequence[str | None]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    given = [number for number in wanted if number]
    for number, person_id in db.session.execute(
        sa.select(FactVersion.number, FactVersion.person_id).where(
            FactVersion.kind == kind, FactVersion.number.in_(given),
            FactVersion.withdrawn_at.is_(None),
        )
    ):  # fmt: skip
        found[number].add(person_id)
    return found


def _named(rows: Sequence[Told]) -> dict[Names, set[int]]:
    found: dict[Names, set[int]] = defaultdict(set)
    columns: Any = (Person.id, Person.name_zh, Person.name_en, Person.nationality)
    chinese = [row.profile["name_zh"] for row in rows if row.profile.get("name_zh")]
    latin = [row.profile["name_en"] for row in rows if row.profile.get("name_en")]
    people = db.session.execute(
        sa.select(*columns).where(
            sa.or_(Person.name_zh.in_(chinese), Person.name_en.in_(latin))
        )
    ).all()
    for row in rows:
        for person in people:
            if _same(names(row), (person.name_zh, person.name_en, person.nationality)):
                found[names(row)].add(person.id)
    return found


def _same(told: Names, known: Names) -> bool:
    """What both sides know must be equal, and a name must be among it."""
    pairs = list(zip(told, known, strict=True))
    named = any(a and a == b for a, b in pairs[:2])
    return named and all(a == b for a, b in pairs if a and b)
