"""The people an import brought: their letters wait for a decision, and then follow it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import make_person as make
from tests.factories import make_residence_permit, record
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.facts.models import ImportBatch
from tracker.reminders import after_import, decisions
from tracker.reminders.decisions import Word
from tracker.reminders.models import Decision, Reminder

DAY = date(2026, 9, 10)
AT = datetime(2026, 9, 10, 1, tzinfo=UTC)
WORD = Word("account:2", AT, "decided after the import")


@pytest.fixture
def batch(office):
    """An import that brought two people inside their window; a third was on record."""
    found = ImportBatch(
        filename="staff.xlsx", sha256="x", imported_at=AT, imported_by="x", counts={}
    )
    db.session.add(found)
    db.session.flush()
    for number in range(3):
        person = make(name_en=f"P{number}", email=f"p{number}@example.org")
        moved_in_at = datetime(2025, 11, 1, 12, tzinfo=UTC)
        record(person, "accommodation", moved_in_at=moved_in_at, registered_on=date(2025, 11, 2))
        make_residence_permit(person)
        if number:
            after_import.hold_new([person.id], found.id, by="x", at=AT)
        pipeline.refresh([person.id], today=DAY, now=AT)
    db.session.commit()
    return found


def remind(day=DAY):
    return pipeline.remind(today=day, now=clock.now())


def test_only_the_people_brought_wait(batch, sink):
    remind()

    assert sink.addresses() == ["p0@example.org"]
    assert [(each.batch.filename, each.people) for each in after_import.waiting()] == [
        ("staff.xlsx", 2)
    ]


@pytest.mark.parametrize("planned", [False, True])
def test_numbers_are_the_same_before_and_after_the_planning(batch, planned):
    if planned:
        remind()

    found = after_import.numbers(batch.id, today=DAY)

    assert (found.people, found.inside, found.overdue, found.letters) == (2, 2, 0, 2)


@pytest.mark.parametrize("planned", [False, True])
def test_one_letter_each_leaves_after_the_decision(batch, sink, planned):
    if planned:
        remind()

    assert after_import.decide(batch.id, "send", WORD, today=DAY) == 2
    db.session.commit()
    remind()

    assert sink.addresses() == ["p0@example.org", "p1@example.org", "p2@example.org"]
    assert after_import.waiting() == []


@pytest.mark.parametrize("planned", [False, True])
def test_only_what_begins_later_is_told(batch, sink, planned):
    if planned:
        remind()

    after_import.decide(batch.id, "later", WORD, today=DAY)
    db.session.commit()
    remind()
    before = sink.addresses()
    for offset in range(1, 7):
        remind(DAY + timedelta(days=offset))

    assert before == ["p0@example.org"]
    assert sink.addresses() == sorted([*before, *(f"p{n}@example.org" for n in range(3))])
    states = db.session.scalars(sa.select(Reminder.state).filter_by(stage="d30")).all()
    assert sorted(states) == ["lettered", "skipped", "skipped"]
    skips = db.session.scalars(sa.select(Decision).filter_by(kind="skip")).all()
    assert {(each.decided_by, each.reason) for each in skips} == {(WORD.by, WORD.reason)}


def test_held_people_wait_till_the_day(batch, sink):
    after_import.decide(batch.id, "hold", WORD, today=DAY, until=date(2026, 9, 21))
    db.session.commit()
    remind()
    before = sink.addresses()
    remind(date(2026, 9, 21))

    assert before == ["p0@example.org"]
    assert len(sink.received) == 4
    assert decisions.in_force() == []


def test_decision_is_made_once(batch):
    after_import.decide(batch.id, "send", WORD, today=DAY)

    with pytest.raises(Conflict, match="decided already"):
        after_import.decide(batch.id, "send", WORD, today=DAY)
    with pytest.raises(NotFound):
        after_import.numbers(batch.id, today=DAY)


def test_day_in_the_past_is_refused(batch):
    with pytest.raises(Invalid, match="Give a day after today"):
        after_import.decide(batch.id, "hold", WORD, today=DAY, until=DAY)
