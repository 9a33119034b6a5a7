"""The tick: the day's planning once in office hours, the 24-hour clocks at any hour."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import make_person, make_residence_permit, record
from tracker import jobs, pipeline
from tracker.core import clock
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.outbox.lease import SchedulerLease


@pytest.fixture
def lease(office):
    return SchedulerLease("this process", ttl=60, now=clock.now)


def campus(day, hour, minute=0):
    return datetime(2026, 9, day, hour, minute, tzinfo=CAMPUS).astimezone(UTC)


@pytest.fixture
def alice(office):
    person = make_person()
    make_residence_permit(person)
    moved_in_at = datetime(2025, 11, 1, 12, tzinfo=UTC)
    record(person, "accommodation", moved_in_at=moved_in_at, registered_on=date(2025, 11, 2))
    pipeline.refresh([person.id], today=date(2026, 9, 10), now=clock.now())
    db.session.commit()
    return person


def tick(lease, now):
    return jobs.tick(lease, now=now)


def test_day_is_planned_at_the_first_tick_in_office_hours_and_once(alice, lease, sink):
    counts = [tick(lease, campus(10, hour)).planned for hour in (7, 8, 9, 10)]

    assert counts == [0, 0, 1, 0]
    assert len(sink.received) == 1


@pytest.mark.parametrize("day", [12, 25])  # a Saturday; Mid-Autumn on a Friday
def test_nothing_is_planned_on_a_day_off(alice, lease, sink, day):
    assert tick(lease, campus(day, 10)).planned == 0


def test_make_up_sunday_is_a_working_day(alice, lease):
    assert tick(lease, campus(20, 10)).planned == 1


def test_weekend_is_told_before(alice, lease, sink):
    """30 days before the safe day is Monday 31 August; the stages of a weekend go on Friday."""
    before = tick(lease, campus(11, 9)).planned  # 14 days before is 16 September
    friday = tick(lease, campus(24, 9)).planned  # 3 days before is Sunday 27, amid the holiday

    assert (before, friday) == (1, 1)


def test_registration_within_24_hours_does_not_wait_for_the_morning(office, lease, sink):
    person = make_person()
    tick(lease, campus(10, 10))
    moved_in_at = campus(12, 22, 15)  # a Saturday night
    record(person, "accommodation", moved_in_at=moved_in_at)
    pipeline.refresh([person.id], today=date(2026, 9, 12), now=moved_in_at)
    db.session.commit()

    tick(lease, campus(12, 22, 16))

    assert len(sink.received) == 1
    text = sink.received[0].message.get_body(("plain",)).get_content()
    assert "Do it before:  Sun 13 September 2026 22:15" in text


def test_clock_that_jumps_over_the_hour_is_noticed_at_the_next_tick(alice, lease):
    assert tick(lease, campus(10, 3)).planned == 0
    assert tick(lease, campus(10, 17, 29)).planned == 1


def test_clock_set_back_plans_nothing_again(alice, lease, sink):
    tick(lease, campus(16, 10))

    outcome = tick(lease, campus(15, 10))

    assert (outcome.planned, len(sink.received)) == (0, 1)


def test_tick_without_the_lease_does_nothing(alice, lease, sink):
    assert SchedulerLease("another", ttl=60, now=clock.now).acquire()

    assert tick(lease, campus(10, 10)) is None
    assert sink.received == []


@pytest.mark.timeout(30)
def test_letter_waits_for_the_server_and_leaves_by_itself(alice, lease, sink, office):
    """By the real clock, which a wait counts; a letter of another day would be written anew."""
    office.config["MAIL_PORT"], port = 1, office.config["MAIL_PORT"]
    pipeline.remind(today=clock.today(), now=clock.now())
    office.config["MAIL_PORT"] = port

    while not sink.received:
        jobs.tick(lease, now=clock.now())

    assert sink.addresses() == ["alice@example.org"]
