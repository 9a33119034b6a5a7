"""How a day was counted, step by step, for whoever has to believe it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.rules.book import RuleBook
from tracker.rules.calendar import DAY, WorkCalendar
from tracker.rules.counting import apply, campus_day
from tracker.rules.evaluate import count_for, start_of, trigger_of
from tracker.rules.model import Count, Fact, Rule, Words


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that is no working day; `name`: its holiday's, None for a weekend or an unnamed one."""

    day: date
    kind: Literal["holiday", "weekend"]
    name: Words | None = None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One count: from `start` over `count` to `statutory`, then back to `safe`.

    `last`: the day it is moved back from, one earlier than `statutory` where some offices count
    the first day. `skipped`: the days it is moved back over. `within`: days off inside a count of
    working days. `made_up`: weekend days in it that are worked. `stricter`: the other way some
    offices print the rule, and the day it leads to. `unknown_years`: years without a notice.
    """

    start: date
    count: Count
    statutory: date
    last: date
    safe: date
    skipped: tuple[Skipped, ...] = ()
    within: tuple[Skipped, ...] = ()
    made_up: tuple[date, ...] = ()
    stricter: tuple[Count, date] | None = None
    unknown_years: tuple[int, ...] = ()


def reckon(rule: Rule, fact: Fact, book: RuleBook) -> Reckoning | None:
    """Return how the rule was counted from the fact; None if the fact does not start it."""
    if fact.kind not in rule.triggers:
        return None
    moment = start_of(rule.triggers[fact.kind], trigger_of(rule, fact), fact)
    if moment is None:
        return None
    count, calendar = count_for(rule, fact), book.calendar
    counted = apply(count, moment, calendar)
    safe = counted.safe or counted.statutory
    other = apply(rule.stricter, moment, calendar).safe if rule.stricter else None
    stricter = (rule.stricter, other) if rule.stricter and other and other < safe else None
    last = counted.statutory - DAY if count.safe == "day_before" else counted.statutory
    start = campus_day(moment)
    inside = _between(start, counted.statutory) if count.unit == "working_day" else ()
    return Reckoning(
        start=start, count=count, statutory=counted.statutory, last=last,
        safe=stricter[1] if stricter else safe,
        skipped=() if stricter else _off(_between(safe, last), calendar),
        within=_off(inside, calendar),
        made_up=tuple(day for day in inside if day.weekday() >= 5 and calendar.is_workday(day)),
        stricter=stricter,
        unknown_years=_unknown(count, (start, last, safe), calendar),
    )  # fmt: skip


def _between(one: date, other: date) -> tuple[date, ...]:
    """Return the days after the earlier one up to the later one, in order."""
    first, last = sorted((one, other))
    return tuple(date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal() + 1))


def _off(days: tuple[date, ...], calendar: WorkCalendar) -> tuple[Skipped, ...]:
    return tuple(_skipped(days, calendar))


def _skipped(days: tuple[date, ...], calendar: WorkCalendar) -> Iterator[Skipped]:
    for day in days:
        if not calendar.is_workday(day):
            holiday = calendar.is_holiday(day)
            yield Skipped(day, "holiday" if holiday else "weekend", calendar.name_of(day))


def _unknown(count: Count, days: tuple[date, ...], calendar: WorkCalendar) -> tuple[int, ...]:
    if count.unit == "hour" or (count.safe is None and count.unit != "working_day"):
        return ()
    _start, last, safe = days
    looked_at = days if count.unit == "working_day" else (last, safe)
    return tuple(sorted({day.year for day in looked_at if calendar.is_provisional(day)}))
