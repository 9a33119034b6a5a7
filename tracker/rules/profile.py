"""Read a city's practice: dated numbers that change without a national law changing."""

from datetime import date
from itertools import pairwise
from pathlib import Path

from tracker.rules import strict
from tracker.rules.model import Parameter, RulesError

UNITS = ("hour", "calendar_day", "working_day", "month", "year")
CONFIDENCE = ("V", "V/L", "V/K", "L", "K")


def load_profile(path: Path) -> list[Parameter]:
    """Return the city's numbers, each with its period; RulesError if two periods overlap."""
    section = strict.Section(strict.read(path), file=path.name)
    section.text("jurisdiction")
    section.words("title")
    parameters = [
        _parameter(each) for each in strict.entries(section.take("parameters"), file=path.name)
    ]
    section.done()
    check_periods([(p.name, p.in_force_from, p.in_force_until) for p in parameters], file=path.name)
    return parameters


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


def _parameter(section: strict.Section) -> Parameter:
    name = section.text("id")
    value, unit = section.whole("value"), section.choice("unit", UNITS)
    first, last = period(section)
    cited = section.section("source")
    source, confidence = cited.text("law"), cited.choice("confidence", CONFIDENCE)
    cited.day("checked_on")
    cited.done()
    section.words("title")
    section.done()
    return Parameter(name, value, unit, first, last, source, confidence)  # type: ignore[arg-type]
