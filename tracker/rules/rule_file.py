"""Read one entry of the regulations into a rule."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracker.rules import strict
from tracker.rules.evaluate import normal
from tracker.rules.model import (
    Condition,
    Conditions,
    Count,
    Fulfilment,
    MetBy,
    Rule,
    Trigger,
    Words,
)
from tracker.rules.profile import CONFIDENCE, UNITS, period

ROLES = ("deadline", "window", "validity", "authority", "advice", "limit", "private")
IDENTITIES = ("foreigner", "hmt", "permanent_resident")
SAFE = ("day_before", "day_itself")
TESTS = ("from", "after", "later", "own")
CITY = "city."

#: A city's numbers as in force during the version being read.
Numbers = Mapping[str, int]


def parse_rule(section: strict.Section, numbers: Numbers) -> Rule:
    """Read an entry; `city.<name>` in its counts is looked up in `numbers`."""
    applies = section.section("applies_to")
    register = applies.text("register") if applies.has("register") else None
    identities = applies.texts("identity", IDENTITIES if register else strict.MISSING)
    for each in identities:
        if each not in IDENTITIES:
            raise applies.error("identity", f"cannot be {each!r}", f"Use {', '.join(IDENTITIES)}.")
    triggers = {} if register else _triggers(applies.section("facts"))
    nationalities = frozenset(applies.texts("nationality", ()))
    categories = frozenset(applies.texts("category", ()))
    applies.done()
    rule = _counted(section.section("due"), numbers, _head(section, identities, triggers))
    fulfilment = _fulfilment(section.section("fulfilment", {}))
    bring = tuple(_words(each) for each in section.sections("bring"))
    section.done()
    return replace(
        rule, nationalities=nationalities, categories=categories, fulfilment=fulfilment,
        bring=bring, register=register,
    )  # fmt: skip


def city_numbers(data: Any) -> set[str]:
    """Return the names of the city's numbers that an entry, or a part of it, refers to."""
    if isinstance(data, dict):
        return set().union(*(city_numbers(value) for value in data.values()))
    if isinstance(data, str) and data.startswith(CITY):
        return {data.removeprefix(CITY)}
    return set()


def _words(section: strict.Section) -> Words:
    words = Words(zh=section.text("zh"), en=section.text("en"))
    section.done()
    return words


def _head(
    section: strict.Section, identities: tuple[str, ...], triggers: dict[str, Trigger]
) -> Rule:
    first, last = period(section)
    cited = section.section("source")
    rule = Rule(
        id=section.text("id"),
        role=section.choice("role", ROLES),  # type: ignore[arg-type]
        title=section.words("title"),
        what_to_do=section.words("what_to_do"),
        penalty=section.words("penalty"),
        law=cited.text("law"),
        law_en=cited.text("law_en"),
        article=cited.text("article", ""),
        confidence=cited.choice("confidence", CONFIDENCE),
        checked_on=cited.day("checked_on"),
        in_force_from=first,
        in_force_until=last,
        identities=frozenset(identities),
        triggers=triggers,
        count=Count("after", 0, "calendar_day"),
    )
    cited.done()
    return rule


def _counted(due: strict.Section, numbers: Numbers, rule: Rule) -> Rule:
    in_force_on = due.choice("in_force_on", ("trigger", "due"), "trigger")
    exception = None
    if due.has("exception"):
        other = due.section("exception")
        exception = (_conditions(other, "when"), _count(other, numbers))
        other.done()
    stricter, opens = (_optional(due, key, numbers) for key in ("stricter", "opens"))
    count = _count(due, numbers)
    due.done()
    if rule.role == "deadline" and count.safe is None and count.unit in ("calendar_day", "month"):
        raise due.error("safe", "is missing", f"A deadline needs one of: {', '.join(SAFE)}.")
    return replace(
        rule, count=count, exception=exception, stricter=stricter, opens=opens,
        in_force_on=in_force_on,  # type: ignore[arg-type]
    )  # fmt: skip


def _optional(due: strict.Section, key: str, numbers: Numbers) -> Count | None:
    if not due.has(key):
        return None
    section = due.section(key)
    count = _count(section, numbers)
    section.done()
    return count


def _count(section: strict.Section, numbers: Numbers) -> Count:
    directions = [key for key in ("after", "before") if section.has(key)]
    if len(directions) != 1:
        raise section.error("after", "or `before` is needed, not both", "Give exactly one.")
    direction = directions[0]
    amount = section.take(direction)
    if isinstance(amount, str) and amount.startswith(CITY):
        amount = numbers.get(amount.removeprefix(CITY))
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise section.error(direction, "is not a whole number", "Write a number or city.<name>.")
    unit = section.choice("unit", UNITS)
    safe = section.choice("safe", SAFE, None) if section.has("safe") else None
    if safe and unit in ("hour", "working_day"):
        raise section.error("safe", f"has no meaning for a {unit}", "Remove it.")
    return Count(direction, amount, unit, safe)  # type: ignore[arg-type]


def _triggers(section: strict.Section) -> dict[str, Trigger]:
    triggers = {}
    for kind in section.names():
        each = section.section(kind)
        triggers[kind] = Trigger(
            count_from=each.texts("count_from"),
            plus_days=each.text("plus_days") if each.has("plus_days") else None,
            when=_conditions(each, "when"),
            unless=_conditions(each, "unless"),
        )
        each.done()
    if not triggers:
        raise section.error("", "is empty", "Name the kind of fact that starts the count.")
    return triggers


def _conditions(section: strict.Section, key: str) -> Conditions:
    return tuple(
        tuple(_condition(each, name) for name in each.names()) for each in section.sections(key)
    )


def _condition(section: strict.Section, name: str) -> Condition:
    value = section.take(name)
    if isinstance(value, bool):
        return Condition(name, None, value)
    if not isinstance(value, list) or not value:
        raise section.error(name, "is not a list", "Write [value, …], or true, or false.")
    return Condition(name, frozenset(normal(each) for each in value))


def _fulfilment(section: strict.Section) -> Fulfilment:
    met_by = tuple(_met_by(each) for each in section.sections("met_by"))
    filed_by = section.text("filed_by") if section.has("filed_by") else None
    review_rule = section.text("review_rule") if section.has("review_rule") else None
    if (filed_by is None) != (review_rule is None):
        raise section.error("filed_by", "and `review_rule` belong together", "Give both or none.")
    survives = section.take("survives_departure", False)
    if not isinstance(survives, bool):
        raise section.error("survives_departure", "is not true or false", "Write true.")
    section.done()
    return Fulfilment(met_by, filed_by, review_rule, survives)


def _met_by(section: strict.Section) -> MetBy:
    kind = section.text("fact")
    tests = [test for test in TESTS if section.has(test)]
    if len(tests) != 1:
        raise section.error("", "needs exactly one test", f"Use one of: {', '.join(TESTS)}.")
    fields = section.texts(tests[0])
    months = section.whole("months_before", 0)
    section.done()
    return MetBy(kind, fields, tests[0], months)  # type: ignore[arg-type]
