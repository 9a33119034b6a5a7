"""Run worked cases, readable by a lawyer, against the book."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.rules import strict
from tracker.rules.book import RuleBook
from tracker.rules.counting import CAMPUS
from tracker.rules.evaluate import evaluate
from tracker.rules.model import Duty, Fact, Person, RulesError
from tracker.rules.procedures import worked
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.rule_file import IDENTITIES

DATES = ("statutory", "safe", "opens", "valid_until")
COMPARED = (*DATES, "due_at", "provisional")
STATUSES = ("recruiting", "active", "on_leave", "departed")
NONE = "none"


@dataclass(slots=True)
class CaseReport:
    """How many cases agree with the book, and each difference."""

    passed: int = 0
    failed: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case: a person, the facts, and by rule what must come of them."""

    name: str
    person: Person
    facts: tuple[Fact, ...]
    expect: Mapping[str, Mapping[str, object] | None]


def run_cases(path: Path, book: RuleBook) -> CaseReport:
    """Run a file of cases; RulesError names case, field and remedy if it is malformed."""
    report = CaseReport()
    data = strict.read(path)
    if not isinstance(data, list):
        raise RulesError(
            file=path.name, entry="", field="", problem="is not a list of cases",
            remedy="Begin each case with `- case: …`.",
        )  # fmt: skip
    for number, each in enumerate(data, 1):
        name = each.get("case") if isinstance(each, dict) else None
        section = strict.Section(each, file=path.name, entry=str(name or f"case {number}"))
        if section.has("plan"):
            differences = list(_of_a_plan(section, book))
        else:
            differences = list(_differences(_case(section, book), book))
        report.passed += not differences
        report.failed += bool(differences)
        report.differences += [f"{section.entry}: {line}" for line in differences]
    return report


def _of_a_plan(section: strict.Section, book: RuleBook) -> Iterator[str]:
    section.text("case")
    request = worked.request(section.section("plan"), _subject(section, book), book, _subject)
    expect = section.section("expect")
    section.done()
    return worked.differences(request, expect, book)


def _subject(section: strict.Section, book: RuleBook) -> Subject:
    ref = section.text("ref", "") if section.has("ref") else ""
    person = _person(section.section("person"))
    return Subject(person, _facts(section, book), ref)


def _facts(section: strict.Section, book: RuleBook) -> tuple[Fact, ...]:
    return tuple(
        _fact(each, number, book) for number, each in enumerate(section.sections("facts"), 1)
    )


def _case(section: strict.Section, book: RuleBook) -> Case:
    name = section.text("case")
    person = _person(section.section("person"))
    facts = _facts(section, book)
    expect = _expectations(section.section("expect"))
    section.done()
    return Case(name, person, facts, expect)


def _person(section: strict.Section) -> Person:
    person = Person(
        nationality=section.text("nationality"),
        category=section.choice("category", ("A", "B", "C")) if section.has("category") else None,
        identity=section.choice("identity", IDENTITIES, "foreigner"),  # type: ignore[arg-type]
        born_on=section.day("born_on") if section.has("born_on") else None,
        status=section.choice("status", STATUSES, "active"),  # type: ignore[arg-type]
    )
    section.done()
    return person


def _fact(section: strict.Section, number: int, book: RuleBook) -> Fact:
    kind = section.text("kind")
    if kind not in book.kinds:
        raise section.error("kind", f"{kind!r} is unknown", f"Use: {', '.join(book.kinds)}.")
    ref = section.text("ref", f"{kind}/{number}")
    return Fact(ref, kind, {name: _value(section, name) for name in section.names()})


def _value(section: strict.Section, name: str) -> object:
    if name.endswith("_at"):
        return _instant(section, name)
    if name == "on" or name.endswith("_on"):
        return _day(section, name)
    if name.endswith("_days"):
        return section.whole(name)
    return section.take(name)


def _day(section: strict.Section, name: str) -> date:
    value = section.take(name)
    try:
        parsed = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        parsed = None
    if type(parsed) is not date:
        raise section.error(name, f"{value!r} is not a date", "Write it as 2026-01-31.")
    return parsed


def _instant(section: strict.Section, name: str) -> date:
    """Return an instant; Beijing time unless it says otherwise. A date stands for a whole day."""
    value = section.take(name)
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        parsed = None
    if isinstance(value, str) and len(value) == len("2026-01-31") and parsed:
        return parsed.date()
    if not isinstance(parsed, date):
        raise section.error(name, f"{value!r} is no time", "Write it as 2026-01-31T22:15+08:00.")
    if isinstance(parsed, datetime) and parsed.tzinfo is None:
        return parsed.replace(tzinfo=CAMPUS)
    return parsed


def _expectations(section: strict.Section) -> dict[str, Mapping[str, object] | None]:
    expect: dict[str, Mapping[str, object] | None] = {}
    for rule_id in section.names():
        value = section.take(rule_id)
        expect[rule_id] = None if value == NONE else _expected(section, rule_id, value)
    if not expect:
        raise section.error("", "is empty", "Name a rule and what it must yield.")
    return expect


def _expected(section: strict.Section, rule_id: str, value: Any) -> dict[str, object]:
    path = f"{section.path}.{rule_id}"
    inner = strict.Section(value, file=section.file, entry=section.entry, path=path)
    expected: dict[str, object] = {}
    for key in inner.names():
        if key in DATES:
            expected[key] = _day(inner, key)
        elif key == "due_at":
            expected[key] = _instant(inner, key)
        elif key == "provisional":
            expected[key] = inner.take(key)
    inner.done()
    if not expected:
        raise inner.error("", "is empty", f"Give one of: {', '.join(COMPARED)}; or write none.")
    return expected


def _differences(case: Case, book: RuleBook) -> Iterator[str]:
    duties = evaluate(case.person, case.facts, book)
    for rule_id, expected in case.expect.items():
        found = [duty for duty in duties if duty.rule_id == rule_id]
        if not book.has(rule_id) and rule_id not in book.set_aside:
            yield f"{rule_id}: there is no such rule; correct the id, or enter the rule first"
        elif expected is None:
            for duty in found:
                yield f"{rule_id}: expected none, got {_shown(duty, ('statutory',))}"
        elif not any(_agrees(duty, expected) for duty in found):
            wanted = ", ".join(f"{key} {_text(value)}" for key, value in expected.items())
            got = "; ".join(_shown(duty, expected) for duty in found) or "nothing"
            yield f"{rule_id}: expected {wanted}, got {got}"


def _agrees(duty: Duty, expected: Mapping[str, object]) -> bool:
    return all(getattr(duty, key) == value for key, value in expected.items())


def _shown(duty: Duty, keys: Any) -> str:
    return ", ".join(f"{key} {_text(getattr(duty, key))}" for key in keys)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(CAMPUS).isoformat(timespec="minutes")
    return "none" if value is None else str(value)
