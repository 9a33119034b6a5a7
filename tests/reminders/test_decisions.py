"""Letters held, skipped and sent at once: what leaves over real SMTP, and what does not."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter
from tracker.reminders import decisions, foresee, outlook
from tracker.reminders.decisions import Told, Word
from tracker.reminders.models import Decision, Reminder

DAY = date(2026, 9, 10)


def at(day):
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=1)


def word(day=DAY, reason="on leave"):
    return Word("account:2", at(day), reason)


@pytest.fixture
def alice(office):
    """Her permit is to be filed by 30 September: d30 on 10, d14 on 16, d7 on 23 September."""
    person = make_person()
    moved_in_at = datetime(2025, 11, 1, 12, tzinfo=UTC)
    record(person, "accommodation", moved_in_at=moved_in_at, registered_on=date(2025, 11, 2))
    make_residence_permit(person)
    pipeline.refresh([person.id], today=DAY, now=at(DAY))
    db.session.commit()
    return person


@pytest.fixture
def told(alice):
    """Her next reminder after the first."""
    extension = db.session.scalar(sa.select(Obligation.id).filter_by(rule_id="RP-EXT"))
    return Told(extension, "d14", f"person:{alice.id}")


def remind(day):
    return pipeline.remind(today=day, now=clock.now())


def texts(sink):
    return [each.message.get_body(("plain",)).get_content() for each in sink.received]


def test_held_person_hears_nothing_till_the_day_then_the_latest(alice, sink):
    decisions.hold(alice.id, word(), today=DAY, until=date(2026, 9, 24))
    db.session.commit()

    for offset in range(14):
        remind(DAY + timedelta(days=offset))
    before = len(sink.received)
    remind(date(2026, 9, 24))

    assert before == 0
    assert ["– 6 days left" in text for text in texts(sink)] == [True]


@pytest.mark.parametrize("first", [DAY, date(2026, 9, 17)])
def test_end_of_a_hold_is_foreseen(alice, sink, first):
    """Before anything is planned, and when d30 and d14 have been kept back already."""
    decisions.hold(alice.id, word(), today=DAY, until=date(2026, 9, 24))
    db.session.commit()
    for offset in range((first - DAY).days):
        remind(DAY + timedelta(days=offset))

    foreseen = [
        (day["on"], [about["stage"] for letter in day["letters"] for about in letter["about"]])
        for day in outlook.preview(first, date(2026, 9, 30))
    ]
    for offset in range((date(2026, 9, 30) - first).days + 1):
        remind(first + timedelta(days=offset))

    assert foreseen == [("2026-09-24", ["d3"]), ("2026-09-30", ["d0"])]
    assert [each.as_of.isoformat() for each in db.session.scalars(sa.select(Letter))] == [
        day for day, _ in foreseen
    ]


def test_hold_takes_back_a_letter_that_waits(alice, office, sink):
    office.config["MAIL_PORT"] = 1
    remind(DAY)

    decisions.hold(alice.id, word(), today=DAY)
    db.session.commit()
    office.config["MAIL_PORT"] = sink.port
    remind(DAY)

    assert sink.received == []
    assert db.session.scalars(sa.select(Letter.state)).all() == ["superseded"]
    assert db.session.scalars(sa.select(Reminder.state)).all() == ["held"]


def test_letter_queued_beside_a_hold_is_stopped_at_its_claim(alice, office, sink):
    office.config["MAIL_PORT"] = 1
    remind(DAY)
    db.session.add(
        Decision(kind="hold", person_id=alice.id, reason="", decided_by="x", decided_at=at(DAY))
    )
    db.session.commit()
    office.config["MAIL_PORT"] = sink.port
    time.sleep(0.3)  # until the letter is tried again

    pipeline.deliver()
    remind(DAY)

    assert sink.received == []
    assert db.session.scalars(sa.select(Reminder.state)).all() == ["held"]


def test_released_letters_leave(alice, sink):
    decision = decisions.hold(alice.id, word(), today=DAY)
    db.session.commit()
    remind(DAY)

    decisions.release(decision.id, word(), today=DAY)
    db.session.commit()
    remind(DAY)

    assert sink.addresses() == ["alice@example.org"]
    with pytest.raises(Conflict, match="ended already"):
        decisions.release(decision.id, word(), today=DAY)


def test_held_obligation_keeps_only_its_own_letters(alice, told, sink):
    record(alice, "work_permit", number="W1", expires_on=date(2026, 10, 31))
    pipeline.refresh([alice.id], today=DAY, now=at(DAY))
    decisions.hold(alice.id, word(), today=DAY, obligation_id=told.obligation_id)
    db.session.commit()

    remind(DAY)

    titles = ("Extension of the residence permit", "work permit extension")
    assert [[title in text for title in titles] for text in texts(sink)] == [[False, True]]


def test_hold_for_one_reader_leaves_the_others(alice, told, sink):
    from tests.test_pipeline import make_account

    make_account("unit_secretary", unit_id=alice.unit_id)
    decisions.hold(alice.id, word(), today=DAY, recipient=told.recipient)
    db.session.commit()

    remind(date(2026, 9, 16))

    assert sink.addresses() == ["unit_secretary@example.org"]


def test_new_hold_of_the_same_takes_the_place_of_the_old(alice):
    decisions.hold(alice.id, word(), today=DAY, until=DAY + timedelta(days=3))
    newer = decisions.hold(alice.id, word(), today=DAY)

    assert [each.id for each in decisions.in_force(alice.id)] == [newer.id]


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_hold_ends_on_a_day_to_come(alice, days):
    with pytest.raises(Invalid, match="Give a day after today"):
        decisions.hold(alice.id, word(), today=DAY, until=DAY + timedelta(days=days))


def test_skipped_reminder_is_never_sent_and_the_next_one_is(alice, told, sink):
    remind(DAY)
    decision = decisions.skip(told, word(), today=DAY)
    db.session.commit()

    for offset in range(1, 14):
        remind(DAY + timedelta(days=offset))

    assert ["20 days left" in text for text in texts(sink)] == [True, False]
    assert "– 7 days left" in texts(sink)[1]
    assert (decision.decided_by, decision.reason) == ("account:2", "on leave")


def test_skipped_letter_that_waits_is_taken_back(alice, told, office, sink):
    office.config["MAIL_PORT"] = 1
    remind(DAY)

    decisions.skip(told._replace(stage="d30"), word(), today=DAY)
    db.session.commit()
    office.config["MAIL_PORT"] = sink.port
    remind(DAY)

    assert sink.received == []
    assert db.session.scalars(sa.select(Reminder.state)).all() == ["skipped"]


def test_reminder_that_has_left_cannot_be_skipped(alice, told, sink):
    remind(DAY)

    with pytest.raises(Conflict, match="has left already"):
        decisions.skip(told._replace(stage="d30"), word(), today=DAY)


@pytest.mark.parametrize("later", [0, 7])
def test_skip_taken_back_is_told_on_its_day_or_at_once(alice, told, sink, later):
    remind(DAY)
    decision = decisions.skip(told, word(), today=DAY)
    db.session.commit()
    day = DAY + timedelta(days=later)

    decisions.unskip(decision.id, word(), today=day)
    db.session.commit()
    for offset in range(later, 8):
        remind(DAY + timedelta(days=offset))

    assert len(sink.received) == 2
    assert decision.ended_at == at(DAY)


def test_sent_now_leaves_at_once_and_not_again_on_its_day(alice, told, sink):
    remind(DAY)

    decisions.send_now(told, word(), today=DAY)
    db.session.commit()
    pipeline.deliver()
    now = len(sink.received)
    remind(date(2026, 9, 16))

    assert (now, len(sink.received)) == (2, 2)


def test_what_was_told_or_is_held_is_not_sent_now(alice, told, sink):
    remind(DAY)

    with pytest.raises(Conflict, match="has left already"):
        decisions.send_now(told._replace(stage="d30"), word(), today=DAY)
    decisions.hold(alice.id, word(), today=DAY)
    with pytest.raises(Conflict, match="Release the hold first"):
        decisions.send_now(told, word(), today=DAY)


def test_person_without_address_is_not_sent_now(office):
    person = make_person(email=None)
    make_residence_permit(person)
    pipeline.refresh([person.id], today=DAY, now=at(DAY))
    extension = db.session.scalar(sa.select(Obligation.id).filter_by(rule_id="RP-EXT"))

    with pytest.raises(Conflict, match="no address"):
        decisions.send_now(Told(extension, "d14", f"person:{person.id}"), word(), today=DAY)


def test_skipped_beforehand_is_not_told_under_another_ladder(alice, told, office, tmp_path):
    remind(DAY)
    decisions.skip(told, word(), today=DAY)
    db.session.commit()
    plan = tmp_path / "plan.yaml"
    stages = "{id: d20, days_before: 20, to: [expert]}, {id: d14, days_before: 14, to: [expert]}"
    plan.write_text(f"filing: {{rules: [RP-EXT], stages: [{stages}]}}")
    office.config["REMINDER_PLAN"] = str(plan)

    coming = foresee.coming(DAY + timedelta(days=1), DAY + timedelta(days=8))

    assert [(each.day, each.stage) for each in coming] == [(date(2026, 9, 11), "d20")]
