"""Where each building stands with what is inspected by plan: due, done, missed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.hazards.duties import RECORDED
from tracker.housing.models import Building
from tracker.inspections import done, periods
from tracker.inspections.done import Done
from tracker.inspections.periods import Period
from tracker.inspections.plan_file import PATROLS, Plan, plans
from tracker.rules.book import RuleBook
from tracker.rules.calendar import DAY, WorkCalendar
from tracker.rules.counting import add_months
from tracker.rules.register import due


@dataclass(frozen=True, slots=True)
class Standing:
    """One plan of one building. `ref` names the time it is about; `start`: counted from there.

    `missed`: that time is over. `last`: the day it was done last, whenever that was.
    """

    building: Building
    plan: Plan
    ref: str
    start: date
    opens_on: date | None = None
    done_on: date | None = None
    missed: bool = False
    last: date | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether it still has to be done."""
        return self.done_on is None


def standings(
    building_ids: Sequence[int], calendar: WorkCalendar, *, today: date
) -> list[Standing]:
    """Return what is planned in these buildings, what was missed first."""
    buildings = db.session.scalars(
        sa.select(Building)
        .where(Building.id.in_(building_ids), Building.active)
        .order_by(Building.name_zh)
    ).all()
    known = done.in_buildings(building_ids, today=today)
    return [
        standing
        for building in buildings
        for plan in plans().plans.values()
        if plan.applies_to(building)
        for standing in _of(building, plan, known[building.id], calendar, today)
    ]


def days_of(standing: Standing, book: RuleBook) -> dict[str, Any]:
    """Return the columns of its obligation: its days by the rule, open or met."""
    columns = due(standing.plan.rule_id, standing.start, book, opens_on=standing.opens_on)
    if not standing.is_open:
        columns |= {"state": "met", "reason": RECORDED}
    return columns


def _of(
    building: Building, plan: Plan, known: Done, calendar: WorkCalendar, today: date
) -> Iterator[Standing]:
    days = known.tests[plan.rule_id] if plan.by_test else known.days(plan.done_by)
    last = max(days, default=None)
    if plan.every in PATROLS:
        yield from _patrol(building, plan, known, last, today)
    elif plan.every == "year":
        yield _yearly(building, plan, known.since, last)
    else:
        ahead = plans().ahead.get(plan.every, 0)
        before, current = periods.around(
            plan.every, today, calendar, ahead=ahead, terms=plans().terms
        )
        for period in (before, current):
            if period is not None and period.last >= known.since:
                yield from _period(building, plan, period, days, today)


def _period(
    building: Building, plan: Plan, period: Period, days: list[date], today: date
) -> Iterator[Standing]:
    """Yield a period that runs or comes; one that is over only while nothing made up for it."""
    within = [day for day in days if period.first <= day]
    missed = period.last < today
    if missed and within:
        return
    yield Standing(
        building, plan, period.key, period.last, period.first, max(within, default=None), missed,
        max(days, default=None),
    )  # fmt: skip


def _yearly(building: Building, plan: Plan, since: date, last: date | None) -> Standing:
    """Return the next of what is due so many months after the last; the first soon."""
    if last is not None:
        return Standing(building, plan, f"after/{last}", last, last=last)
    start = add_months(since, -12) + plans().first_test_within * DAY
    return Standing(building, plan, f"first/{since}", start)


def _patrol(
    building: Building, plan: Plan, known: Done, last: date | None, today: date
) -> Iterator[Standing]:
    """Yield today's, and the gap up to yesterday if there is one: one duty however long it is."""
    full = last if plan.every == "day" else _last_full_night(known, plan, today)
    begins = max(known.since, full + DAY if full else known.since)
    if begins < today:
        yield Standing(building, plan, f"gap/{begins}", begins, missed=True, last=last)
    done_today = today if last == today and plan.every == "day" else None
    yield Standing(building, plan, f"day/{today}", today, today, done_today, last=last)


def _last_full_night(known: Done, plan: Plan, today: date) -> date | None:
    rounds = [at for kind in plan.done_by for at in known.inspections.get(kind, ())]
    # By whole months, so that a long gap keeps its name.
    first = max(known.since, (today - done.PATROLS + 31 * DAY).replace(day=1))
    night = today - DAY
    while night >= first:
        if not done.missing_rounds(night, rounds, plans().night):
            return night
        night -= DAY
    return first - DAY if first > known.since else None


def open_of(building_ids: Sequence[int], book: RuleBook, *, today: date) -> list[dict[str, Any]]:
    """Return what is to be inspected now, for phones: reference, building, kind, last day."""
    found = []
    for each in standings(building_ids, book.calendar, today=today):
        soon = each.opens_on is None or each.opens_on <= today
        if each.is_open and soon and not each.plan.by_test and not each.ref.startswith("gap/"):
            day = days_of(each, book)["safe_on"]
            found.append(
                {"ref": f"{each.plan.rule_id}/{each.ref}", "building": each.building.id,
                 "kind": each.plan.done_by[0], "due_on": day.isoformat(), "missed": each.missed}
            )  # fmt: skip
    return found
