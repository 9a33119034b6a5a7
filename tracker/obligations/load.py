"""The office's coming work: filings a week against what it can handle, and what to pull forward."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from config import settings
from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.facts.models import Person, Unit
from tracker.obligations.models import Obligation
from tracker.obligations.queries import visible
from tracker.rules.book import RuleBook
from tracker.rules.calendar import WorkCalendar

WEEKS = 26
WEEK = timedelta(days=7)
#: Filings of crowded weeks that are looked at; more cannot be read on a page anyway.
MOST = 400
#: Days beside a filing that another rule counts: papers handed in, the last day of a stay.
NO_FILING = ("WP-EXT-LOCAL", "VISA-COUNT")
# Written out, not bound: only then do both databases use the partial index.
_OPEN = Obligation.state == sa.literal_column("'open'")


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday: what must be filed in it, and what can be.

    `overdue`: filings whose safe day is past already, all of them in the first week.
    """

    monday: date
    filings: int
    capacity: int
    overdue: int = 0

    @property
    def load(self) -> int:
        """All that waits to be filed in this week."""
        return self.filings + self.overdue

    @property
    def excess(self) -> int:
        """How many more than the office can handle."""
        return max(self.load - self.capacity, 0)


@dataclass(frozen=True, slots=True)
class Filing:
    """One application of a person, its first day (None: at once) and its safe day."""

    person_id: int
    rule_id: str
    opens_on: date | None
    safe_on: date
    name_zh: str | None = None
    name_en: str | None = None
    unit_zh: str | None = None
    unit_en: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A filing that can leave a crowded week for an earlier one, `to` its Monday."""

    filing: Filing
    to: date


def weeks(scope: Scope, book: RuleBook, *, today: date, capacity: int | None = None) -> list[Week]:
    """Return the half year to come, week by week; one statement."""
    first = _monday(today)
    per_week = office_capacity() if capacity is None else capacity
    until = first + WEEKS * WEEK
    rows = db.session.execute(
        sa.select(Obligation.safe_on, sa.func.count())
        .where(*_wanted(scope, book, until=until))
        .group_by(Obligation.safe_on)
    )
    counted: Counter[date] = Counter()
    overdue = 0
    for day, count in rows:
        if day < today:
            overdue += count
        else:
            counted[_monday(day)] += count
    mondays = [first + n * WEEK for n in range(WEEKS)]
    return [
        Week(monday, counted[monday], _capacity(per_week, monday, book.calendar),
             overdue if monday == first else 0)
        for monday in mondays
    ]  # fmt: skip


def moves(scope: Scope, book: RuleBook, planned: Sequence[Week], *, today: date) -> list[Move]:
    """Return what to file earlier so that crowded weeks become less so; at most one statement."""
    crowded = [
        week.monday
        for number, week in enumerate(planned)
        if week.excess and any(each.load < each.capacity for each in planned[:number])
    ]
    if not crowded:
        return []
    day = Obligation.safe_on
    within = sa.or_(*(day.between(monday, monday + WEEK - timedelta(1)) for monday in crowded))
    rows = db.session.execute(
        sa.select(
            Obligation.person_id, Obligation.rule_id, Obligation.opens_on, day, Person.name_zh,
            Person.name_en, Unit.name_zh.label("unit_zh"), Unit.name_en.label("unit_en"),
        )
        .join(Person, Person.id == Obligation.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(*_wanted(scope, book, until=planned[-1].monday + WEEK), within, day >= today)
        .order_by(day, Obligation.opens_on, Obligation.id)
        .limit(MOST)
    )  # fmt: skip
    found = [Filing(**row._mapping) for row in rows]
    return level(planned, found)


def level(planned: Sequence[Week], filings: Sequence[Filing]) -> list[Move]:
    """Return the moves that take from each crowded week what an earlier one has room for. Pure.

    A filing goes to the latest week with room in which its window is open for a day at least.
    """
    room = {week.monday: week.capacity - week.load for week in planned}
    done = []
    for week in planned:
        inside = [f for f in filings if week.monday <= f.safe_on < week.monday + WEEK]
        for filing in sorted(inside, key=lambda f: (f.opens_on or date.min, f.person_id)):
            to = _earlier(week.monday, filing, room)
            if room[week.monday] >= 0 or to is None:
                continue
            room[to] -= 1
            room[week.monday] += 1
            done.append(Move(filing, to))
    return done


def filing_rules(book: RuleBook) -> list[str]:
    """Return the rules that are met by filing something with an authority."""
    return sorted(
        {
            rule.id
            for rule in book.rules
            if rule.role == "deadline" and rule.fulfilment.filed_by and rule.id not in NO_FILING
        }
    )


@cache
def office_capacity() -> int:
    """Return how many filings a full week of the office takes (config/office.yaml)."""
    path = Path(settings.ROOT) / "config" / "office.yaml"
    return capacity_of(yaml.safe_load(path.read_text("utf-8")), name=path.name)


def capacity_of(office: Mapping[str, Any], *, name: str) -> int:
    """Read the office's capacity; Invalid unless it is a whole number above zero."""
    capacity = office.get("filings_per_week")
    if isinstance(capacity, bool) or not isinstance(capacity, int) or capacity < 1:
        raise Invalid(f"{name}: give filings_per_week as a whole number above zero, such as 12")
    return capacity


def _wanted(scope: Scope, book: RuleBook, *, until: date) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of what is still to be filed before a day; an index has them all."""
    wanted: list[sa.ColumnElement[bool]] = [
        _OPEN, Obligation.rule_id.in_(filing_rules(book)), Obligation.safe_on < until,
    ]  # fmt: skip
    if not scope.everybody:
        wanted.append(Obligation.person_id.in_(sa.select(Person.id).where(visible(scope))))
    return wanted


def _capacity(per_week: int, monday: date, calendar: WorkCalendar) -> int:
    days = sum(calendar.is_workday(monday + timedelta(n)) for n in range(7))
    return -(-per_week * days // 5)


def _earlier(monday: date, filing: Filing, room: Mapping[date, int]) -> date | None:
    opens = filing.opens_on or date.min
    return max(
        (
            week
            for week, left in room.items()
            if week < monday and left > 0 and opens < week + timedelta(5)
        ),
        default=None,
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
