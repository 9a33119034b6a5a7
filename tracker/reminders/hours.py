"""When the office's letters leave: working days, between two hours. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import yaml

from tracker.core.clock import CAMPUS
from tracker.core.errors import Invalid
from tracker.rules.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a working day in which letters leave, on the campus clock."""

    opens: time
    closes: time

    def open_at(self, now: datetime, calendar: WorkCalendar) -> bool:
        """Tell whether letters may leave at the instant `now`."""
        local = now.astimezone(CAMPUS)
        return calendar.is_workday(local.date()) and self.opens <= local.time() < self.closes

    def next_opening(self, now: datetime, calendar: WorkCalendar) -> datetime:
        """Return `now` when letters may leave, else the next instant at which they may."""
        if self.open_at(now, calendar):
            return now
        local = now.astimezone(CAMPUS)
        day = local.date()
        if not calendar.is_workday(day) or local.time() >= self.closes:
            day = calendar.next_workday(day)
        return datetime.combine(day, self.opens, CAMPUS).astimezone(UTC)


def load(path: Path) -> Hours:
    """Read the office's hours from config/office.yaml."""
    entry = yaml.safe_load(path.read_text("utf-8"))["letters"]
    try:
        return Hours(time.fromisoformat(entry["from"]), time.fromisoformat(entry["until"]))
    except (KeyError, TypeError, ValueError):
        raise Invalid(f'{path.name}: give letters: from and until as "08:30", in quotes') from None
