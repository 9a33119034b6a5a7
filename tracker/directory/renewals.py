"""Whose documents can be renewed: what is opened in bulk, with what is open already."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from tracker.cases.models import Case
from tracker.core.db import db
from tracker.facts.models import FactVersion, Person
from tracker.obligations.models import Obligation
from tracker.rules.book import RuleBook
from tracker.rules.procedures.model import Procedure

#: By which day a document is of a month: that it ends, or that its window opens.
By = Literal["ends", "opens"]
BY: tuple[By, ...] = ("ends", "opens")
_FAMILY = "family_tie"


@dataclass(frozen=True, slots=True)
class Found:
    """A document that can be renewed. `case_id`: the case opened for it, if one was."""

    person: Person
    procedure: Procedure
    opens_on: date | None
    safe_on: date
    ends_on: date | None
    case_id: int | None


def procedures(book: RuleBook) -> list[Procedure]:
    """Return the procedures that renew something that ends."""
    return [each for each in book.procedures.by_id.values() if each.opens_case]


def found(
    book: RuleBook, first: date, *, by: str, procedures: Sequence[str], most: int
) -> list[Found]:
    """Return up to `most` documents of the month of `first`, those without a case first.

    Among them the soonest comes first; one statement. `procedures`: only those; none at all
    means every one.
    """
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    wanted = [
        each for each in book.procedures.by_id.values()
        if each.opens_case and (not procedures or each.id in procedures)
    ]  # fmt: skip
    by_rule = {(each.opens_case, each.family): each for each in wanted}
    listed = {}
    for person, duty, text, stays_with, case_id in db.session.execute(
        _selected(wanted, first, last, by=by).limit(most)
    ):
        procedure = by_rule.get((duty.rule_id, bool(stays_with)))
        if procedure is not None:
            listed[person.id, procedure.id] = Found(
                person, procedure, duty.opens_on, duty.safe_on,
                date.fromisoformat(text) if text else None, case_id,
            )  # fmt: skip
    return list(listed.values())


def _selected(
    wanted: Sequence[Procedure], first: date, last: date, *, by: str
) -> sa.Select[Any]:  # fmt: skip
    ends = FactVersion.data["expires_on"].as_string()
    within: sa.ColumnElement[bool] = Obligation.opens_on.between(first, last)
    if by == "ends":
        within = ends.between(first.isoformat(), last.isoformat())
    return (
        sa.select(Person, Obligation, ends.label("ends"), _family().label("family"), Case.id)
        .join(Person, Person.id == Obligation.person_id)
        .join(FactVersion, _is_of(Obligation))
        .outerjoin(Case, _same_case(wanted))
        .where(
            Obligation.rule_id.in_({each.opens_case for each in wanted}), within,
            Obligation.state.in_(("open", "filed")), Person.status != "departed",
        )
        .order_by(Case.id.is_not(None), Obligation.safe_on, Person.id, Case.id)
    )  # fmt: skip


def names(person_ids: Sequence[int]) -> Mapping[int, str]:
    """Return what persons are called."""
    rows = db.session.scalars(sa.select(Person).where(Person.id.in_(person_ids)))
    return {person.id: person.name for person in rows}


def _family() -> sa.ColumnElement[bool]:
    tie = sa.orm.aliased(FactVersion)
    return sa.exists().where(
        tie.person_id == Obligation.person_id, tie.kind == _FAMILY, tie.withdrawn_at.is_(None),
        tie.valid_to.is_(None),
    )  # fmt: skip


def _is_of(duty: type[Obligation]) -> sa.ColumnElement[bool]:
    """Say which version of a document an obligation comes from."""
    named = FactVersion.kind + "/" + sa.cast(FactVersion.document_no, sa.String)
    return sa.and_(
        FactVersion.person_id == duty.person_id, named == duty.fact_ref,
        FactVersion.withdrawn_at.is_(None),
    )  # fmt: skip


def _same_case(wanted: Sequence[Procedure]) -> sa.ColumnElement[bool]:
    return sa.and_(
        Case.person_id == Obligation.person_id, Case.subject_ref == Obligation.fact_ref,
        Case.closed_at.is_(None), Case.procedure.in_([each.id for each in wanted]),
        sa.or_(*(
            sa.and_(Case.procedure == each.id, Obligation.rule_id == each.opens_case)
            for each in wanted
        )),
    )  # fmt: skip
