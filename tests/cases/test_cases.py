"""A case from the open window to the new permit; its steps are obligations."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.cases.conftest import DAY, END, alice, at, refresh
from tests.factories import record
from tracker import pipeline
from tracker.accounts.scope import Scope
from tracker.cases import checklists, moving, opening, plans, queries
from tracker.cases.models import Case, CaseEvent
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.facts import service as facts
from tracker.obligations.models import Obligation
from tracker.reminders.models import Reminder

EVERYBODY = Scope(everybody=True)
YEAR_ON = date(2027, 10, 31)


def case_of(person, procedure="work_permit_extension") -> Case:
    return next(case for case in queries.of_person(person.id) if case.procedure == procedure)


def standing(person) -> dict[str, tuple[str, date]]:
    rows = db.session.execute(
        sa.select(Obligation.rule_id, Obligation.state, Obligation.safe_on).where(
            Obligation.person_id == person.id
        )
    )
    return {rule: (state, day) for rule, state, day in rows}


def settle(case, law, day=DAY) -> None:
    """Have every paper of a case checked."""
    for code in checklists.of_case(case, law, today=day).lacking:
        checklists.change(case, law, code, "checked", by="officer", at=at(day))


def test_cases_open_with_their_window_and_their_steps_become_due(person, law):
    before = pipeline.open_windows(today=date(2026, 7, 31) - timedelta(1), now=at(DAY))

    opened = pipeline.open_windows(today=DAY, now=at(DAY))
    again = pipeline.open_windows(today=DAY, now=at(DAY))
    refresh(person)

    assert (before, opened, again) == ([], [person.id], [])
    assert sorted(case.procedure for case in queries.of_person(person.id)) == [
        "residence_permit_extension", "work_permit_extension"
    ]  # fmt: skip
    due = standing(person)
    assert due["RENEW-UNIT-DECIDE"] == ("open", date(2026, 8, 19))
    assert due["RENEW-OFFICE-FILE"] == ("open", date(2026, 8, 26))
    assert due["RENEW-WP-FILE"] == ("open", date(2026, 9, 9))
    assert due["RENEW-RP-FILE"] == ("open", date(2026, 9, 30))


def test_the_daily_run_opens_cases_and_reminds_of_their_steps(person, law):
    pipeline.plan_day(today=DAY, now=at(DAY))

    told = db.session.scalars(
        sa.select(Reminder.stage)
        .join(Obligation, Obligation.id == Reminder.obligation_id)
        .where(Obligation.rule_id == "RENEW-OFFICE-FILE")
    ).all()
    assert told == ["opens"]
    assert pipeline.plan_day(today=DAY, now=at(DAY)).planned == 0


def test_opening_the_same_twice_is_refused(person, law):
    opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))

    with pytest.raises(Conflict) as caught:
        opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))

    assert caught.value.messages == {"procedure": ["This case is open already. Work on that one."]}


def test_a_month_is_opened_in_bulk_once(person, law):
    bob = alice(name_en="Bob", email="bob@example.org")

    first = pipeline.open_month(date(2026, 10, 5), by="officer", today=DAY, now=at(DAY))
    again = pipeline.open_month(date(2026, 10, 1), by="officer", today=DAY, now=at(DAY))
    other = pipeline.open_month(date(2026, 11, 1), by="officer", today=DAY, now=at(DAY))

    assert (first, again, other) == ([person.id, bob.id], [], [])
    assert queries.counts(EVERYBODY) == {"planning": 4}
    listed = queries.listing(EVERYBODY, procedures=["work_permit_extension"])
    assert [case.person_id for case in listed] == [person.id, bob.id]


def test_a_renewal_is_worked_from_the_decision_to_the_new_permit(person, law):
    pipeline.plan_day(today=DAY, now=at(DAY))
    case = case_of(person)
    moving.decide(case, until=YEAR_ON, by="secretary", at=at(DAY), note="renew")
    moving.move(case, "internal_approval", by="officer", at=at(date(2026, 8, 20)))
    settle(case, law, date(2026, 8, 20))
    filed = date(2026, 9, 1)
    moving.submit(case, law, by="officer", at=at(filed))
    refresh(person, day=filed)
    quiet = standing(person)
    moving.accept(case, law, receipt_number="WX-1", on=date(2026, 9, 3), by="officer",
                  at=at(date(2026, 9, 3)))  # fmt: skip
    refresh(person, day=date(2026, 9, 3))
    accepted = standing(person)
    record(person, "work_permit", at(date(2026, 9, 24)), number="W2", issued_on=date(2026, 9, 24),
           expires_on=YEAR_ON)  # fmt: skip
    refresh(person, day=date(2026, 9, 24))

    assert quiet["WP-EXT-CLOSE"][0] == "filed"
    assert quiet["RENEW-WP-FILE"][0] == quiet["RENEW-OFFICE-FILE"][0] == "met"
    assert (accepted["WP-EXT-CLOSE"][0], accepted["WP-NEW-TIME"][0]) == ("filed", "open")
    assert (case.state, case.closed_by_ref) == ("granted", "work_permit/2")
    assert case.closed_at == at(date(2026, 9, 24))
    assert [(e.from_state, e.to_state, e.by) for e in queries.events(case.id) if not e.code] == [
        (None, "planning", "window"), ("planning", "collecting", "secretary"),
        ("collecting", "internal_approval", "officer"),
        ("internal_approval", "submitted", "officer"), ("submitted", "accepted", "officer"),
        ("accepted", "granted", "documents"),
    ]  # fmt: skip
    # The residence permit's own case goes on.
    assert standing(person)["RENEW-RP-FILE"] == ("open", date(2026, 9, 30))


def test_a_new_permit_taken_back_opens_the_case_again(person, law):
    case = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))
    later = DAY + timedelta(7)
    new = record(person, "work_permit", at(later), number="W2", issued_on=later, expires_on=YEAR_ON)
    refresh(person, day=later)
    closed = case.closed_at

    facts.withdraw(new, at=at(later + timedelta(1)))
    refresh(person, day=later + timedelta(1))

    assert closed == at(later)
    assert (case.state, case.closed_at, case.closed_by_ref) == ("planning", None, None)


def test_correcting_the_present_permit_closes_nothing(person, law):
    case = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))
    present = next(v for v in facts.queries.in_force(person.id) if v.kind == "work_permit")

    facts.correct(present, {"number": "W9", "issued_on": date(2025, 11, 1), "expires_on": END},
                  by="officer", at=at(DAY + timedelta(1)))  # fmt: skip
    refresh(person, day=DAY + timedelta(1))

    assert (case.state, case.closed_at) == ("planning", None)


def test_what_the_authority_returns_is_open_again_and_planned_anew(person, law):
    pipeline.plan_day(today=DAY, now=at(DAY))
    case = case_of(person)
    settle(case, law)
    moving.submit(case, law, by="officer", at=at(DAY))
    moving.accept(case, law, receipt_number="WX-1", on=DAY, by="officer", at=at(DAY))
    day = DAY + timedelta(4)

    moving.give_back(case, law, codes=["M02"], reason="no seal page", by="officer", at=at(day))
    refresh(person, day=day)

    found = checklists.of_case(case, law, today=day)
    (contract,) = [item for item in found.items if item.code == "M02"]
    assert (contract.state, contract.reason) == ("returned", "no seal page")
    assert found.lacking == ("M02",)
    due = standing(person)
    assert due["WP-EXT-CLOSE"][0] == "open"
    assert due["RENEW-WP-FILE"] == ("open", date(2026, 9, 9))
    assert due["RENEW-UNIT-DECIDE"][0] == "met"
    assert due["RENEW-OFFICE-FILE"][0] == "open"


def test_filing_without_a_paper_needs_a_reason(person, law):
    case = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))
    settle(case, law)
    checklists.change(case, law, "M02", "missing", by="officer", at=at(DAY))

    with pytest.raises(Conflict) as caught:
        moving.submit(case, law, by="officer", at=at(DAY))
    moving.submit(case, law, by="officer", at=at(DAY), despite="the contract follows")

    assert "M02" in caught.value.messages["items"][0]
    assert (case.state, queries.events(case.id)[-1].note) == ("submitted", "the contract follows")


def test_a_case_goes_only_where_it_may(person, law):
    case = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))

    with pytest.raises(Conflict):
        moving.grant(case, law, by="officer", at=at(DAY))
    with pytest.raises(Invalid):
        moving.move(case, "submitted", by="officer", at=at(DAY))
    with pytest.raises(Invalid):
        moving.move(case, "collecting", by="officer", at=at(DAY), on=DAY + timedelta(1))
    with pytest.raises(NotFound):
        checklists.change(case, law, "D01", "checked", by="officer", at=at(DAY))
    with pytest.raises(Invalid):
        moving.end(case, "withdrawn", reason=" ", by="officer", at=at(DAY))

    assert case.state == "planning"


def test_the_passport_is_away_from_the_receipt_to_the_collection(person, law):
    case = opening.open_case(person.id, "residence_permit_extension", law, by="officer", at=at(DAY))
    settle(case, law)
    moving.submit(case, law, by="officer", at=at(DAY))
    filed = queries.passports_away([person.id], law)
    moving.accept(case, law, receipt_number="RX-1", on=DAY, by="officer", at=at(DAY))

    away = queries.passports_away([person.id], law)[person.id]
    refresh(person)

    assert filed == {}
    # Fifteen working days after Monday, 3 August.
    assert (away.since, away.until, away.receipt_number) == (DAY, date(2026, 8, 24), "RX-1")
    assert standing(person)["RP-RECEIPT"] == ("open", date(2026, 8, 24))
    assert plans.plan_of(person.id, law, today=DAY).step("RENEW-RP-FILE").status == "done"
    moving.grant(case, law, by="officer", at=at(DAY + timedelta(9)))
    moving.move(case, "collected", by="officer", at=at(DAY + timedelta(10)))
    assert queries.passports_away([person.id], law) == {}


def test_who_left_renews_nothing(person, law):
    case = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))

    facts.depart(person, departed_on=DAY, by="officer", at=at(DAY))
    refresh(person)

    assert (case.state, queries.events(case.id)[-1].by) == ("withdrawn", "documents")


def test_a_case_taken_up_again_may_not_stand_beside_another(person, law):
    first = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))
    moving.end(first, "withdrawn", reason="by mistake", by="officer", at=at(DAY))
    second = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))

    with pytest.raises(Conflict):
        moving.move(first, "planning", by="officer", at=at(DAY))
    moving.end(second, "withdrawn", reason="the first one is it", by="officer", at=at(DAY))
    moving.move(first, "planning", by="officer", at=at(DAY))

    assert (first.state, first.closed_at, second.state) == ("planning", None, "withdrawn")


def test_steps_of_a_case_that_is_over_end_with_it(person, law):
    case = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))
    refresh(person)
    before = standing(person)["RENEW-OFFICE-FILE"][0]

    moving.end(case, "withdrawn", reason="not renewed", by="secretary", at=at(DAY))
    refresh(person)

    reasons = db.session.scalars(
        sa.select(Obligation.reason).where(Obligation.fact_ref == case.ref)
    ).all()
    assert before == "open"
    assert set(reasons) == {"The case is closed."}
    assert standing(person)["WP-EXT-CLOSE"][0] == "open"


def test_a_childs_permit_pulls_the_sponsors_filing_forward(person, law):
    child = alice(name_en="Kim", email="kim@example.org")
    record(child, "family_tie", sponsor=str(person.id), relation="child")
    paper = next(v for v in facts.queries.in_force(child.id) if v.kind == "residence_permit")
    facts.correct(paper, {"number": "R9", "expires_on": date(2026, 10, 10)}, by="t", at=at(DAY))
    refresh(child)

    pipeline.plan_day(today=DAY, now=at(DAY))

    assert standing(person)["RENEW-RP-FILE"] == ("open", date(2026, 9, 10))
    assert standing(child)["RENEW-FAM-FILE"] == ("open", date(2026, 9, 10))
    assert plans.plan_of(person.id, law, today=DAY).step(f"RENEW-FAM-FILE@{child.id}") is not None
    assert plans.plan_of(child.id, law, today=DAY).step("RENEW-FAM-FILE") is not None


def test_every_change_counts_and_names_who_and_why(person, law):
    case = opening.open_case(person.id, "work_permit_extension", law, by="officer", at=at(DAY))

    checklists.change(case, law, "M06", "waived", by="officer", at=at(DAY), ground="recent_permit")
    db.session.refresh(case)

    event = db.session.scalars(sa.select(CaseEvent).order_by(CaseEvent.id.desc())).first()
    assert (event.code, event.from_state, event.to_state, event.note) == (
        "M06", None, "waived", "recent_permit"
    )  # fmt: skip
    assert case.revision == 2
