"""The stretches of time in each of which an inspection is due once. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.calendar import DAY, WorkCalendar
from tracker.rules.counting import add_months

_MONTHS = {"month": 1, "quarter": 3, "half_year": 6}
#: Holidays and terms are looked for so far ahead and behind.
_FAR = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Period:
    """From its first to its last day, both within it; `key` names it for good."""

    key: str
    first: date
    last: date


def around(
    every: str, day: date, calendar: WorkCalendar, *, ahead: int = 0,
    terms: tuple[tuple[int, int], ...] = (),
) -> tuple[Period | None, Period | None]:  # fmt: skip
    """Return the period before, and the one of `day`; of holidays and terms the next one, if soon.

    `ahead`: so many days before a holiday or a term its check may begin.
    """
    if every in _MONTHS:
        current = _months(every, day)
        return _months(every, current.first - DAY), current
    if every == "half_month":
        current = _half(day)
        return _half(current.first - DAY), current
    if every == "holiday":
        return _before(_holidays(day, calendar), day, ahead)
    return _before(_terms(day, terms), day, ahead)


def _months(every: str, day: date) -> Period:
    count = _MONTHS[every]
    first = date(day.year, (day.month - 1) // count * count + 1, 1)
    number = (first.month - 1) // count + 1
    key = {"month": f"{first:%Y-%m}", "quarter": f"{first.year}-Q{number}"}.get(
        every, f"{first.year}-H{number}"
    )
    return Period(key, first, add_months(first, count) - DAY)


def _half(day: date) -> Period:
    first = day.replace(day=1)
    if day.day <= 15:
        return Period(f"{day:%Y-%m}-a", first, day.replace(day=15))
    return Period(f"{day:%Y-%m}-b", day.replace(day=16), add_months(first, 1) - DAY)


def _before(starts: Iterator[date], day: date, ahead: int) -> tuple[Period | None, Period | None]:
    """Return the period before the last start by `day`, and the one before the next."""
    last = following = None
    for start in starts:
        period = Period(start.isoformat(), start - timedelta(days=ahead), start - DAY)
        if period.last < day:
            last = period
        else:
            following = period
            break
    return last, following


def _holidays(day: date, calendar: WorkCalendar) -> Iterator[date]:
    """Yield the first days of public holidays, in order; a weekend by itself is none."""
    each, end = day - _FAR, day + _FAR
    while each < end:
        if calendar.is_holiday(each) and not calendar.is_holiday(each - DAY):
            yield each
        each += DAY


def _terms(day: date, terms: tuple[tuple[int, int], ...]) -> Iterator[date]:
    for year in (day.year - 1, day.year, day.year + 1):
        for month, number in terms:
            yield date(year, month, min(number, 28 if month == 2 else number))
