"""Which days are working days in China, and counting them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from tracker.rules.model import Words, YearCalendar

DAY = timedelta(days=1)


class WorkCalendar:
    """Working days by the published notices; by the holidays fixed in law where none is out.

    `notices`: years with a State Council notice. `statutory`: holidays of later years without the
    exchange of weekends, which only a notice can know. `every_year`: (month, day) of the holidays
    that need no lunar calendar, for years in neither.
    """

    def __init__(
        self,
        notices: Mapping[int, YearCalendar],
        statutory: Mapping[int, YearCalendar],
        every_year: Iterable[tuple[int, int]],
    ) -> None:
        self.notices = dict(notices)
        known = {**statutory, **notices}
        self._off = frozenset[date]().union(*(year.off for year in known.values()))
        self._working = frozenset[date]().union(*(year.working for year in known.values()))
        self._names = {day: name for year in known.values() for day, name in year.names.items()}
        self._years = frozenset(known)
        self._every_year = frozenset(every_year)
        # An import asks for the same few thousand days again and again.
        self._previous: dict[date, date] = {}
        self._counted: dict[tuple[date, int], date] = {}

    @property
    def official_years(self) -> tuple[int, ...]:
        """The years whose notice is known."""
        return tuple(sorted(self.notices))

    def is_workday(self, day: date) -> bool:
        """Say whether offices work on `day`, as far as is known."""
        if day in self._working:
            return True
        if day in self._off or day.weekday() >= 5:
            return False
        return day.year in self._years or (day.month, day.day) not in self._every_year

    def is_holiday(self, day: date) -> bool:
        """Say whether a notice or the law makes `day` a day off, as far as is known."""
        fixed = day.year not in self._years and (day.month, day.day) in self._every_year
        return day not in self._working and (day in self._off or fixed)

    def is_makeup_workday(self, day: date) -> bool:
        """Say whether a notice makes a day of a weekend a working day."""
        return day in self._working

    def name_of(self, day: date) -> Words | None:
        """Return what a day off is called; None when no notice names it."""
        return self._names.get(day)

    def previous_workday(self, day: date) -> date:
        """Return the last working day on or before `day`."""
        found = self._previous.get(day)
        if found is None:
            found = day
            while not self.is_workday(found):
                found -= DAY
            self._previous[day] = found
        return found

    def next_workday(self, day: date) -> date:
        """Return the first working day after `day`."""
        return self.add_workdays(day, 1)

    def add_workdays(self, day: date, count: int) -> date:
        """Return the `count`th working day after `day`, itself not counted; before it if negative.

        Zero returns `day`.
        """
        found = self._counted.get((day, count))
        if found is None:
            found, left, step = day, abs(count), DAY if count > 0 else -DAY
            while left:
                found += step
                left -= self.is_workday(found)
            self._counted[day, count] = found
        return found

    def is_provisional(self, *days: date) -> bool:
        """Say whether any of `days` lies in a year whose notice is not known."""
        return any(day.year not in self.notices for day in days)
