"""Each letter once: the command twice, several schedulers at once."""

import pytest

from tests.faults.station import SHORT_LEASE


def test_second_remind_of_a_day_plans_and_sends_nothing(station):
    station.people(3)

    first, second = station.remind(shifted=False), station.remind(shifted=False)

    assert (first["planned"], first["accepted"]) == (3, 3)
    assert set(second.values()) == {0}
    assert sorted(station.copies().values()) == [1, 1, 1]


def test_two_reminds_at_the_same_time_send_each_letter_once(station):
    station.people(30)

    commands = [station.start("remind", "--today", "2026-09-10", "--json") for _ in range(2)]
    outcomes = [station.printed(command) for command in commands]

    assert sum(each["planned"] for each in outcomes) == 30
    assert sum(each["accepted"] for each in outcomes) == 30
    assert list(station.copies().values()) == [1] * 30


@pytest.mark.parametrize("count", [2, 4])
def test_schedulers_at_once_send_no_letter_twice(station, count):
    station.people(40)

    for _ in range(count):
        station.scheduler()
    station.until(lambda: station.letters()["accepted"] == 40)

    assert list(station.copies().values()) == [1] * 40


def test_scheduler_that_takes_over_sends_what_the_killed_one_left(station):
    station.settings |= SHORT_LEASE
    station.people(20)
    station.sink.slow = 0.02
    first = station.scheduler()
    station.until(lambda: station.sink.stored >= 5)

    second = station.scheduler()
    first.kill()
    station.until(lambda: station.letters()["accepted"] == 20)

    assert len(station.copies()) == 20
    assert sum(station.copies().values()) <= 21
    assert second.poll() is None
