"""Whose document can be renewed now, or ends in a month: what cases are opened for."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.facts.models import FactVersion, Person
from tracker.obligations.models import Obligation
from tracker.rules.book import RuleBook
from tracker.rules.procedures.model import Procedure

# Written out, not bound: only then do both databases use the partial indexes.
_OPEN = sa.text("obligation.state = 'open'")
_FRESH = sa.text("obligation.fresh")
FAMILY = "family_tie"


def opened(
    book: RuleBook, *, upto: date, today: date, since: date | None = None
) -> sa.Select[Any] | None:
    """Select person_id, procedure, subject_ref and opens_on of documents to renew by `upto`.

    `since`: only what opened after that day, was entered or changed lately, or is due at once.
    Those that have ended by `today` are left out: they are no renewals any more. None if no
    procedure opens a case by itself.
    """
    day = Obligation.opens_on
    ways: list[sa.ColumnElement[bool]] = [day <= upto]
    if since is not None:
        pressing = Obligation.safe_on.between(today, upto + timedelta(1))
        ways = [
            sa.and_(day > since, day <= upto), sa.and_(_FRESH, day <= upto),
            sa.and_(pressing, day <= upto),
        ]  # fmt: skip
    return _together(
        _of(each, book).where(way, Obligation.statutory_on >= today - _until_end(each, book))
        for each in _opening(book)
        for way in ways
    )


def ending(book: RuleBook, first: date, last: date) -> sa.Select[Any] | None:
    """Select the same of documents that end from `first` to `last`, their window open or not."""
    return _together(
        _of(each, book).where(
            Obligation.statutory_on.between(
                first - _until_end(each, book), last - _until_end(each, book)
            )
        )
        for each in _opening(book)
    )


def _opening(book: RuleBook) -> list[Procedure]:
    return [each for each in book.procedures.by_id.values() if each.opens_case]


def _of(procedure: Procedure, book: RuleBook) -> sa.Select[Any]:
    family = sa.exists().where(
        FactVersion.person_id == Obligation.person_id, FactVersion.kind == FAMILY,
        FactVersion.withdrawn_at.is_(None), FactVersion.valid_to.is_(None),
    )  # fmt: skip
    columns: tuple[Any, ...] = (
        Obligation.person_id.label("person_id"),
        sa.literal(procedure.id).label("procedure"),
        Obligation.fact_ref.label("subject_ref"),
        Obligation.opens_on.label("opens_on"),
    )
    return (
        sa.select(*columns)
        .join(Person, Person.id == Obligation.person_id)
        .where(
            _OPEN, Obligation.rule_id == procedure.opens_case, Person.status != "departed",
            family if procedure.family else ~family,
        )
    )  # fmt: skip


def _until_end(procedure: Procedure, book: RuleBook) -> timedelta:
    """Return how long before its end the law wants a document to be filed."""
    count = book.rule(procedure.opens_case or "").count
    return timedelta(days=count.amount if count.unit == "calendar_day" else 0)


def _together(selects: Any) -> sa.Select[Any] | None:
    parts = list(selects)
    if not parts:
        return None
    rows = sa.union(*parts).subquery()
    return sa.select(rows)
