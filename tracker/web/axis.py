"""The axis of days of a picture, and the months marked on it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.rules.counting import add_months
from tracker.web.picture import Tick

#: Width that a label of the axis needs.
TICK = 46


@dataclass(frozen=True, slots=True)
class Scale:
    """From days to places."""

    first: date
    last: date
    left: float
    width: float

    def x(self, day: date) -> float:
        """Return the place of the morning of a day, kept within the picture."""
        days = (min(max(day, self.first), self.last) - self.first).days
        return round(self.left + self.width * days / (self.last - self.first).days, 1)

    def shows(self, day: date) -> bool:
        """Say whether a day is within the picture."""
        return self.first <= day <= self.last


def ticks(scale: Scale) -> Iterator[Tick]:
    """Yield the firsts of months that there is room for."""
    months = list(_months(scale.first, scale.last))
    room = scale.width / max(len(months), 1)
    step = next((n for n in (1, 2, 3, 6) if n * room >= TICK), 12)
    for month in months:
        if (month.month - 1) % step == 0:
            year = month.month == 1 or month == next(
                each for each in months if (each.month - 1) % step == 0
            )
            yield Tick(scale.x(month), month, year)


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month < last:
        yield month
        month = add_months(month, 1)
