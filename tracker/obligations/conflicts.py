"""Conflicts between a person's documents: found with every change, read by the page or the list.

They are kept with the days between which they hold, so that no night's work is needed for a
contract that ends or a window that opens.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.core.inserting import insert_rows
from tracker.core.stored import instant_value
from tracker.facts import queries as facts
from tracker.facts.documents import Document
from tracker.facts.models import Person, Unit
from tracker.obligations.models import Conflict
from tracker.obligations.newcomers import CONFLICT, Row, stored_conflict
from tracker.obligations.queries import visible
from tracker.rules import conflicts
from tracker.rules import model as rules
from tracker.rules.book import RuleBook
from tracker.rules.standing import Dossier

#: Kinds whose earlier documents matter: the old passport, the former lodging.
FORMER = ("passport", "accommodation")
_TABLE: Any = Conflict.__table__


def sync(
    people: Mapping[int, rules.Person],
    documents: Mapping[int, Sequence[Document]],
    book: RuleBook,
    *,
    now: datetime,
) -> None:
    """Write what is found among these persons' documents; what is gone goes. Flushes only."""
    ids = list(people)
    wanted = _wanted(people, documents, facts.former_of(ids, FORMER), book)
    existing = {tuple(row)[1:]: row.id for row in _existing(ids)}
    gone = [id_ for key, id_ in existing.items() if key not in wanted]
    if gone:
        db.session.execute(sa.delete(_TABLE).where(_TABLE.c.id.in_(gone)))
    new = sorted(wanted - set(existing), key=lambda row: row[:4])
    insert([stored_conflict(row) for row in new], now)


def insert(rows: Sequence[Row], now: datetime) -> None:
    """Insert rows of conflicts, each the person's id and the values of CONFLICT."""
    found_at = instant_value(now)
    insert_rows(
        "conflict", ("person_id", *CONFLICT, "found_at"), [(*row, found_at) for row in rows]
    )


def of_person(person_id: int, *, today: date) -> list[Conflict]:
    """Return what contradicts each other today among the papers of one person."""
    return list(
        db.session.scalars(
            sa.select(Conflict)
            .where(Conflict.person_id == person_id, _holds_on(today))
            .order_by(Conflict.id)
        )
    )


def counts_of(person_ids: Sequence[int], *, today: date) -> dict[int, int]:
    """Return how many kinds of conflict each of these persons has today, if any."""
    rows = db.session.execute(
        sa.select(Conflict.person_id, sa.func.count(Conflict.rule_id.distinct()))
        .where(Conflict.person_id.in_(person_ids), _holds_on(today))
        .group_by(Conflict.person_id)
    )
    return {person_id: count for person_id, count in rows}  # noqa: C416 - rows are not pairs


def having(today: date, rule_ids: Sequence[str] | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that keeps a query of persons to those with conflicts (of a kind)."""
    found = sa.exists().where(Conflict.person_id == Person.id, _holds_on(today))
    return found if rule_ids is None else found.where(Conflict.rule_id.in_(rule_ids))


def people(scope: Scope, book: RuleBook, *, today: date) -> dict[str, int]:
    """Return how many persons within `scope` have conflicts of each grade; one statement."""
    grade = sa.case(
        *((Conflict.rule_id == rule.id, rule.grade) for rule in book.conflicts.values()),
        else_="check",
    )
    rows = db.session.execute(
        sa.select(grade, sa.func.count(Conflict.person_id.distinct()))
        .join(Person, Person.id == Conflict.person_id)
        .where(_holds_on(today), visible(scope))
        .group_by(grade)
    )
    return defaultdict(int, {name: count for name, count in rows})  # noqa: C416


def listed(
    scope: Scope, book: RuleBook, *, grade: str, today: date, offset: int, most: int
) -> list[sa.Row[Any]]:
    """Return one row for each person and kind of conflict of a grade, by person."""
    ids = [rule.id for rule in book.conflicts.values() if rule.grade == grade]
    columns = (Person.id.label("person_id"), Person.name_zh, Person.name_en, Conflict.rule_id,
               Unit.name_zh.label("unit_zh"), Unit.name_en.label("unit_en"))  # fmt: skip
    return list(
        db.session.execute(
            sa.select(*columns, sa.func.min(Conflict.id).label("first"))
            .join(Person, Person.id == Conflict.person_id)
            .outerjoin(Unit, Unit.id == Person.unit_id)
            .where(_holds_on(today), Conflict.rule_id.in_(ids), visible(scope))
            .group_by(Conflict.rule_id, Person.id, Unit.id)
            .order_by(Person.id, sa.text("first"))
            .offset(offset)
            .limit(most)
        )
    )


def _wanted(
    people: Mapping[int, rules.Person],
    documents: Mapping[int, Sequence[Document]],
    former: Mapping[int, Sequence[Document]],
    book: RuleBook,
) -> set[Row]:
    return {
        (person_id, *each)
        for person_id, person in people.items()
        for each in conflicts.find(
            person, Dossier(_facts(documents[person_id])), _facts(former.get(person_id, ())), book
        )
    }


def _facts(documents: Iterable[Document]) -> list[rules.Fact]:
    return [rules.Fact(each.ref, each.kind, each.data) for each in documents]


def _existing(person_ids: Sequence[int]) -> Sequence[sa.Row[Any]]:
    columns = [_TABLE.c[name] for name in ("id", "person_id", *CONFLICT)]
    return db.session.execute(sa.select(*columns).where(_TABLE.c.person_id.in_(person_ids))).all()


def _holds_on(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.or_(Conflict.from_on.is_(None), Conflict.from_on <= day),
        sa.or_(Conflict.until_on.is_(None), Conflict.until_on >= day),
    )
