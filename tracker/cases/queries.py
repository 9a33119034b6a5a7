"""Read cases: one, those of persons, lists, and where passports are."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.cases.models import Case, CaseEvent, CaseItem
from tracker.cases.scope import visible
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.rules.book import RuleBook
from tracker.rules.counting import apply

OPEN = sa.text("procedure_case.closed_at IS NULL")
MOST = 500


@dataclass(frozen=True, slots=True)
class Away:
    """A passport that an authority has. `until`: the last day its receipt stands for it."""

    person_id: int
    case_id: int
    procedure: str
    since: date
    until: date
    receipt_number: str | None


def get(case_id: int) -> Case:
    """Return a case; NotFound if there is none."""
    found = db.session.get(Case, case_id)
    if found is None:
        raise NotFound(_("There is no such case."))
    return found


def for_change(case_id: int) -> Case:
    """Return a case as it is now, kept from other editors until the transaction ends."""
    found = db.session.get(Case, case_id, populate_existing=True, with_for_update={"of": Case})
    if found is None:
        raise NotFound(_("There is no such case."))
    return found


def of_person(person_id: int) -> list[Case]:
    """Return every case of a person, open ones first, the newest first among them."""
    return list(
        db.session.scalars(
            sa.select(Case)
            .where(Case.person_id == person_id)
            .order_by(Case.closed_at.is_not(None), Case.id.desc())
        )
    )


def open_of(person_ids: Sequence[int]) -> dict[int, list[Case]]:
    """Return the open cases of many persons at once, keyed by person."""
    found: dict[int, list[Case]] = defaultdict(list)
    for case in db.session.scalars(
        sa.select(Case).where(OPEN, Case.person_id.in_(person_ids)).order_by(Case.id)
    ):
        found[case.person_id].append(case)
    return found


def listing(
    scope: Scope, *, states: Collection[str] = (), procedures: Collection[str] = (),
    closed: bool = False, offset: int = 0, most: int = MOST,
) -> list[Case]:  # fmt: skip
    """Return cases within `scope` with their persons, those longest in their state first."""
    wanted = sa.select(Case).join(Case.person).options(sa.orm.contains_eager(Case.person))
    wanted = wanted.where(visible(scope), Case.closed_at.is_not(None) if closed else OPEN)
    if states:
        wanted = wanted.where(Case.state.in_(states))
    if procedures:
        wanted = wanted.where(Case.procedure.in_(procedures))
    return list(
        db.session.scalars(wanted.order_by(Case.state_at, Case.id).offset(offset).limit(most))
    )


def counts(scope: Scope) -> dict[str, int]:
    """Return how many open cases there are in each state."""
    rows = db.session.execute(
        sa.select(Case.state, sa.func.count())
        .join(Case.person)
        .where(OPEN, visible(scope))
        .group_by(Case.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 - rows are not pairs to mypy


def events(case_id: int) -> list[CaseEvent]:
    """Return what happened to a case, in order."""
    return list(
        db.session.scalars(sa.select(CaseEvent).filter_by(case_id=case_id).order_by(CaseEvent.id))
    )


def items(case_ids: Sequence[int]) -> dict[int, dict[str, CaseItem]]:
    """Return the papers somebody did something about, by case and code."""
    found: dict[int, dict[str, CaseItem]] = defaultdict(dict)
    for item in db.session.scalars(sa.select(CaseItem).where(CaseItem.case_id.in_(case_ids))):
        found[item.case_id][item.code] = item
    return found


def passports_away(person_ids: Sequence[int], book: RuleBook) -> dict[int, Away]:
    """Return whose passport an authority has, since when, and how long the receipt is good.

    Nobody can travel or go to a consulate meanwhile. It stays so until the passport is collected.
    """
    keeping = [each.id for each in book.procedures.by_id.values() if each.keeps_passport]
    found = db.session.scalars(
        sa.select(Case)
        .where(
            Case.person_id.in_(person_ids), Case.procedure.in_(keeping),
            Case.accepted_on.is_not(None), Case.collected_on.is_(None),
            Case.state.in_(("accepted", "granted")), OPEN,
        )
        .order_by(Case.accepted_on.desc(), Case.id.desc())
    )  # fmt: skip
    away = (passport_away(case, book) for case in found)
    return {each.person_id: each for each in away if each}


def passport_away(case: Case, book: RuleBook) -> Away | None:
    """Return where the passport is because of one case; None if it is with its owner."""
    procedure = book.procedures.by_id[case.procedure]
    since = case.accepted_on
    if not procedure.keeps_passport or since is None or case.state not in ("accepted", "granted"):
        return None
    rule = book.rule(procedure.receipt_rule or "RP-RECEIPT", since)
    until = apply(rule.count, since, book.calendar).statutory
    return Away(case.person_id, case.id, case.procedure, since, until, case.receipt_number)
