"""The calendar file of a letter, read back by a calendar library."""

from datetime import UTC, date, datetime

from icalendar import Calendar

from tracker.reminders.ics import Event, calendar

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_calendar_reads_back_as_written():
    event = Event(
        "obligation-7-1@tracker", date(2026, 9, 30), "居留许可延期; 马爱丽, 物理学院",
        "带护照\n以及 " + "很长的说明" * 40 + " \\ end",
    )  # fmt: skip

    parsed = Calendar.from_ical(calendar([event], now=NOW)).events[0]

    assert str(parsed["SUMMARY"]) == event.summary
    assert str(parsed["DESCRIPTION"]) == event.description
    assert parsed.start == date(2026, 9, 30)
    assert parsed.end == date(2026, 10, 1)
    assert str(parsed["UID"]) == event.uid


def test_no_line_is_longer_than_75_octets():
    event = Event("u", date(2026, 9, 30), "签" * 300, "x" * 500)

    lines = calendar([event], now=NOW).split(b"\r\n")

    assert max(map(len, lines)) <= 75
