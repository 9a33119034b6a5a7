"""Read a city's practice: dated numbers that change without a national law changing."""

from datetime import date
from itertools import pairwise
from pathlib import Path

from tracker.rules import strict
from tracker.rules.model import Counter, Parameter, RulesError

UNITS = ("hour", "calendar_day", "working_day", "month", "year")
#: A city also says yes (1) or no (0).
FLAG = "flag"
CONFIDENCE = ("V", "V/L", "V/K", "L", "K")


def load_profile(path: Path) -> list[Parameter]:
    """Return the city's numbers, each with its period; RulesError if two periods overlap."""
    section = strict.Section(strict.read(path), file=path.name)
    section.text("jurisdiction")
    section.words("title")
    parameters = [
        _parameter(each) for each in strict.entries(section.take("parameters"), file=path.name)
    ]
    section.take("counters", {})
    section.done()
    check_periods([(p.name, p.in_force_from, p.in_force_until) for p in parameters], file=path.name)
    return parameters


def load_counters(path: Path) -> dict[str, Counter]:
    """Return the counters whose opening days differ from the working days, by their id."""
    section = strict.Section(strict.read(path), file=path.name)
    counters = section.section("counters", {})
    return {name: _counter(counters.section(name)) for name in counters.names()}


def period(section: strict.Section) -> tuple[date, date]:
    """Read `in_force: {from, until}`; without `until` it has no end."""
    section = section.section("in_force")
    first, last = section.day("from"), section.day("until", date.max)
    section.done()
    if last < first:
        raise section.error("until", "lies before `from`", "Exchange the two.")
    return first, last


def check_periods(periods: list[tuple[str, date, date]], *, file: str) -> None:
    """Refuse two versions of one thing that are in force on the same day."""
    ordered = sorted(periods)
    for (name, _, until), (other, begins, _) in pairwise(ordered):
        if name == other and begins <= until:
            raise RulesError(
                file=file, entry=name, field="in_force",
                problem=f"two versions are in force on {begins}",
                remedy="End the older one (`until`) the day before the newer begins.",
            )  # fmt: skip


def _counter(section: strict.Section) -> Counter:
    title = section.words("title")
    makeup = section.choice("makeup_days", ("open", "closed"), "open")
    closed = section.take("closed", [])
    if not isinstance(closed, list) or not all(type(day) is date for day in closed):
        raise section.error("closed", "is not a list of dates", "Write [2026-01-31, …].")
    cited = section.section("source")
    source = cited.text("law")
    cited.choice("confidence", CONFIDENCE)
    cited.day("checked_on")
    cited.done()
    section.done()
    return Counter(title, frozenset(closed), makeup == "open", source)


def _parameter(section: strict.Section) -> Parameter:
    name = section.text("id")
    value, unit = section.whole("value"), section.choice("unit", (*UNITS, FLAG))
    first, last = period(section)
    cited = section.section("source")
    source, confidence = cited.text("law"), cited.choice("confidence", CONFIDENCE)
    cited.day("checked_on")
    cited.done()
    section.words("title")
    section.done()
    return Parameter(name, value, unit, first, last, source, confidence)  # type: ignore[arg-type]
