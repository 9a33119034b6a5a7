"""Weeks switched off, and clocks that jump: one letter a person, with the numbers of the day."""

from datetime import date, timedelta

from tests.faults.station import OPEN, PATIENCE, later


def texts(station, first):
    return [
        each.message.get_body(("plain",)).get_content() for each in station.sink.received[first:]
    ]


def stages(station, state):
    return sorted(station.ask(f"SELECT stage FROM reminder WHERE state = '{state}'"))


def _last_planned(station):
    return str(station.ask("SELECT ran_for FROM planning_run ORDER BY id")[-1])


def test_forty_days_off_bring_one_letter_a_person_with_the_numbers_of_the_day(station):
    station.people(3)
    station.set_clock(OPEN - timedelta(days=24))  # 44 days before the safe day
    scheduler = station.scheduler()
    station.until(lambda: station.letters()["accepted"] == 3)  # the window is open
    scheduler.terminate()
    scheduler.wait(PATIENCE)

    station.set_clock(later(16))  # 26 September is a Saturday
    station.scheduler()
    station.set_clock(later(18))
    station.until(lambda: station.letters()["accepted"] == 6)

    assert all("2 days left" in text for text in texts(station, 3))
    assert stages(station, "superseded") == ["d14"] * 3 + ["d30"] * 3 + ["d7"] * 3
    assert stages(station, "lettered") == ["d3"] * 3 + ["opens"] * 3


def test_scheduler_notices_that_the_clock_was_set(station):
    """Set over the hour, back by a day, and on: it works within seconds and tells nothing twice."""
    station.people(2)
    station.set_clock(OPEN.replace(hour=3))
    scheduler = station.scheduler()
    station.until(lambda: station.ask("SELECT name FROM lease") != [])
    asleep = station.letters()["accepted"]

    station.set_clock(OPEN)
    station.until(lambda: station.letters()["accepted"] == 2)
    station.set_clock(OPEN - timedelta(days=1))
    station.until(lambda: _last_planned(station) == "2026-09-09")
    station.set_clock(OPEN + timedelta(days=6))  # 14 days before
    station.until(lambda: station.letters()["accepted"] == 4)

    assert asleep == 0
    assert scheduler.poll() is None
    assert stages(station, "lettered") == ["d14", "d14", "d30", "d30"]


def test_pause_too_long_to_be_true_waits_for_a_person(station):
    station.people(2)
    scheduler = station.scheduler()
    station.until(lambda: station.letters()["accepted"] == 2)

    station.set_clock(later(400))
    station.until(lambda: (station.hold() or ("",))[0] == "clock")
    silent = station.sink.stored
    station.release()
    station.until(lambda: station.sink.stored == 4)

    assert silent == 2
    assert scheduler.poll() is None


def test_letter_that_could_not_leave_tells_the_numbers_of_the_day_it_leaves(station):
    station.people(2)
    station.settings["MAIL_PORT"], port = "1", station.settings["MAIL_PORT"]
    held_back = station.remind()

    station.settings["MAIL_PORT"] = port
    sent = station.remind(date(2026, 9, 15))  # no stage begins between the two

    assert (held_back["accepted"], held_back["deferred"]) == (0, 2)
    assert (sent["planned"], sent["accepted"]) == (0, 2)
    assert all("15 days left" in text for text in texts(station, 0))
