"""How complete patrols were, month by month: days with one against days that asked for one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.inspections.models import InspectedBuilding, Inspection
from tracker.inspections.queries import span
from tracker.rules.calendar import DAY
from tracker.rules.counting import add_months


@dataclass(frozen=True, slots=True)
class Month:
    """Days of a month with a patrol (`done`), of those that asked for one (`asked`)."""

    first: date
    done: int
    asked: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where nothing was asked."""
        return self.done / self.asked if self.asked else None


def by_month(
    building_ids: Sequence[int], *, today: date, kind: str = "daily", months: int = 12
) -> dict[int, list[Month]]:
    """Return the last months of each building, the oldest first; today does not count yet."""
    first = add_months(today.replace(day=1), 1 - months)
    known = _days(building_ids, kind, first, today - DAY)
    since = {
        row.building_id: row.since
        for row in db.session.scalars(
            sa.select(InspectedBuilding).where(InspectedBuilding.building_id.in_(building_ids))
        )
    }
    starts = [add_months(first, number) for number in range(months)]
    return {
        each: [_month(start, known[each], since.get(each, today), today) for start in starts]
        for each in building_ids
    }


def _month(first: date, days: set[date], since: date, today: date) -> Month:
    last = min(add_months(first, 1), today) - DAY
    begins = max(first, min(since, min(days, default=since)))
    asked = max((last - begins).days + 1, 0)
    return Month(first, sum(begins <= day <= last for day in days), asked)


def _days(
    building_ids: Sequence[int], kind: str, first: date, last: date
) -> defaultdict[int, set[date]]:
    begins, ends = span(first, last)
    rows: list[tuple[int, datetime]] = [
        (row.building_id, row.finished_at)
        for row in db.session.execute(
            sa.select(Inspection.building_id, Inspection.finished_at).where(
                Inspection.building_id.in_(building_ids), Inspection.kind == kind,
                Inspection.room_id.is_(None), Inspection.finished_at >= begins,
                Inspection.finished_at < ends,
            )
        )
    ]  # fmt: skip
    found: defaultdict[int, set[date]] = defaultdict(set)
    for building_id, finished_at in rows:
        # A round after midnight belongs to the night before.
        shift = timedelta(hours=12) if kind == "night" else timedelta()
        found[building_id].add(campus_day(finished_at - shift))
    return found
