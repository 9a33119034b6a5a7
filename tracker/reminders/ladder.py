"""The ladder: which stages a rule's obligations climb, and which of them a day brings. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tracker.core.errors import Invalid

AUDIENCES = ("expert", "unit_secretary", "officer", "head")
#: Further ahead than any deadline: such a stage has begun as soon as the duty is known.
ALWAYS = 40_000
_KEYS = {"id", "when", "days_before", "every_days", "times", "to"}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: it begins `days_before` the safe day, or on the day the window opens."""

    id: str
    days_before: int
    to: tuple[str, ...]
    at_opening: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The stages, earliest first, of the obligations under `rules`."""

    id: str
    rules: tuple[str, ...]
    stages: tuple[Stage, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """The obligations that a stage concerns: after < safe_on <= upto.

    `opened`: also, their opening day must lie in this range (exclusive, inclusive).
    `superseded`: a later stage has begun meanwhile; these are only put on record.
    """

    stage: Stage
    after: date
    upto: date
    opened: tuple[date, date] | None = None
    superseded: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """How far a run of the planner looks.

    What leads up to a safe day is told before a weekend or holiday, so `ahead` is the last day
    before the next working day; what follows a missed day is told when it is so.
    """

    ahead: date
    today: date

    def upto(self, days_before: int) -> date:
        """Return the last safe day for which a stage so many days before it has begun."""
        return _shift(self.ahead if days_before >= 0 else self.today, days_before)


def begun(ladder: Ladder, reach: Reach) -> Iterator[Window]:
    """Yield, for every stage, the obligations for which it is the latest that has begun."""
    for stage, following in _pairs(ladder):
        turn = reach.upto(following)
        if stage.at_opening:
            yield Window(stage, turn, date.max, opened=(date.min, reach.ahead))
        else:
            yield Window(stage, turn, reach.upto(stage.days_before))


def between(ladder: Ladder, last: Reach, reach: Reach) -> Iterator[Window]:
    """Yield what began since `last`: of each obligation the latest stage, and those skipped."""
    for stage, following in _pairs(ladder):
        turn = reach.upto(following)
        if stage.at_opening:
            opened = (last.ahead, reach.ahead)
            yield Window(stage, turn, date.max, opened=opened)
            yield Window(stage, date.min, turn, opened=opened, superseded=True)
            continue
        start, end = last.upto(stage.days_before), reach.upto(stage.days_before)
        if max(start, turn) < end:
            yield Window(stage, max(start, turn), end)
        if start < min(turn, end):
            yield Window(stage, start, min(turn, end), superseded=True)


def begins_on(stage: Stage, *, safe_on: date, opens_on: date | None) -> date | None:
    """Return the day a stage begins for one obligation; None if it has no such day."""
    return opens_on if stage.at_opening else _shift(safe_on, -stage.days_before)


def load(path: Path) -> tuple[Ladder, ...]:
    """Read the reminder plan; Invalid names the ladder, the stage and what to mend."""
    return _load(path, path.stat().st_mtime_ns)


@cache
def _load(path: Path, _changed: int) -> tuple[Ladder, ...]:
    content = yaml.safe_load(path.read_text("utf-8")) or {}
    ladders = tuple(_ladder(name, entry) for name, entry in content.items())
    rules = [rule for ladder in ladders for rule in ladder.rules]
    if twice := {rule for rule in rules if rules.count(rule) > 1}:
        raise Invalid(f"{path.name}: {', '.join(sorted(twice))}: keep it in one ladder only")
    return ladders


def _ladder(name: str, entry: Mapping[str, Any]) -> Ladder:
    stages: list[Stage] = []
    for item in entry.get("stages") or []:
        stages.extend(_stages(name, item, stages))
    days = [stage.days_before for stage in stages]
    if not stages or sorted(days, reverse=True) != days:
        raise Invalid(f"reminder plan, {name}: list the stages from the earliest to the latest")
    return Ladder(name, tuple(entry["rules"]), tuple(stages), bool(entry.get("urgent")))


def _stages(name: str, item: Mapping[str, Any], before: Sequence[Stage]) -> list[Stage]:
    where = f"reminder plan, {name}, stage {item.get('id')!r}"
    to = tuple(item.get("to") or ())
    if unknown := set(item) - _KEYS:
        raise Invalid(f"{where}: unknown {', '.join(sorted(unknown))}; use {sorted(_KEYS)}")
    if not item.get("id") or not to or set(to) - set(AUDIENCES):
        raise Invalid(f"{where}: give an id, and `to` with some of {', '.join(AUDIENCES)}")
    if every := item.get("every_days"):
        start = before[-1].days_before if before else 0
        return [
            Stage(f"{item['id']}{n}", start - n * every, to) for n in range(1, item["times"] + 1)
        ]
    if item.get("when") in {"known", "opens"}:
        return [Stage(item["id"], ALWAYS, to, at_opening=item["when"] == "opens")]
    if not isinstance(item.get("days_before"), int):
        raise Invalid(f"{where}: give `when: known`, `when: opens`, days_before or every_days")
    return [Stage(item["id"], item["days_before"], to)]


def _pairs(ladder: Ladder) -> Iterator[tuple[Stage, int]]:
    """Yield each stage with the days_before of the one that takes its place."""
    following = [stage.days_before for stage in ladder.stages[1:]]
    yield from zip(ladder.stages, [*following, -ALWAYS], strict=True)


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
