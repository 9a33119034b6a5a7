"""Read the holiday notices and the table of holidays fixed in law."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from tracker.rules import strict
from tracker.rules.calendar import DAY, WorkCalendar
from tracker.rules.model import Words, YearCalendar

TABLE = "statutory.yaml"


def load_calendar(directory: Path, extra: Mapping[int, YearCalendar]) -> WorkCalendar:
    """Read every year of a directory; `extra` years (entered by the office) take precedence."""
    notices = {}
    for path in sorted(directory.glob("*.yaml")):
        if path.name != TABLE:
            year = parse_year(strict.text_of(path), file=path.name)
            notices[year.year] = year
    statutory, every_year = _table(directory / TABLE)
    return WorkCalendar({**notices, **extra}, statutory, every_year)


def parse_year(text: str, *, file: str) -> YearCalendar:
    """Read one year's notice, in the form of config/regulations/calendar/2026.yaml.

    Days may lie in the December before: a notice may exchange them for New Year.
    """
    section = strict.Section(strict.parse(text, file=file), file=file)
    year = section.whole("year")
    if not 2000 <= year <= 2100:
        raise section.error("year", f"cannot be {year}", "Write a year such as 2027.")
    source = _source(section.section("source"))
    names = _days_off(section, year)
    off = frozenset(names)
    working = _working(section, year, off)
    section.done()
    return YearCalendar(year, off, working, source, names)


def _source(section: strict.Section) -> str:
    law, article = section.text("law"), section.text("article")
    issued_on = section.day("issued_on")
    section.text("checked_by", "")
    section.day("checked_on")
    section.done()
    return f"{law}({article},{issued_on})"


def _days_off(section: strict.Section, year: int) -> dict[date, Words]:
    days: dict[date, Words] = {}
    for span in section.sections("off"):
        name = span.words("name")
        first, last = span.day("from"), span.day("to")
        span.done()
        if last < first:
            raise span.error("to", "lies before `from`", "Exchange the two.")
        if (last - first).days > 15:
            raise span.error("to", "makes more than 16 days", "Correct the day.")
        days |= {first + n * DAY: name for n in range((last - first).days + 1)}
    if not days:
        raise section.error("off", "is missing or empty", "List the days off of the notice.")
    _within(section, "off", set(days), year)
    return days


def _working(section: strict.Section, year: int, off: frozenset[date]) -> frozenset[date]:
    days = section.take("working", [])
    if not isinstance(days, list) or any(type(day) is not date for day in days):
        raise section.error("working", "is not a list of dates", "Write it as [2026-01-04].")
    _within(section, "working", set(days), year)
    for day in days:
        if day.weekday() < 5:
            raise section.error("working", f"has {day}, no weekend", "Correct the day.")
        if day in off:
            raise section.error("working", f"has {day}, also off", "Remove it from one list.")
    return frozenset(days)


def _within(section: strict.Section, key: str, days: set[date], year: int) -> None:
    earliest = date(year, 1, 1) - timedelta(days=14)
    for day in sorted(days):
        if not earliest <= day <= date(year, 12, 31):
            raise section.error(key, f"has {day}, outside {year}", "Correct the day.")


def _table(path: Path) -> tuple[dict[int, YearCalendar], list[tuple[int, int]]]:
    section = strict.Section(strict.read(path), file=path.name)
    cited = section.section("source")
    source = f"{cited.text('law')}({cited.text('article')})"
    cited.day("checked_on")
    cited.done()
    fixed = section.texts("every_year")
    years = {}
    table = section.section("years")
    for key in table.names():
        days = {_day(table, key, text) for text in (*table.texts(key), *fixed)}
        years[int(key)] = YearCalendar(int(key), frozenset(days), frozenset(), source)
    section.done()
    every_year = [_day(section, "2028", text) for text in fixed]
    return years, [(day.month, day.day) for day in every_year]


def _day(section: strict.Section, year: str, text: str) -> date:
    try:
        return date.fromisoformat(f"{year}-{text}")
    except ValueError:
        raise section.error(year, f"{text!r} is no day", "Write '04-05' under a year.") from None
