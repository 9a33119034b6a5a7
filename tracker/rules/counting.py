"""From a trigger to the days that follow: months, working days, hours, and rolling back."""

import calendar as gregorian
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from tracker.rules.calendar import DAY, WorkCalendar
from tracker.rules.model import Count

# China has one time zone and no summer time (since 1991); an offset needs no zone database.
CAMPUS = timezone(timedelta(hours=8))
INSTANT = timedelta(microseconds=1)


class Counted(NamedTuple):
    """The days a count leads to."""

    statutory: date
    safe: date | None
    due_at: datetime | None
    provisional: bool


def campus_day(value: date) -> date:
    """Return the campus calendar day of a date or an aware instant."""
    return value.astimezone(CAMPUS).date() if isinstance(value, datetime) else value


def add_months(day: date, months: int) -> date:
    """Return the same day number `months` later, else that month's end (Civil Code art. 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = gregorian.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def apply(count: Count, start: date, calendar: WorkCalendar) -> Counted:
    """Count from `start` (a date, or an aware instant where the hour is known)."""
    if count.unit == "hour":
        return _hours(count.amount, start)
    start = campus_day(start)
    sign = 1 if count.direction == "after" else -1
    if count.unit == "working_day":
        day = calendar.add_workdays(start, sign * count.amount)
        first = start + sign * DAY
        return Counted(day, day, None, calendar.is_provisional(first, day))
    if count.unit == "calendar_day":
        day = start + sign * timedelta(days=count.amount)
    else:
        months = count.amount * (12 if count.unit == "year" else 1)
        day = add_months(start, sign * months)
    return _rolled_back(count, day, calendar)


def _rolled_back(count: Count, day: date, calendar: WorkCalendar) -> Counted:
    if count.safe is None:
        return Counted(day, None, None, False)
    last = day - DAY if count.safe == "day_before" else day
    safe = calendar.previous_workday(last)
    return Counted(day, safe, None, calendar.is_provisional(last, safe))


def _hours(hours: int, start: date) -> Counted:
    """Count hours, which no holiday stops; a day without its hour may have begun at midnight."""
    if not isinstance(start, datetime):
        start = datetime.combine(start, time(), CAMPUS)
    due_at = start.astimezone(CAMPUS) + timedelta(hours=hours)
    # Midnight ends a day: what is due at 24:00 of the 9th is due on the 9th.
    day = (due_at - INSTANT).date()
    return Counted(day, day, due_at, False)
