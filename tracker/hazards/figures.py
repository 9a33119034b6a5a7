"""Counts of hazards: open ones by building, kind and age; how long closing takes by month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median, quantiles

import sqlalchemy as sa

from tracker.core import clock
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.hazards import states
from tracker.hazards.models import Hazard
from tracker.hazards.queries import AGES
from tracker.rules.counting import add_months

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Count:
    """How many hazards something has, by grade."""

    name: str
    by_grade: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_grade.values())


@dataclass(frozen=True, slots=True)
class Closing:
    """The days from found to closed of what was closed in a month; None if nothing was."""

    month: date
    closed: int
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page of figures shows. Names: building ids, kinds, ages."""

    buildings: Sequence[Count]
    kinds: Sequence[Count]
    ages: Sequence[Count]
    closings: Sequence[Closing]


def figures(*, today: date) -> Figures:
    """Return the figures of a day."""
    rows = db.session.execute(
        sa.select(Hazard.building_id, Hazard.kind, Hazard.grade, Hazard.found_at).where(
            Hazard.state != "closed"
        )
    ).all()
    told = [(str(row[0]), row[1], _age(row[3], today), row[2]) for row in rows]
    return Figures(
        sorted(_counts(told, 0, _present(told, 0)), key=lambda each: -each.total),
        _counts(told, 1, states.KINDS), _counts(told, 2, AGES), closings(today=today),
    )  # fmt: skip


def closings(*, today: date) -> list[Closing]:
    """Return how long closing took in each of the last twelve months, this one included."""
    first = add_months(today.replace(day=1), 1 - MONTHS)
    rows = db.session.execute(
        sa.select(Hazard.found_at, Hazard.closed_at).where(
            Hazard.closed_at >= datetime.combine(first, time(), clock.CAMPUS)
        )
    )
    days: dict[date, list[float]] = {add_months(first, number): [] for number in range(MONTHS)}
    for found_at, closed_at in rows:
        assert closed_at is not None
        month = campus_day(closed_at).replace(day=1)
        if month in days:
            days[month].append(max((closed_at - found_at) / timedelta(days=1), 0.0))
    return [_closing(month, sorted(took)) for month, took in days.items()]


def _closing(month: date, took: Sequence[float]) -> Closing:
    if not took:
        return Closing(month, 0, None, None)
    ninetieth = quantiles(took, n=10, method="inclusive")[-1] if len(took) > 1 else took[0]
    return Closing(month, len(took), round(median(took), 1), round(ninetieth, 1))


def _age(found_at: datetime, today: date) -> str:
    days = (today - campus_day(found_at)).days
    return next(
        name for name, (_first, last) in AGES.items() if last is None or days <= last
    )  # fmt: skip


#: Building, kind, age, grade.
_Row = tuple[str, str, str, str]


def _present(rows: Iterable[_Row], at: int) -> list[str]:
    return sorted({row[at] for row in rows})


def _counts(rows: Sequence[_Row], at: int, names: Iterable[str]) -> list[Count]:
    """Count rows by the part at a place and by grade, for each of these names."""
    return [
        Count(name, {grade: sum(row[at] == name and row[3] == grade for row in rows)
                     for grade in states.GRADES})
        for name in names
    ]  # fmt: skip
