"""What was inspected and tested in buildings, by day: read once for many plans."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core.clock import CAMPUS, campus_day
from tracker.core.db import db
from tracker.inspections.kinds import catalogue
from tracker.inspections.models import BuildingTest, InspectedBuilding, Inspection
from tracker.rules.calendar import DAY

#: Patrols are looked at so far back, other inspections so far.
PATROLS, OTHERS = timedelta(days=62), timedelta(days=420)


@dataclass(slots=True)
class Done:
    """What was done in one building: instants of finished inspections by kind, days of tests."""

    since: date
    inspections: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    tests: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))

    def days(self, kinds: Iterable[str]) -> list[date]:
        """Return the days on which inspections of these kinds were finished, in order."""
        return sorted({campus_day(at) for kind in kinds for at in self.inspections.get(kind, ())})


def in_buildings(building_ids: Sequence[int], *, today: date) -> dict[int, Done]:
    """Return what was done in each; a building not seen before counts from today. No writing."""
    known = {
        row.building_id: row.since
        for row in db.session.scalars(
            sa.select(InspectedBuilding).where(InspectedBuilding.building_id.in_(building_ids))
        )
    }
    found = {each: Done(known.get(each, today)) for each in building_ids}
    patrols = [kind.key for kind in catalogue().kinds.values() if kind.patrol]
    for chosen, back in ((Inspection.kind.in_(patrols), PATROLS),
                         (Inspection.kind.not_in(patrols), OTHERS)):  # fmt: skip
        for row in db.session.execute(_finished(building_ids, chosen, today - back)):
            found[row.building_id].inspections[row.kind].append(row.finished_at)
    tests = sa.select(BuildingTest).where(BuildingTest.building_id.in_(building_ids))
    for test in db.session.scalars(tests.order_by(BuildingTest.done_on)):
        found[test.building_id].tests[test.rule_id].append(test.done_on)
    return found


def begin(building_ids: Sequence[int], *, today: date) -> None:
    """Plan buildings not planned before from today on. Flushes."""
    known = sa.select(InspectedBuilding.building_id).where(
        InspectedBuilding.building_id.in_(building_ids)
    )
    new = set(building_ids) - set(db.session.scalars(known))
    db.session.add_all(InspectedBuilding(building_id=each, since=today) for each in sorted(new))
    db.session.flush()


def missing_rounds(
    night: date, rounds: Iterable[datetime], stretch: tuple[int, int, int]
) -> list[tuple[datetime, datetime]]:
    """Return the stretches of a night in which no round was finished.

    `stretch`: first hour, last hour (of the next day), hours of each.
    """
    begins, ends, hours = stretch
    start = datetime.combine(night, time(begins), CAMPUS)
    last = datetime.combine(night + DAY, time(ends), CAMPUS)
    done = list(rounds)
    missing = []
    while start < last:
        end = start + timedelta(hours=hours)
        if not any(start <= each < end for each in done):
            missing.append((start, end))
        start = end
    return missing


def _finished(building_ids: Sequence[int], chosen: sa.ColumnElement[bool], since: date) -> Any:
    return sa.select(Inspection.building_id, Inspection.kind, Inspection.finished_at).where(
        Inspection.building_id.in_(building_ids), chosen, Inspection.room_id.is_(None),
        Inspection.finished_at >= datetime.combine(since, time(), CAMPUS),
    )  # fmt: skip
