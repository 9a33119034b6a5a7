"""Read the regulations, the calendar and a city's practice into one book of rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from tracker.rules import strict
from tracker.rules.book import RuleBook
from tracker.rules.conflict_file import load_conflicts
from tracker.rules.holidays import load_calendar
from tracker.rules.model import Counter, Parameter, Rule, RulesError, YearCalendar
from tracker.rules.procedures.as_rules import rules_of
from tracker.rules.procedures.load import PROCEDURES, load_procedures
from tracker.rules.procedures.model import Procedures
from tracker.rules.profile import check_periods, load_counters, load_profile
from tracker.rules.rule_file import city_numbers, parse_rule

REGULATIONS = Path(__file__).resolve().parents[2] / "config" / "regulations"
SET_ASIDE, CONFLICTS = "set_aside.yaml", "conflicts.yaml"


def load_book(
    directory: Path | None = None,
    *,
    jurisdiction: str = "wuhan",
    extra_calendars: Mapping[int, YearCalendar] = {},
) -> RuleBook:
    """Read a directory of regulations, by default the one shipped.

    Beside it lie `jurisdictions/<jurisdiction>.yaml` and `procedures/`; without the latter the
    procedures shipped are used. RulesError names file, entry, field and remedy of the first
    mistake.
    """
    directory = directory or REGULATIONS
    city = directory.parent / "jurisdictions" / f"{jurisdiction}.yaml"
    parameters, counters = load_profile(city), load_counters(city)
    every = [
        rule
        for path in sorted(directory.glob("*.yaml"))
        if path.name not in (SET_ASIDE, CONFLICTS)
        for rule in _rules(path, parameters)
    ]
    _check(every)
    rules = [rule for rule in every if not rule.register]
    procedures = _procedures(directory.parent / "procedures", rules, parameters, counters)
    return RuleBook(
        rules,
        load_calendar(directory / "calendar", extra_calendars),
        jurisdiction=jurisdiction,
        parameters=parameters,
        set_aside=_set_aside(directory / SET_ASIDE),
        conflicts=load_conflicts(directory / CONFLICTS, rule_ids={rule.id for rule in rules}),
        procedures=procedures,
        steps=tuple(rules_of(procedures)),
        registered=[rule for rule in every if rule.register],
        counters=counters,
    )


def _procedures(
    directory: Path, rules: Sequence[Rule], parameters: Sequence[Parameter],
    counters: Mapping[str, Counter],
) -> Procedures:  # fmt: skip
    return load_procedures(
        directory if directory.is_dir() else PROCEDURES,
        rule_ids={rule.id for rule in rules},
        numbers={parameter.name for parameter in parameters},
        counters=counters,
    )


def _rules(path: Path, parameters: Sequence[Parameter]) -> Iterator[Rule]:
    data = strict.read(path)
    for number, section in enumerate(strict.entries(data, file=path.name)):
        yield from _versions(section, data[number], parameters)


def _versions(
    section: strict.Section, data: dict[str, Any], parameters: Sequence[Parameter]
) -> Iterator[Rule]:
    """Yield the entry once for each period in which the city's numbers it uses stay the same."""
    names = sorted(city_numbers(data.get("due", {})))
    choices = [[each for each in parameters if each.name == name] for name in names]
    for name, choice in zip(names, choices, strict=True):
        if not choice:
            raise section.error(
                "due", f"uses city.{name}, which the city lacks", "Add it to the jurisdiction."
            )
    for chosen in product(*choices):
        copy = strict.Section(data, file=section.file, entry=section.entry)
        rule = parse_rule(copy, {each.name: each.value for each in chosen})
        yield from _narrowed(rule, chosen)


def _narrowed(rule: Rule, chosen: Sequence[Parameter]) -> Iterator[Rule]:
    first = max(rule.in_force_from, *(each.in_force_from for each in chosen), date.min)
    last = min(rule.in_force_until, *(each.in_force_until for each in chosen), date.max)
    if first <= last:
        yield replace(rule, in_force_from=first, in_force_until=last)


def _check(rules: Sequence[Rule]) -> None:
    check_periods(
        [(rule.id, rule.in_force_from, rule.in_force_until) for rule in rules], file="regulations"
    )
    known = {rule.id for rule in rules}
    for rule in rules:
        review = rule.fulfilment.review_rule
        if review is not None and review not in known:
            raise RulesError(
                file="regulations", entry=rule.id, field="fulfilment.review_rule",
                problem=f"names {review}, which does not exist", remedy="Correct the rule's id.",
            )  # fmt: skip


def _set_aside(path: Path) -> dict[str, str]:
    reasons = {}
    for section in strict.entries(strict.read(path), file=path.name):
        reasons[section.text("id")] = section.text("reason")
        section.done()
    return reasons
