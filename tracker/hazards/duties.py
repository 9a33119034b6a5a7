"""What is due of a hazard, and by when: its clocks, counted by the rules of the school.

The rules (config/regulations/hazards.yaml) know how long; a hazard knows from when, and the day
that its order named. Pure, but for the register at the end, which reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core import clock
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.hazards.models import Hazard
from tracker.rules.book import RuleBook
from tracker.rules.register import Rows, due

#: By grade: the school's term for putting it right.
FIX: Mapping[str, str] = {
    "minor": "HAZ-FIX-MINOR", "serious": "HAZ-FIX-SERIOUS", "major": "HAZ-FIX-MAJOR",
}  # fmt: skip
STOP, REPORT, PLAN = "HAZ-STOP", "HAZ-REPORT", "HAZ-PLAN"
AGAIN, GRAVE = "HAZ-REOPENED", "HAZ-REOPENED-TWICE"
RECHECK, SIGN = "HAZ-RECHECK", "HAZ-SIGN"
RECORDED = "What was due is on record."
#: So long a closed hazard's duties are named, so that they end as done.
_REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing due: under which rule, counted from when, or on which day; whether it is done."""

    rule_id: str
    start: datetime
    met: bool
    day: date | None = None


def of(hazard: Hazard) -> Iterator[Due]:
    """Yield what is due of a hazard and what was, in the order of its life."""
    begun = max(each for each in (hazard.graded_at, hazard.reopened_at) if each)
    found, done = hazard.state == "found", hazard.state in ("done", "closed")
    if hazard.grade == "major":
        yield Due(STOP, begun, hazard.protection is not None or hazard.closed)
        yield Due(REPORT, hazard.graded_at, hazard.reported_at is not None)
        yield Due(PLAN, begun, not found)
    if not found or hazard.grade != "major":
        yield Due(rule_of(hazard), begun, done, None if found else hazard.deadline)
    if hazard.done_at is not None:
        yield Due(RECHECK, hazard.done_at, hazard.closed)
    if hazard.closed_at is not None and hazard.ordered_at is not None:
        yield Due(SIGN, hazard.closed_at, hazard.signed_off_at is not None)


def rule_of(hazard: Hazard) -> str:
    """Return the rule of the day by which it must be right; what failed before is stricter."""
    if hazard.failed == 0:
        return FIX[hazard.grade]
    return AGAIN if hazard.failed == 1 else GRAVE


def counted(hazard: Hazard, book: RuleBook) -> dict[str, dict[str, Any]]:
    """Return the columns of the obligations of a hazard by rule."""
    return {each.rule_id: _columns(each, hazard, book) for each in of(hazard)}


def next_day(hazard: Hazard, book: RuleBook) -> date | None:
    """Return the soonest day on which something is still due; None if nothing is."""
    days = [row["safe_on"] for row in counted(hazard, book).values() if row["state"] == "open"]
    return min(days, default=None)


def usual_term(hazard: Hazard, book: RuleBook) -> date:
    """Return the last day that the school's terms leave for putting it right.

    A major one has none but what its order names; a month is the longest that asks no reason.
    """
    if hazard.grade == "major":
        return campus_day(hazard.graded_at) + timedelta(days=30)
    begun = max(each for each in (hazard.graded_at, hazard.reopened_at) if each)
    day: date = due(rule_of(hazard), begun, book)["statutory_on"]
    return day


def _columns(each: Due, hazard: Hazard, book: RuleBook) -> dict[str, Any]:
    row = due(each.rule_id, each.start, book)
    if each.met:
        row |= {"state": "met", "reason": RECORDED}
    if each.day is not None:
        row |= {"safe_on": each.day, "statutory_on": each.day, "due_at": None, "provisional": False}
    zh, en = _detail(hazard)
    return row | {"owner_id": hazard.owner_id, "detail_zh": zh, "detail_en": en}


def _detail(hazard: Hazard) -> tuple[str, str]:
    """Return where it is, what, its number, and whose it was if it fell to somebody else."""
    place = f"{hazard.room.number} " if hazard.room is not None else ""
    text = f"{place}{hazard.text[:110]}"
    zh, en = f"{text}（{hazard.number}）", f"{text} ({hazard.number})"
    if hazard.handed_from:
        zh += f"，原责任人{hazard.handed_from[:30]}已停用"
        en += f", was {hazard.handed_from[:30]}'s, who has left"
    return zh[:200], en[:200]


def rows(building_ids: Sequence[int], book: RuleBook, *, today: date) -> Rows:
    """Return what is due of the hazards of buildings (obligations/registers.py)."""
    begins = datetime.combine(today - _REMEMBERED, time(), clock.CAMPUS)
    lately = Hazard.closed_at >= begins
    unsigned = sa.and_(Hazard.ordered_at.is_not(None), Hazard.signed_off_at.is_(None))
    hazards = db.session.scalars(
        sa.select(Hazard)
        .where(
            Hazard.building_id.in_(building_ids),
            sa.or_(Hazard.state != "closed", lately, unsigned),
        )
        .options(sa.orm.joinedload(Hazard.room))
        .order_by(Hazard.id)
    )
    return {
        (hazard.building_id, rule_id, hazard.ref): columns
        for hazard in hazards
        for rule_id, columns in counted(hazard, book).items()
    }


def keep_next_days(building_ids: Sequence[int], book: RuleBook) -> None:
    """Write down the next day of every open hazard, as the calendar is now. Flushes."""
    hazards = db.session.scalars(
        sa.select(Hazard).where(Hazard.building_id.in_(building_ids), Hazard.state != "closed")
    )
    for hazard in hazards:
        day = next_day(hazard, book)
        if day is not None and day != hazard.next_on:
            hazard.next_on = day
    db.session.flush()
