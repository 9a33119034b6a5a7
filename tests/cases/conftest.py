"""Somebody whose permits both end on 2026-10-31, and the office that renews them."""

from datetime import UTC, date, datetime, time

import pytest

from tests.factories import make_person, record
from tracker import pipeline
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.rules.book import RuleBook

END = date(2026, 10, 31)
DAY = date(2026, 8, 3)  # a Monday: the windows opened on Sunday


def at(day: date) -> datetime:
    """Half past nine in Beijing."""
    return datetime.combine(day, time(1, 30), UTC)


def refresh(*people: Person, day: date = DAY) -> None:
    pipeline.refresh([person.id for person in people], today=day, now=at(day))


def alice(**more: str) -> Person:
    person = make_person(**more)
    day = date(2025, 11, 1)
    record(person, "work_permit", number=f"W{person.id}", issued_on=day, expires_on=END)
    record(person, "residence_permit", number=f"R{person.id}", issued_on=day, expires_on=END)
    record(person, "contract", starts_on=day, ends_on=END)
    refresh(person)
    return person


@pytest.fixture
def law(app) -> RuleBook:
    return book.current()


@pytest.fixture
def person(app) -> Person:
    return alice()
