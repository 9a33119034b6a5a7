"""The ladder: which stages a rule's obligations climb, and which of them a day brings. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

AUDIENCES = ("expert", "unit_secretary", "owner", "inspector", "officer", "head")
#: Further ahead than any deadline: such a stage has begun as soon as the duty is known.
ALWAYS = 40_000


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


@dataclass(frozen=True, slots=True)
class Foresight:
    """The runs to come, first to last, and the one before them (None: there was none).

    `anew`: the first of them looks at everything, for the ladder was edited.
    """

    runs: Sequence[Reach]
    last: Reach | None
    anew: bool = False


def course(
    ladder: Ladder, ahead: Foresight, *, safe_on: date, opens_on: date | None, fresh: bool
) -> Iterator[tuple[Reach, Stage]]:
    """Yield what the runs to come tell of one obligation if nothing about it changes.

    The same as begun() and between(), asked for one obligation instead of for one stage.
    """
    before, looked_at = ahead.last, fresh or ahead.anew
    for reach in ahead.runs:
        stage = _current(ladder, reach, safe_on, opens_on)
        if stage and (looked_at or (before and not _has_begun(stage, before, safe_on, opens_on))):
            yield reach, stage
        before, looked_at = reach, False


def _current(ladder: Ladder, reach: Reach, safe_on: date, opens_on: date | None) -> Stage | None:
    """Return the latest stage that has begun; of all but the first the earlier begin earlier."""
    first = ladder.stages[0]
    place = bisect_left(
        ladder.stages, True, lo=1,
        key=lambda stage: not _has_begun(stage, reach, safe_on, opens_on),
    )  # fmt: skip
    if place > 1 or _has_begun(first, reach, safe_on, opens_on):
        return ladder.stages[place - 1]
    return None


def _has_begun(stage: Stage, reach: Reach, safe_on: date, opens_on: date | None) -> bool:
    if stage.at_opening:
        return opens_on is not None and opens_on <= reach.ahead
    return safe_on <= reach.upto(stage.days_before)


def _pairs(ladder: Ladder) -> Iterator[tuple[Stage, int]]:
    """Yield each stage with the days_before of the one that takes its place."""
    following = [stage.days_before for stage in ladder.stages[1:]]
    yield from zip(ladder.stages, [*following, -ALWAYS], strict=True)


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
