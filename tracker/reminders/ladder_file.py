"""Read and write the reminder plan. A slip of the pen is an error naming step and remedy."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.reminders.ladder import ALWAYS, AUDIENCES, Ladder, Stage
from tracker.rules import strict
from tracker.rules.model import RulesError

#: Bounds that keep a typing mistake from becoming a year of letters.
FURTHEST, MOST_DAYS_BETWEEN, MOST_TIMES, MOST_STEPS = 400, 90, 100, 20
MOST_CHARACTERS = 20_000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,15}")
#: Besides ladders: {kind of answer: working days}.
QUIET = "quiet_after_answer"
_MOST_QUIET = 20
_KEYS = {"id", "when", "days_before", "every_days", "times", "to"}
_LADDER_KEYS = {"rules", "urgent", "stages"}


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a ladder as it is written: one stage, or one told again and again.

    `when`: known, opens, day (`days` before the safe day; minus: after) or every (`days` apart).
    """

    id: str
    when: str
    to: tuple[str, ...]
    days: int = 0
    times: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A ladder as it is written."""

    id: str
    rules: tuple[str, ...]
    steps: tuple[Step, ...]
    urgent: bool = False


def load(path: Path) -> tuple[Ladder, ...]:
    """Return the ladders of a file; Invalid names the ladder, the step and what to mend."""
    return _load(path, path.stat().st_mtime_ns)


@cache
def _load(path: Path, _changed: int) -> tuple[Ladder, ...]:
    return parse(path.read_text("utf-8"))


@lru_cache(maxsize=8)
def parse(text: str) -> tuple[Ladder, ...]:
    """Return the ladders of a text in the form of config/reminder_plan.yaml."""
    return ladders(read(text))


def ladders(entries: Sequence[Entry]) -> tuple[Ladder, ...]:
    """Return what the planner climbs: every step as the stages it stands for."""
    return tuple(
        Ladder(each.id, each.rules, tuple(_stages(each.steps)), each.urgent) for each in entries
    )


def read(text: str) -> tuple[Entry, ...]:
    """Return the ladders as written; Invalid has all mistakes, by "ladder" or "ladder.step"."""
    return entries_of({name: data for name, data in _content(text).items() if name != QUIET})


@lru_cache(maxsize=8)
def quiet_days(text: str) -> Mapping[str, int]:
    """Return the working days of quiet after each kind of answer, as far as a plan says."""
    told = _content(text).get(QUIET, {})
    if not isinstance(told, dict):
        raise Invalid(_("Write %(key)s as kinds of answer, each with its days.", key=QUIET))
    return {str(kind): _number(f"{QUIET}.{kind}", days, 0, _MOST_QUIET)
            for kind, days in told.items()}  # fmt: skip


def _content(text: str) -> dict[Any, Any]:
    if len(text) > MOST_CHARACTERS:
        raise Invalid(_("The plan is longer than %(most)s characters.", most=MOST_CHARACTERS))
    try:
        content = strict.parse(text, file="reminder plan")
    except RulesError as error:
        raise Invalid(str(error)) from None
    if not isinstance(content, dict):
        raise Invalid(_("Write each ladder as a name, a colon, and its rules and stages below."))
    return content


def entries_of(content: Mapping[Any, Any]) -> tuple[Entry, ...]:
    """Return the ladders of what a plan file or a form holds, each checked."""
    problems: dict[str, list[str]] = {}
    entries = []
    for name, data in content.items():
        try:
            entries.append(_entry(str(name), data, problems))
        except Invalid as error:
            problems.setdefault(str(name), []).extend(error.messages[""])
    _refuse_twice(entries, problems)
    if problems:
        raise Invalid.from_messages(problems)
    return tuple(entries)


def require_known(entries: Sequence[Entry], known: Collection[str]) -> None:
    """Raise Invalid for each rule that the law's files do not have."""
    problems = {
        each.id: [
            _("There is no rule %(rule)s. Correct its name or remove it.", rule=rule)
            for rule in each.rules
            if rule not in known
        ]
        for each in entries
    }
    if found := {name: texts for name, texts in problems.items() if texts}:
        raise Invalid.from_messages(found)


def dump(entries: Sequence[Entry]) -> str:
    """Write ladders in the form of config/reminder_plan.yaml."""
    return "\n".join(line for each in entries for line in _lines(each))


def _lines(entry: Entry) -> Iterator[str]:
    yield f"{entry.id}:"
    yield f"  rules: [{', '.join(entry.rules)}]"
    if entry.urgent:
        yield "  urgent: true"
    yield "  stages:"
    for step in entry.steps:
        timing = {
            "day": f"days_before: {step.days}",
            "every": f"every_days: {step.days}, times: {step.times}",
        }.get(step.when, f"when: {step.when}")
        yield f"    - {{id: {step.id}, {timing}, to: [{', '.join(step.to)}]}}"
    yield ""


def _entry(name: str, data: Any, problems: dict[str, list[str]]) -> Entry:
    if not _NAME.fullmatch(name):
        raise Invalid(_("A ladder's name is up to 16 letters and digits, a letter first."))
    if not isinstance(data, dict) or not isinstance(data.get("stages"), list):
        raise Invalid(_("Give rules and stages, each stage led by a dash."))
    if unknown := sorted(str(key) for key in set(data) - _LADDER_KEYS):
        raise Invalid(_("%(keys)s is unknown here. Use rules, urgent, stages.",
                        keys=", ".join(unknown)))  # fmt: skip
    steps = []
    for number, item in enumerate(data["stages"], 1):
        try:
            steps.append(_step(item))
        except Invalid as error:
            problems[f"{name}.{number}"] = error.messages[""]
    if len(steps) == len(data["stages"]):
        _check_order(name, steps, problems)
    urgent = data.get("urgent", False)
    if not isinstance(urgent, bool):
        raise Invalid(_("urgent is true or false."))
    return Entry(name, _rules(data.get("rules")), tuple(steps), urgent)


def _rules(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Invalid(_("rules is a list of rule names, like [RP-EXT, VISA-EXT]."))
    return tuple(value)


def _step(item: Any) -> Step:
    if not isinstance(item, dict):
        raise Invalid(_("A stage is written like {id: d7, days_before: 7, to: [expert]}."))
    if unknown := sorted(str(key) for key in set(item) - _KEYS):
        raise Invalid(_("unknown %(keys)s; a stage has only %(known)s.",
                        keys=", ".join(unknown), known=", ".join(sorted(_KEYS))))  # fmt: skip
    name, to = item.get("id"), item.get("to")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Invalid(_("Give an id of up to 16 letters and digits, a letter first."))
    if not isinstance(to, list) or not to or [each for each in to if each not in AUDIENCES]:
        raise Invalid(_("Say to whom: `to` with some of %(some)s.", some=", ".join(AUDIENCES)))
    order = tuple(each for each in AUDIENCES if each in to)
    return _timed(name, order, item)


def _timed(name: str, to: tuple[str, ...], item: Mapping[str, Any]) -> Step:
    given = [key for key in ("when", "days_before", "every_days") if item.get(key) is not None]
    if len(given) != 1:
        raise Invalid(_("Give one of `when: known`, `when: opens`, days_before or every_days."))
    if given == ["when"]:
        if item["when"] not in ("known", "opens"):
            raise Invalid(_("`when` is known or opens; else give days_before or every_days."))
        return Step(name, item["when"], to)
    if given == ["days_before"]:
        days = _number("days_before", item["days_before"], -FURTHEST, FURTHEST)
        return Step(name, "day", to, days)
    days = _number("every_days", item["every_days"], 1, MOST_DAYS_BETWEEN)
    return Step(name, "every", to, days, _number("times", item.get("times"), 1, MOST_TIMES))


def _number(key: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Invalid(_("%(key)s is a whole number from %(least)s to %(most)s.",
                        key=key, least=least, most=most))  # fmt: skip
    return value


def _check_order(name: str, steps: Sequence[Step], problems: dict[str, list[str]]) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        problems[name] = [_("A ladder has 1 to %(most)s stages.", most=MOST_STEPS)]
    reached, seen = ALWAYS + 1, set[str]()
    for number, step in enumerate(steps, 1):
        first = next(_stages(steps[:number], from_step=number - 1))
        wrong = []
        if first.days_before >= reached:
            wrong.append(_("List the stages from the earliest to the latest, no two on a day."))
        elif step.id in seen:
            wrong.append(_("Two stages are called %(name)s; give one another id.", name=step.id))
        if wrong:
            problems[f"{name}.{number}"] = wrong
        seen.add(step.id)
        reached = list(_stages(steps[:number], from_step=number - 1))[-1].days_before


def _stages(steps: Sequence[Step], from_step: int = 0) -> Iterator[Stage]:
    """Yield the stages that steps stand for, those of the steps from `from_step` on."""
    reached = 0
    for number, step in enumerate(steps):
        if step.when == "every":
            found = [
                Stage(f"{step.id}{n}", reached - n * step.days, step.to)
                for n in range(1, step.times + 1)
            ]
        elif step.when == "day":
            found = [Stage(step.id, step.days, step.to)]
        else:
            found = [Stage(step.id, ALWAYS, step.to, at_opening=step.when == "opens")]
        reached = found[-1].days_before if step.when in ("every", "day") else 0
        if number >= from_step:
            yield from found


def _refuse_twice(entries: Sequence[Entry], problems: dict[str, list[str]]) -> None:
    home: dict[str, str] = {}
    for each in entries:
        for rule in each.rules:
            if rule in home:
                problems.setdefault(each.id, []).append(
                    _("%(rule)s stands in %(other)s too: keep it in one ladder only.",
                      rule=rule, other=home[rule])
                )  # fmt: skip
            home[rule] = each.id
