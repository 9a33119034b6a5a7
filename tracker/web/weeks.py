"""Where everything goes in the picture of the weeks to come. Pure; lengths as in timeline.py."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.obligations.load import Week

TOP, FOOT = 22, 24
#: So many times the capacity are drawn at most, or a flood would hide what is usual.
CUT = 6


@dataclass(frozen=True, slots=True)
class Column:
    """One week: what fits, what is too much on top of it, what is overdue, and the line above."""

    x: float
    width: float
    fits_y: float
    fits: float
    over_y: float
    over: float
    limit_y: float
    load: int
    crowded: bool
    #: It is higher than the picture: drawn with a gap.
    cut: bool
    monday: date
    month: bool


@dataclass(frozen=True, slots=True)
class Load:
    """All there is to draw."""

    width: int
    height: int
    base: float
    columns: tuple[Column, ...]
    limit: str


def lay_out(weeks: Sequence[Week], *, width: int, height: int) -> Load:
    """Place a column for each week, as high as the busiest needs; far higher ones are cut off."""
    base = height - FOOT
    capacity = max(week.capacity for week in weeks) or 1
    highest = max(capacity, min(max(week.load for week in weeks), CUT * capacity))
    unit = (base - TOP) / highest
    columns = tuple(_columns(weeks, width, base, unit))
    line = " ".join(f"{'M' if n == 0 else 'L'}{c.x} {c.limit_y}H{_right(c)}"
                    for n, c in enumerate(columns))  # fmt: skip
    return Load(width, height, base, columns, line)


def _columns(weeks: Sequence[Week], width: int, base: float, unit: float) -> Iterator[Column]:
    room = width / len(weeks)
    for number, week in enumerate(weeks):
        shown = min(week.load, (base - TOP) / unit)
        fits = min(shown, week.capacity) * unit
        over = max(shown - week.capacity, 0) * unit
        yield Column(
            x=round(number * room, 1), width=round(room, 1),
            fits_y=round(base - fits, 1), fits=round(fits, 1),
            over_y=round(base - fits - over, 1), over=round(over, 1),
            limit_y=round(base - week.capacity * unit, 1),
            load=week.load, crowded=week.excess > 0, cut=shown < week.load, monday=week.monday,
            month=number == 0 or week.monday.day <= 7,
        )  # fmt: skip


def _right(column: Column) -> float:
    return round(column.x + column.width, 1)
