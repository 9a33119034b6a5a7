"""How the rules of inspections are planned: config/inspections/plans.yaml and term starts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from config import settings
from tracker.inspections.kinds import catalogue
from tracker.rules import strict

FILE = settings.ROOT / "config" / "inspections" / "plans.yaml"
OFFICE = settings.ROOT / "config" / "office.yaml"
PATROLS = ("day", "night")
EVERY = (*PATROLS, "half_month", "month", "quarter", "half_year", "holiday", "term", "year")
TEST = "test"
#: Columns of Building.
ONLY = ("gas", "lift", "high_rise", "hotel", "night_patrol")


@dataclass(frozen=True, slots=True)
class Plan:
    """One rule: how often, done by which kinds of inspection (or TEST), in which buildings."""

    rule_id: str
    every: str
    done_by: tuple[str, ...]
    only: tuple[str, ...]

    @property
    def by_test(self) -> bool:
        """Tell whether it is done by a test that is recorded, not by an inspection."""
        return TEST in self.done_by

    def applies_to(self, building: object) -> bool:
        """Tell whether a building is planned for."""
        return all(getattr(building, name) for name in self.only)


@dataclass(frozen=True, slots=True)
class Plans:
    """Everything the file says. `night`: first hour, last hour, hours of a stretch."""

    plans: Mapping[str, Plan]
    night: tuple[int, int, int]
    ahead: Mapping[str, int]
    first_test_within: int
    #: (month, day) of each term's start.
    terms: tuple[tuple[int, int], ...]


@cache
def plans() -> Plans:
    """Return what the files say; RulesError names a slip in them."""
    whole = strict.Section(strict.read(FILE), file=FILE.name)
    found = [_plan(section) for section in whole.sections("plans")]
    night, ahead = whole.section("night"), whole.section("ahead")
    read = Plans(
        {plan.rule_id: plan for plan in found},
        (night.whole("from"), night.whole("until"), night.whole("hours")),
        {"holiday": ahead.whole("holiday"), "term": ahead.whole("term")},
        whole.whole("first_test_within"),
        _terms(),
    )
    for section in (night, ahead, whole):
        section.done()
    return read


def _plan(section: strict.Section) -> Plan:
    plan = Plan(
        section.text("rule"), section.choice("every", EVERY), section.texts("done_by"),
        section.texts("only", ()),
    )  # fmt: skip
    for name in plan.done_by:
        if name != TEST and name not in catalogue().kinds:
            raise section.error("done_by", f"{name} is no kind", "Use a kind of kinds.yaml.")
    for name in plan.only:
        if name not in ONLY:
            raise section.error("only", f"cannot be {name}", f"Use {', '.join(ONLY)}.")
    section.done()
    return plan


def _terms() -> tuple[tuple[int, int], ...]:
    section = strict.Section(strict.read(OFFICE), file=OFFICE.name)
    found = []
    for each in section.texts("term_starts"):
        try:
            day = date.fromisoformat(f"2024-{each}")
        except ValueError:
            raise section.error("term_starts", f"{each!r} is no day", 'Write "09-01".') from None
        found.append((day.month, day.day))
    return tuple(sorted(found))
