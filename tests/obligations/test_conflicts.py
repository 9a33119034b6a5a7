"""Conflicts are kept in step with the facts, and found by person, by list and by count."""

from datetime import UTC, date, datetime

import sqlalchemy as sa

from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.facts.models import Person
from tracker.obligations import book, conflicts
from tracker.obligations.models import Conflict

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 1, tzinfo=UTC)
EVERYBODY = Scope(everybody=True)


def refresh(*people, now=NOW):
    pipeline.refresh([person.id for person in people], today=TODAY, now=now)


def make_clash(**overrides) -> Person:
    """Record somebody whose passport ends before the residence permit."""
    person = make_person(**overrides)
    record(person, "passport", number="P1", expires_on=date(2026, 10, 1))
    make_residence_permit(person)
    refresh(person)
    return person


def test_conflict_names_both_documents_and_their_days(app):
    person = make_clash()

    found = conflicts.of_person(person.id, today=TODAY)

    assert [
        (each.rule_id, each.first_ref, each.second_ref, each.first_on, each.second_on)
        for each in found
    ] == [("PASSPORT-ENDS-FIRST", "passport/1", "residence_permit/1", date(2026, 10, 1),
           date(2026, 10, 31))]  # fmt: skip


def test_mended_papers_have_none_and_a_rebuild_changes_nothing(app):
    person = make_clash()
    before = db.session.scalars(sa.select(Conflict.id)).all()
    refresh(person)
    assert db.session.scalars(sa.select(Conflict.id)).all() == before

    passport = next(each for each in facts.queries.in_force(person.id) if each.kind == "passport")
    facts.correct(passport, {"number": "P1", "expires_on": "2030-10-01"}, by="test", at=NOW)
    refresh(person)

    assert db.session.scalars(sa.select(Conflict.id)).all() == []


def test_former_lodging_is_remembered(app):
    person = make_person()
    record(person, "accommodation", moved_in_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
           building="东院", registered_on=date(2026, 5, 1))  # fmt: skip
    record(person, "accommodation", moved_in_at=datetime(2026, 8, 1, 12, tzinfo=UTC),
           building="西院")  # fmt: skip
    refresh(person)

    found = conflicts.of_person(person.id, today=TODAY)

    assert [(each.rule_id, each.first_ref, each.second_ref) for each in found] == [
        ("LODGING-ELSEWHERE", "accommodation/1", "accommodation/2")
    ]


def test_days_bound_when_it_is_one(app):
    person = make_person()
    record(person, "contract", starts_on=date(2026, 9, 10), ends_on=date(2027, 9, 9))
    refresh(person)

    seen = {
        day.isoformat(): len(conflicts.of_person(person.id, today=day))
        for day in (date(2026, 9, 9), date(2026, 9, 10), date(2027, 9, 9), date(2027, 9, 10))
    }

    assert seen == {"2026-09-09": 0, "2026-09-10": 1, "2027-09-09": 1, "2027-09-10": 0}


def test_lists_filter_and_count_by_conflict_within_scope(app):
    clash = make_clash()
    calm = make_person(name_en="OTHER Olga", email="o@example.org", unit="化学学院")
    refresh(calm)

    filtered = db.session.scalars(
        sa.select(Person.id).where(conflicts.having(TODAY)).order_by(Person.id)
    ).all()
    of_others = db.session.scalars(
        sa.select(Person.id).where(conflicts.having(TODAY, ["CATEGORY-DIFFERS"]))
    ).all()

    assert (filtered, of_others) == ([clash.id], [])
    assert conflicts.counts_of([clash.id, calm.id], today=TODAY) == {clash.id: 1}
    assert conflicts.people(EVERYBODY, book.current(), today=TODAY) == {"plan": 1}
    assert conflicts.people(Scope(unit_id=calm.unit_id), book.current(), today=TODAY) == {}


def test_conflicts_go_with_the_person(app):
    person = make_clash()

    db.session.execute(sa.delete(Person).where(Person.id == person.id))

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Conflict)) == 0
