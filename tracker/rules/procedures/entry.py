"""Read one entry of config/procedures into a procedure or a paper."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from tracker.rules import strict
from tracker.rules.model import Words
from tracker.rules.procedures import wording
from tracker.rules.procedures.model import (
    Actor,
    Does,
    Form,
    Limit,
    Material,
    Need,
    Point,
    Procedure,
    Source,
    Step,
    Test,
    Tests,
    Time,
    Waiver,
    Whose,
)  # fmt: skip
from tracker.rules.profile import CONFIDENCE
from tracker.rules.rule_file import CITY, IDENTITIES

UNITS = {"working_days": "working_day", "calendar_days": "calendar_day"}


def parse_procedure(section: strict.Section, papers: Mapping[str, Material]) -> Procedure:
    """Read a procedure; its `materials` are looked up in `papers` by code."""
    code, title = section.text("code"), section.words("title")
    applies = section.section("applies_to")
    identities = applies.texts("identity")
    for each in identities:
        if each not in IDENTITIES:
            raise applies.error("identity", f"cannot be {each!r}", f"Use {', '.join(IDENTITIES)}.")
    about, family = _optional(applies, "holds"), _flag(applies, "family")
    applies.done()
    source = _source(section)
    made = Procedure(
        id=section.text("id"), code=code, title=title, who=section.words("who"),
        authority=section.words("authority"), identities=frozenset(identities),  # type: ignore[arg-type]
        about=about, grants=_optional(section, "grants"),
        application=_optional(section, "application"),
        keeps_passport=_flag(section, "keeps_passport"),
        receipt_rule=_optional(section, "receipt_rule"), opens_rule=_optional(section, "opens"),
        opens_case=_optional(section, "opens_case"), family=family,
        steps=_steps(section, code, title, source),
        needs=tuple(_need(each) for each in section.sections("needs")),
        materials=_materials(section, papers), if_late=section.words("if_late"), source=source,
        when=_tests(section), fallback=_optional(section, "fallback"),
        counter=_optional(section, "counter"),
    )  # fmt: skip
    section.done()
    return made


def parse_material(section: strict.Section) -> Material:
    """Read one paper."""
    made = Material(
        code=section.text("id"), title=section.words("title"),
        form=section.choice("form", get_args(Form)),  # type: ignore[arg-type]
        by=section.choice("by", get_args(Actor)),  # type: ignore[arg-type]
        source=_source(section), max_age_months=_months(section), fact=_optional(section, "fact"),
        lead=_time(section.section("lead")) if section.has("lead") else None,
        when=_tests(section), waivers=tuple(_waiver(each) for each in section.sections("waivers")),
        note=section.words("note") if section.has("note") else None,
    )  # fmt: skip
    section.done()
    return made


def _steps(section: strict.Section, code: str, title: Words, source: Source) -> tuple[Step, ...]:
    steps = tuple(_step(each, code, title, source) for each in section.sections("steps"))
    filing = [step for step in steps if step.does == "file"]
    if len(filing) != 1:
        raise section.error("steps", "needs exactly one that files", "Give one `does: file`.")
    order = [get_args(Does).index(step.does) for step in steps]
    if order != sorted(set(order)):
        raise section.error("steps", "are out of order", f"Order: {', '.join(get_args(Does))}.")
    return steps


def _step(section: strict.Section, code: str, title: Words, source: Source) -> Step:
    does = section.choice("does", get_args(Does))
    named = section.words("title") if section.has("title") else wording.title(title, does)
    what = section.words("what_to_do") if section.has("what_to_do") else wording.what(title, does)
    made = Step(
        id=section.text("id", f"{code}-{does.upper()}"), does=does,  # type: ignore[arg-type]
        by=section.choice("by", get_args(Actor)), title=named, what_to_do=what,  # type: ignore[arg-type]
        source=_source(section) if section.has("source") else source,
        takes=_time(section.section("takes")) if section.has("takes") else Time(0),
        limit=_limit(section.section("limit")) if section.has("limit") else None,
    )  # fmt: skip
    section.done()
    return made


def _time(section: strict.Section) -> Time:
    units = [unit for unit in UNITS if section.has(unit)]
    if len(units) != 1:
        raise section.error("", "needs one unit", f"Give one of: {', '.join(UNITS)}.")
    days = _days(section, units[0])
    by_category = section.section("category", {})
    categories = {name: _days(by_category, name) for name in by_category.names()}
    if unknown := set(categories) - {"A", "B", "C"}:
        raise by_category.error(min(unknown), "is no category", "Use A, B or C.")
    source = _source(section) if section.has("source") else None
    numbers = [days, *categories.values()]
    if source is None and any(isinstance(each, int) and each for each in numbers):
        raise section.error("source", "is missing", "Say where the number comes from.")
    section.done()
    return Time(days, UNITS[units[0]], categories, source)  # type: ignore[arg-type]


def _days(section: strict.Section, key: str) -> int | str:
    value = section.take(key)
    if isinstance(value, str) and value.startswith(CITY):
        return value.removeprefix(CITY)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise section.error(key, "is not a whole number", "Write a number or city.<name>.")
    return value


def _limit(section: strict.Section) -> Limit:
    made = Limit(
        rule_id=_optional(section, "rule"), fact=_optional(section, "fact"),
        field=_optional(section, "field"),
        point=section.choice("point", get_args(Point), "filed"),  # type: ignore[arg-type]
        source=_source(section) if section.has("source") else None,
    )  # fmt: skip
    if (made.rule_id is None) == (made.fact is None or made.field is None):
        raise section.error("", "is incomplete", "Give `rule`, or `fact` and `field`.")
    if made.fact and made.source is None:
        raise section.error("source", "is missing", "Say why nothing may be later.")
    section.done()
    return made


def _need(section: strict.Section) -> Need:
    combined = _optional(section, "combined")
    if combined is not None and not combined.startswith(CITY):
        raise section.error("combined", "is no number of the city", "Write city.<name>.")
    made = Need(
        procedure=section.text("procedure"),
        point=section.choice("point", get_args(Point)),  # type: ignore[arg-type]
        source=_source(section),
        whose=section.choice("whose", get_args(Whose), "own"),  # type: ignore[arg-type]
        combined=combined.removeprefix(CITY) if combined else None,
    )
    section.done()
    return made


def _materials(section: strict.Section, papers: Mapping[str, Material]) -> tuple[Material, ...]:
    found = tuple(_material(each, papers) for each in section.sections("materials"))
    codes = [each.code for each in found]
    if repeated := sorted({code for code in codes if codes.count(code) > 1}):
        raise section.error("materials", f"name {repeated[0]} twice", "Remove one of them.")
    return found


def _material(section: strict.Section, papers: Mapping[str, Material]) -> Material:
    code = section.text("code")
    if code not in papers:
        raise section.error("code", f"{code!r} is unknown", "Enter it in materials.yaml first.")
    changes: dict[str, Any] = {}
    if section.has("title"):
        changes["title"] = section.words("title")
    if section.has("note"):
        changes["note"] = section.words("note")
    if section.has("form"):
        changes["form"] = section.choice("form", get_args(Form))
    if section.has("by"):
        changes["by"] = section.choice("by", get_args(Actor))
    if section.has("max_age_months"):
        changes["max_age_months"] = _months(section)
    if section.has("when"):
        changes["when"] = _tests(section)
    if section.has("waivers"):
        changes["waivers"] = tuple(_waiver(each) for each in section.sections("waivers"))
    section.done()
    return replace(papers[code], **changes)


def _waiver(section: strict.Section) -> Waiver:
    made = Waiver(section.text("ground"), section.words("title"), _source(section), _tests(section))
    section.done()
    return made


def _tests(section: strict.Section) -> Tests:
    return tuple(
        tuple(_test(each, name) for name in each.names()) for each in section.sections("when")
    )


def _test(section: strict.Section, name: str) -> Test:
    if name.removeprefix(CITY) not in wording.CIRCUMSTANCES and not name.startswith(CITY):
        known = ", ".join(sorted(wording.CIRCUMSTANCES))
        raise section.error(name, "is no circumstance", f"Use city.<name> or one of: {known}.")
    value = section.take(name)
    if isinstance(value, dict):
        inner = strict.Section(value, file=section.file, entry=section.entry, path=name)
        least = inner.whole("least")
        inner.done()
        return Test(name, least=least)
    if not isinstance(value, list) or not value:
        raise section.error(name, "is not a list", "Write [value, …] or {least: number}.")
    return Test(name, frozenset(value))


def _source(section: strict.Section) -> Source:
    cited = section.section("source")
    made = Source(
        Words(zh=cited.text("law"), en=cited.text("law_en")), cited.text("article", ""),
        cited.choice("confidence", CONFIDENCE), cited.day("checked_on"),
    )  # fmt: skip
    cited.done()
    return made


def _months(section: strict.Section) -> int | None:
    value = section.take("max_age_months", None)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise section.error("max_age_months", "is not a number of months", "Write 6, or null.")
    return value


def _flag(section: strict.Section, key: str) -> bool:
    value = section.take(key, False)
    if not isinstance(value, bool):
        raise section.error(key, "is not true or false", "Write true.")
    return value


def _optional(section: strict.Section, key: str) -> str | None:
    return section.text(key) if section.has(key) else None
