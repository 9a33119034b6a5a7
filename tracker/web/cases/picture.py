"""Where everything goes in the picture of a plan: bars of steps on an axis of days. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.calendar import DAY, WorkCalendar
from tracker.rules.counting import add_months
from tracker.rules.procedures.plan import Plan, Planned
from tracker.web.axis import Scale, ticks
from tracker.web.picture import Frame, Tick

BAR, SLACK = 14, 4
#: Days that the picture shows at least before the first and after the last of the plan.
MARGIN = timedelta(days=6)
#: Months that it shows at most after today.
MOST = 24

WIDE = Frame(width=1000, left=258, right=136, row=34, letters=38)
NARROW = Frame(width=358, left=2, right=2, row=48, above=True, letters=40, lines=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One step: its place, the bar from its latest day while it takes time, what leads to it.

    `slack`: left end and width of the days it can slip, width 0 if none. `late`: the same of the
    days it is behind. `limit` and `done`: places of marks, None where there is none.
    """

    y: float
    middle: float
    step: Planned
    x: float
    width: float
    slack: tuple[float, float]
    late: tuple[float, float]
    limit: float | None
    done: float | None


@dataclass(frozen=True, slots=True)
class PlanPicture:
    """All there is to draw. `off`: left end and width of each run of days off."""

    width: int
    height: float
    left: float
    right: float
    top: float
    today: float
    ticks: tuple[Tick, ...]
    off: tuple[tuple[float, float], ...]
    rows: tuple[Row, ...]


def lay_out(made: Plan, calendar: WorkCalendar, *, today: date, frame: Frame) -> PlanPicture:
    """Place the steps of a plan in the order of their days."""
    first, last = _period(made.steps, today)
    scale = Scale(first, last, frame.left, frame.plot)
    top = 40
    rows = tuple(
        _row(step, scale, frame, top + number * frame.row, today)
        for number, step in enumerate(made.steps)
    )
    height = top + len(rows) * frame.row
    return PlanPicture(
        frame.width, height + 20, frame.left, frame.left + frame.plot, top, scale.x(today),
        tuple(ticks(scale)), tuple(_off(first, last, scale, calendar)), rows,
    )  # fmt: skip


def _period(steps: Sequence[Planned], today: date) -> tuple[date, date]:
    days = [day for step in steps for day in _days(step)]
    near = [day for day in days if day <= add_months(today, MOST)]
    return min([*near, today]) - MARGIN, max([*near, today]) + MARGIN * 2


def _days(step: Planned) -> Iterator[date]:
    if step.done_on is not None:
        yield step.done_on
        return
    yield from (step.latest, step.earliest, step.ends)
    if step.statutory is not None:
        yield step.statutory


def _row(step: Planned, scale: Scale, frame: Frame, y: float, today: date) -> Row:
    middle = y + (32 if frame.above else frame.row / 2)
    if step.done_on is not None:
        return Row(y, middle, step, 0, 0, (0, 0), (0, 0), None, scale.x(step.done_on))
    left, right = scale.x(step.latest), scale.x(max(step.ends, step.latest + DAY))
    begin = max(step.earliest, today)
    limit = step.limit if step.limit and scale.shows(step.limit) else None
    return Row(
        y, middle, step, left, round(max(right - left, 4), 1),
        _length(scale, begin, step.latest), _length(scale, step.latest, begin),
        scale.x(limit) if limit else None, None,
    )  # fmt: skip


def _length(scale: Scale, first: date, last: date) -> tuple[float, float]:
    if last <= first:
        return 0, 0
    return scale.x(first), round(scale.x(last) - scale.x(first), 1)


def _off(
    first: date, last: date, scale: Scale, calendar: WorkCalendar
) -> Iterator[tuple[float, float]]:  # fmt: skip
    """Yield each run of days on which nobody works."""
    begin, day = None, first
    while day <= last:
        works = day == last or calendar.is_workday(day)
        if not works and begin is None:
            begin = day
        elif works and begin is not None:
            yield _length(scale, begin, day)
            begin = None
        day += DAY
