"""The main job, end to end, over real SMTP: each reminder once, with the right numbers."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.accounts.models import Account
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.outbox.models import Letter
from tracker.reminders.models import Reminder

#: Thursday; the permit of the factories must be filed by Wednesday 30 September.
DAY = date(2026, 9, 10)


def at(day):
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=1)


def make_expert(**overrides):
    """Somebody who registered where they live after the permit was issued."""
    person = make_person(**overrides)
    moved_in_at, registered_on = datetime(2025, 11, 1, 12, tzinfo=UTC), date(2025, 11, 2)
    record(person, "accommodation", moved_in_at=moved_in_at, registered_on=registered_on)
    return person


def renew(person, issued_on):
    """Record the next permit, and that its holder registered with it."""
    make_residence_permit(person, number="R2", issued_on=issued_on, expires_on=date(2027, 10, 31))
    moved_in_at = datetime.combine(issued_on, datetime.min.time(), UTC)
    record(person, "accommodation", moved_in_at=moved_in_at, registered_on=issued_on)


def titles(sink):
    return [each.message["Subject"].split(" (")[0] for each in sink.received]


def refresh(*people, day=DAY):
    pipeline.refresh([person.id for person in people], today=day, now=at(day))
    db.session.commit()


def remind(day=DAY):
    return pipeline.remind(today=day, now=clock.now())


def make_account(role, **fields):
    account = Account(
        email=f"{role}@example.org", name=role, role=role, language="zh", session_key="x",
        created_at=at(DAY), **fields,
    )  # fmt: skip
    db.session.add(account)
    db.session.flush()
    return account


def test_reminder_reaches_the_expert_in_their_language(office, sink):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)

    outcome = remind()

    letter = sink.received[0].message
    assert (outcome.planned, outcome.accepted) == (1, 1)
    assert [each.address for each in sink.received] == ["alice@example.org"]
    subject = "Extension of the residence permit (by 30 September, 20 days left)"
    assert letter["Subject"] == subject
    text = letter.get_body(("plain",)).get_content()
    assert "File by:       Wed 30 September 2026 – 20 days left" in text
    assert "Legal limit:   Thu 1 October 2026" in text
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip


def test_second_run_of_a_day_plans_and_sends_nothing(office, sink):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)
    remind()

    outcome = remind()

    assert (outcome.planned, outcome.accepted, len(sink.received)) == (0, 0, 1)


def test_several_things_due_make_one_letter(office, sink):
    person = make_expert()
    make_residence_permit(person)
    record(person, "work_permit", number="W1", expires_on=date(2026, 10, 31))
    refresh(person)

    outcome = remind()

    assert outcome.planned > 1
    assert len(sink.received) == 1
    text = sink.received[0].message.get_body(("plain",)).get_content()
    assert "Extension of the residence permit" in text
    assert "work permit extension" in text


def test_last_days_reach_unit_officer_and_head(office, sink):
    person = make_expert()
    make_residence_permit(person)
    make_account("officer")
    make_account("head")
    make_account("unit_secretary", unit_id=person.unit_id)
    refresh(person)

    remind(date(2026, 9, 16))
    early = sink.addresses()
    remind(date(2026, 9, 30))

    assert early == ["alice@example.org", "unit_secretary@example.org"]
    assert sink.addresses() == sorted(
        [*early, "alice@example.org", "unit_secretary@example.org", "officer@example.org",
         "head@example.org"]
    )  # fmt: skip


def test_secretary_of_another_unit_hears_nothing(office, sink):
    person = make_expert()
    stranger = make_expert(name_en="OTHER", email="other@example.org", unit="数学学院")
    make_residence_permit(person)
    make_account("unit_secretary", unit_id=stranger.unit_id)
    refresh(person, stranger)

    remind(date(2026, 9, 16))

    assert sink.addresses() == ["alice@example.org"]


def test_overdue_is_told_weekly_with_what_it_costs(office, sink):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)

    for offset in range(22):
        remind(date(2026, 10, 2) + timedelta(days=offset))

    texts = [each.message.get_body(("plain",)).get_content() for each in sink.received]
    assert [text.split("As of ")[1].split(".")[0] for text in texts] == [
        "Fri 2 October 2026", "Thu 8 October 2026", "Thu 15 October 2026", "Thu 22 October 2026",
    ]  # fmt: skip
    assert all("What it costs:" in text for text in texts)


def test_filing_quiets_and_a_new_permit_ends(office, sink):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)
    remind()
    record(person, "application", procedure="residence_permit", accepted_on=date(2026, 9, 11))
    refresh(person, day=date(2026, 9, 11))

    for offset in range(1, 20):
        remind(DAY + timedelta(days=offset))
    while_filed = len(sink.received)
    renew(person, date(2026, 9, 28))
    refresh(person, day=date(2026, 9, 30))
    for offset in range(20, 60):
        remind(DAY + timedelta(days=offset))

    assert (while_filed, len(sink.received)) == (1, 1)


def test_reminders_speak_again_when_no_permit_comes_in_time(office, sink):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)
    remind()
    record(person, "application", procedure="residence_permit", accepted_on=date(2026, 9, 11))
    refresh(person, day=date(2026, 9, 11))

    # 15 working days from 11 September, over Mid-Autumn and National Day: 9 October.
    remind(date(2026, 10, 9))
    quiet = titles(sink)
    remind(date(2026, 10, 10))

    assert quiet == [
        "Extension of the residence permit",
        "Validity of the receipt for a residence permit",
    ]
    assert titles(sink) == [*quiet, "Extension of the residence permit"]


def test_departure_ends_the_reminders(office, sink):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)
    facts.depart(person, departed_on=DAY, by="test", at=at(DAY))
    refresh(person)

    outcome = remind()

    assert (outcome.planned, sink.received) == (0, [])


def test_forty_days_off_bring_one_letter_with_the_numbers_of_the_day(office, sink):
    people = [make_expert(name_en=f"P{n}", email=f"p{n}@example.org") for n in range(3)]
    for person in people:
        make_residence_permit(person)
    refresh(*people, day=date(2026, 8, 1))
    remind(date(2026, 8, 3))
    told = len(sink.received)

    outcome = remind(date(2026, 9, 26))

    texts = [each.message.get_body(("plain",)).get_content() for each in sink.received[told:]]
    assert told == 3
    assert sink.addresses() == sorted([f"p{n}@example.org" for n in range(3)] * 2)
    assert all("– 4 days left" in text for text in texts)
    assert outcome.superseded == 3 * 3  # 30, 14 and 7 days before were skipped


def test_letter_held_back_by_an_outage_is_told_with_newer_numbers(office, sink, tmp_path):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)
    office.config["MAIL_PORT"] = 1
    first = remind()

    office.config["MAIL_PORT"] = sink.port
    second = remind(date(2026, 9, 23))

    texts = [each.message.get_body(("plain",)).get_content() for each in sink.received]
    assert (first.deferred, second.accepted) == (1, 1)
    assert len(texts) == 1
    assert "– 7 days left" in texts[0]


def test_renewal_takes_back_a_letter_that_has_not_left(office, sink):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)
    office.config["MAIL_PORT"] = 1
    remind()

    renew(person, date(2026, 9, 20))
    refresh(person)
    office.config["MAIL_PORT"] = sink.port
    remind()

    assert sink.received == []
    assert db.session.scalars(sa.select(Letter.state)).all() == ["superseded"]


def test_person_without_address_is_on_record_and_told_once_there_is_one(office, sink):
    person = make_expert(email=None)
    make_residence_permit(person)
    refresh(person)
    remind()
    states = db.session.scalars(sa.select(Reminder.state)).all()

    mended = {"email": "alice@example.org"}
    facts.change_profile(person, mended, valid_from=DAY, by="test", at=at(DAY))
    refresh(person)
    remind()

    assert states == ["unreachable"]
    assert sink.addresses() == ["alice@example.org"]


def test_dry_run_counts_and_changes_nothing(office, sink):
    person = make_expert()
    make_residence_permit(person)
    refresh(person)

    outcome = pipeline.remind(today=DAY, now=at(DAY), dry_run=True)

    assert (outcome.planned, outcome.accepted, sink.received) == (1, 0, [])
    assert db.session.scalar(sa.select(sa.func.count(Reminder.id))) == 0
