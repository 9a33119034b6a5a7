"""Read lists of people: counted, a page at a time, in an order that an index holds."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.directory.filters import Filter
from tracker.facts import kinds, naming
from tracker.facts.models import FactVersion, Person, PersonName, Unit
from tracker.obligations.models import NextDeadline
from tracker.obligations.queries import visible

#: Sorts after every text that begins with what stands before it.
_LAST = "\U0010ffff"
_COLUMNS: tuple[Any, ...] = (
    Person.id, Person.name_zh, Person.name_en, Person.nationality, Person.category,
    Person.identity, Person.status, Person.building, Person.expires_on,
    Unit.name_zh.label("unit_zh"), Unit.name_en.label("unit_en"),
    NextDeadline.safe_on.label("next_on"),
)  # fmt: skip
_UNITS = sa.select(*(Unit.__table__.c[name] for name in ("id", "name_zh", "name_en"))).order_by(
    Unit.__table__.c.name_zh
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: whom they may see, whether numbers find somebody, in which language, which day."""

    scope: Scope
    by_number: bool
    language: str
    today: date


@dataclass(frozen=True, slots=True)
class _Leg:
    """A part of the order: those who have what is sorted by, then those who have not."""

    conditions: tuple[sa.ColumnElement[bool], ...]
    order: tuple[Any, ...]
    by_deadline: bool = False


class Listing:
    """A filter as one reader sees it. Reads only."""

    def __init__(self, wanted: Filter, reader: Reader) -> None:
        self._conditions = _conditions(wanted, reader)
        self._legs = _legs(wanted, reader)
        self._counts: list[int] | None = None

    def count(self) -> int:
        """Return how many persons there are."""
        return sum(self._leg_counts())

    def page(self, *, offset: int, most: int) -> list[sa.Row[Any]]:
        """Return up to `most` rows from `offset` on, with unit, expiry and next deadline."""
        rows: list[sa.Row[Any]] = []
        for leg, count in zip(self._legs, self._leg_counts(), strict=True):
            if offset < count and len(rows) < most:
                rows += self._rows(leg, offset=offset, most=most - len(rows))
            offset = max(offset - count, 0)
        return rows

    def ids(self) -> list[int]:
        """Return the ids of all, in order."""
        return [
            person_id
            for leg in self._legs
            for person_id in db.session.scalars(self._selected(leg, Person.id))
        ]

    def _leg_counts(self) -> list[int]:
        if self._counts is None:
            self._counts = [
                db.session.scalar(self._selected(leg, sa.func.count()).order_by(None)) or 0
                for leg in self._legs
            ]
        return self._counts

    def _rows(self, leg: _Leg, *, offset: int, most: int) -> Sequence[sa.Row[Any]]:
        """Find the page's ids from an index first; only these rows are looked up in full."""
        page = self._selected(leg, Person.id).offset(offset).limit(most).subquery()
        return db.session.execute(
            sa.select(*_COLUMNS)
            .join_from(page, Person, Person.id == page.c.id)
            .outerjoin(Unit, Unit.id == Person.unit_id)
            .outerjoin(NextDeadline, NextDeadline.person_id == Person.id)
            .order_by(*leg.order)
        ).all()

    def _selected(self, leg: _Leg, column: Any) -> sa.Select[Any]:
        selected = sa.select(column).select_from(Person)
        if leg.by_deadline:
            selected = selected.join(NextDeadline, NextDeadline.person_id == Person.id)
        return selected.where(*self._conditions, *leg.conditions).order_by(*leg.order)


def units(scope: Scope) -> Sequence[sa.Row[Any]]:
    """Return the units to choose from (id, name_zh, name_en); who sees but one needs no choice."""
    return db.session.execute(_UNITS).all() if scope.everybody else []


def nationalities(scope: Scope) -> list[str]:
    """Return the nationalities that occur."""
    return _distinct("nationality", scope, most=300)


def buildings(scope: Scope) -> list[str]:
    """Return the first buildings that occur, to be offered."""
    return _distinct("building", scope, most=60)


def _distinct(name: str, scope: Scope, *, most: int) -> list[str]:
    """Return the values of an indexed column."""
    if scope.everybody:
        return list(db.session.scalars(_stepping(name), {"most": most}))
    column = getattr(Person, name)
    found = sa.select(column).where(visible(scope), column.is_not(None)).distinct()
    return list(db.session.scalars(found.order_by(column).limit(most)))


@cache
def _stepping(name: str) -> sa.Select[str]:
    """Select the values of a column by jumping in its index from one to the next."""
    column = Person.__table__.c[name]
    steps = sa.select(sa.func.min(column).label("value")).cte("steps", recursive=True)
    following = sa.select(sa.func.min(column)).where(column > steps.c.value).scalar_subquery()
    steps = steps.union_all(sa.select(following).where(steps.c.value.is_not(None)))
    values = sa.select(steps.c.value).where(steps.c.value.is_not(None))
    return values.limit(sa.bindparam("most", type_=sa.Integer))


def _conditions(wanted: Filter, reader: Reader) -> list[sa.ColumnElement[bool]]:
    found = [visible(reader.scope)]
    if wanted.q:
        found.append(_matching(wanted.q, by_number=reader.by_number))
    if wanted.unit:
        found.append(Person.unit_id == int(wanted.unit))
    if wanted.category:
        found.append(Person.category == (None if wanted.category == "none" else wanted.category))
    for column, value in (
        (Person.nationality, wanted.nationality), (Person.identity, wanted.identity),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if wanted.building:
        found.append(Person.building.startswith(wanted.building, autoescape=True))
    if wanted.status and wanted.status != "all":
        found.append(Person.status == wanted.status)
    elif not wanted.status and not wanted.q:
        found.append(Person.status != "departed")
    return found + _due(wanted.due, reader.today)


def _due(due: str, today: date) -> list[sa.ColumnElement[bool]]:
    deadline = sa.select(NextDeadline.person_id)
    if due == "overdue":
        return [Person.id.in_(deadline.where(NextDeadline.safe_on < today))]
    if due == "month":
        last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
        return [Person.id.in_(deadline.where(NextDeadline.safe_on.between(today, last)))]
    if due == "nothing":
        return [~sa.exists().where(NextDeadline.person_id == Person.id)]
    return []


def _matching(text: str, *, by_number: bool) -> sa.ColumnElement[bool]:
    """Match the beginnings of names; a whole passport number only for those who may read it."""
    terms = naming.terms(text)
    begun = [Person.id.in_(_begins_with(term)) for term in terms]
    ways: list[sa.ColumnElement[bool]] = [sa.and_(*begun)] if begun else []
    if by_number:
        holders = sa.select(FactVersion.person_id).where(
            FactVersion.kind == "passport", FactVersion.number == kinds.normal_number(text)
        )
        ways.append(Person.id.in_(holders))
    return sa.or_(sa.false(), *ways)


def _begins_with(term: str) -> sa.Select[int]:
    return sa.select(PersonName.person_id).where(
        PersonName.token >= term, PersonName.token < term + _LAST
    )


def _legs(wanted: Filter, reader: Reader) -> list[_Leg]:
    """Return the order in parts, so that no database sorts what an index already holds."""
    by_name = Person.sort_zh if reader.language == "zh" else Person.sort_en
    name, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    rest = (by_name, Person.id)
    if name == "next":
        none = ~sa.exists().where(NextDeadline.person_id == Person.id)
        soonest = _run((NextDeadline.safe_on, NextDeadline.person_id), down)
        return [_Leg((), soonest, by_deadline=True), _Leg((none,), rest)]
    if name == "expiry":
        column: Any = Person.expires_on
        return [_Leg((column.is_not(None),), _run((column, Person.id), down)),
                _Leg((column.is_(None),), rest)]  # fmt: skip
    if name == "unit":
        column = Person.unit_id
        return [_Leg((column.is_not(None),), _run((column, Person.sort_zh, Person.id), down)),
                _Leg((column.is_(None),), rest)]  # fmt: skip
    if name == "nationality":
        rest = (Person.nationality, Person.id)
    return [_Leg((), _run(rest, down))]


def _run(columns: tuple[Any, ...], down: bool) -> tuple[Any, ...]:
    return tuple(column.desc() for column in columns) if down else columns
