"""The days on which the rounds of a schedule are due. Pure; no round is kept before its time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.counting import add_months

#: Rounds closer to each other are told on the day itself; others as long before as this.
SHORT, LEAD = timedelta(days=28), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Round:
    """One round: its number from 0 on, and the day on which it is due."""

    number: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When rounds are due: the first, how far apart (`unit` day or month), and the last day."""

    starts_on: date
    ends_on: date
    every: int | None = None
    unit: str | None = None

    @property
    def short(self) -> bool:
        """Tell whether the rounds follow each other so closely that nobody is told ahead."""
        return self.unit == "day" and self.every is not None and timedelta(self.every) < SHORT

    def round(self, number: int) -> Round | None:
        """Return a round; None if the schedule has ended before it."""
        if number < 0 or (self.every is None and number):
            return None
        apart = number * (self.every or 0)
        if self.unit == "month":
            due_on = add_months(self.starts_on, apart)
        else:
            due_on = self.starts_on + timedelta(days=apart)
        return Round(number, due_on) if due_on <= self.ends_on else None

    def latest(self, on: date) -> Round | None:
        """Return the round last due by a day, whether or not the schedule has ended since."""
        if on < self.starts_on:
            return None
        number = self._near(min(on, self.ends_on))
        while (following := self.round(number + 1)) and following.due_on <= on:
            number += 1
        found = self.round(number)
        while found is None or found.due_on > on:
            number -= 1
            found = self.round(number)
        return found

    def between(self, after: date, upto: date) -> Iterator[Round]:
        """Yield the rounds due in (after, upto]."""
        start = self.latest(after)
        number = start.number + 1 if start else 0
        while (found := self.round(number)) and found.due_on <= upto:
            yield found
            number += 1

    def current(self, today: date, ahead: date) -> list[Round]:
        """Return the rounds somebody is asked about today: the one last due, and those coming.

        `ahead`: the last day before the next working day; longer rounds are told earlier.
        """
        if today > self.ends_on:
            return []
        upto = ahead if self.short else max(ahead, today + LEAD)
        last = self.latest(today)
        return ([last] if last else []) + list(self.between(today, upto))

    def _near(self, on: date) -> int:
        """Return the number of a round not far from a day."""
        if self.every is None:
            return 0
        if self.unit == "month":
            months = (on.year - self.starts_on.year) * 12 + on.month - self.starts_on.month
            return max(0, months // self.every)
        return (on - self.starts_on).days // self.every
