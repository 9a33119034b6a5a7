"""The same law told differently: day after day over plain lists, without the code under test."""

from datetime import date, timedelta
from pathlib import Path

import yaml

CALENDARS = Path(__file__).parents[2] / "config" / "regulations" / "calendar"
ONE = timedelta(days=1)


class _Words(yaml.BaseLoader):
    """Everything as written: `off` is no truth value, a date is a text."""


def closed_days() -> tuple[set[date], set[int]]:
    """Return every closed day of 2024 to 2034, and the years with a notice."""
    off, working, announced = set[date](), set[date](), set[int]()
    for year in (2024, 2025, 2026):
        text = (CALENDARS / f"{year}.yaml").read_text(encoding="utf-8")
        notice = yaml.load(text, _Words)
        announced.add(year)
        working |= {date.fromisoformat(day) for day in notice["working"]}
        for span in notice["off"]:
            day = date.fromisoformat(span["from"])
            while day <= date.fromisoformat(span["to"]):
                off.add(day)
                day += ONE
    text = (CALENDARS / "statutory.yaml").read_text(encoding="utf-8")
    table = yaml.load(text, _Words)
    for year, days in table["years"].items():
        off |= {date.fromisoformat(f"{year}-{day}") for day in days + table["every_year"]}
    day, closed = date(2024, 1, 1), set[date]()
    while day < date(2035, 1, 1):
        if day not in working and (day in off or day.strftime("%a") in {"Sat", "Sun"}):
            closed.add(day)
        day += ONE
    return closed, announced


CLOSED, ANNOUNCED = closed_days()


def walk(start: date, days: int) -> date:
    """Go so many calendar days, one at a time; backwards if negative."""
    day = start
    for _ in range(abs(days)):
        day = day + ONE if days > 0 else day - ONE
    return day


def open_on_or_before(day: date) -> tuple[date, bool]:
    """Return the last open day up to `day`, and whether an unannounced year was looked at."""
    unsure = day.year not in ANNOUNCED
    while day in CLOSED:
        day -= ONE
        unsure = unsure or day.year not in ANNOUNCED
    return day, unsure


def nth_open_day_after(start: date, count: int) -> tuple[date, bool]:
    """Return the `count`th open day after `start`, and whether any day passed was unsure."""
    day, unsure = start, False
    while count:
        day += ONE
        unsure = unsure or day.year not in ANNOUNCED
        if day not in CLOSED:
            count -= 1
    return day, unsure


def months_on(day: date, months: int) -> date:
    """Return the day `months` on: try the day number, then the one below, until it exists."""
    total = day.year * 12 + day.month - 1 + months
    for number in range(day.day, 0, -1):
        try:
            return date(total // 12, total % 12 + 1, number)
        except ValueError:
            continue
    raise AssertionError
