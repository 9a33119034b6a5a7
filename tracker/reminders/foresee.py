"""What the days to come will bring, worked out without planning it.

Reads only what may begin in those days: a few ranges of safe days for each ladder.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.reminders import plan, service
from tracker.reminders.ladder import ALWAYS, Foresight, Ladder, Reach, Stage, course
from tracker.reminders.models import Reminder

CHUNK = 500
_OPEN = sa.text("obligation.state = 'open'")
Range = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder that a day will bring to a recipient, if no fact changes till then.

    It is about a person, or about a building.
    """

    day: date
    recipient: str
    obligation_id: int
    round: int
    person_id: int | None
    rule_id: str
    safe_on: date
    stage: str
    days_before: int
    building_id: int | None = None

    @property
    def key(self) -> tuple[int, int, str, str]:
        """What is unique in the table of reminders."""
        return self.obligation_id, self.round, self.stage, self.recipient


def coming(first: date, last: date, *, ladders: Sequence[Ladder] | None = None) -> list[Coming]:
    """Return the reminders of the days from `first` to `last`, by day and recipient.

    `ladders`: what they would be under these, from `first` on, instead of under those in use.
    """
    every = service.ladders() if ladders is None else ladders
    ahead_of = runs(first, last)
    if not ahead_of:
        return []
    run = plan.last_run()
    before = Reach(run.planned_through, run.ran_for) if run else None
    anew = run is not None and run.ladders != plan.fingerprint(every)
    ahead = Foresight(ahead_of, before, anew)
    found = [each for ladder in every for each in _of_ladder(ladder, ahead, audiences())]
    return sorted(
        found, key=lambda each: (each.day, each.recipient, each.safe_on, each.obligation_id)
    )


def runs(first: date, last: date) -> list[Reach]:
    """Return how far the planning of each working day will look."""
    return [service.reach(day) for day in _workdays(first, last)]


def waiting(state: str = "planned") -> list[Coming]:
    """Return the reminders that are planned, and not yet in a letter."""
    rows = db.session.execute(
        sa.select(
            Reminder,
            Obligation.person_id,
            Obligation.building_id,
            Obligation.rule_id,
            Obligation.safe_on,
        )
        .join(Obligation, Obligation.id == Reminder.obligation_id)
        .where(Reminder.state == state)
        .order_by(Reminder.recipient, Obligation.safe_on, Obligation.id)
    )
    return [
        Coming(
            row.Reminder.planned_on, row.Reminder.recipient, row.Reminder.obligation_id,
            row.Reminder.round, row.person_id, row.rule_id, row.safe_on, row.Reminder.stage,
            row.Reminder.days_before, row.building_id,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audiences:
    """Who hears of an obligation: accounts by role, secretaries by unit, whoever has to do it."""

    by_role: Mapping[str, Sequence[str]]
    by_unit: Mapping[int | None, Sequence[str]]
    active: frozenset[str] = frozenset()

    def of(
        self, stage: Stage, person_id: int | None, unit_id: int | None,
        owner_id: int | None = None,
    ) -> Iterator[str]:  # fmt: skip
        """Yield the recipients of a stage of one obligation; a building has no expert."""
        for audience in stage.to:
            if audience == "expert":
                yield from () if person_id is None else (f"person:{person_id}",)
            elif audience == "owner":
                yield from {f"account:{owner_id}"} & self.active
            elif audience == "unit_secretary":
                yield from self.by_unit.get(unit_id, ())
            else:
                yield from self.by_role.get(audience, ())


def audiences() -> Audiences:
    """Return whom each stage reaches at present."""
    by_role: dict[str, list[str]] = defaultdict(list)
    by_unit: dict[int | None, list[str]] = defaultdict(list)
    active = set()
    for id_, role, unit_id in db.session.execute(
        sa.select(Account.id, Account.role, Account.unit_id).where(Account.active)
    ):
        active.add(f"account:{id_}")
        if role != "unit_secretary":
            by_role[role].append(f"account:{id_}")
        elif unit_id is not None:
            by_unit[unit_id].append(f"account:{id_}")
    return Audiences(by_role, by_unit, frozenset(active))


def _workdays(first: date, last: date) -> Iterator[date]:
    calendar = book.current().calendar
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if calendar.is_workday(day):
            yield day


def _of_ladder(ladder: Ladder, ahead: Foresight, heard: Audiences) -> Iterator[Coming]:
    rows = {row.id: row for select in _selects(ladder, ahead) for row in db.session.execute(select)}
    told = _told(rows)
    for row in rows.values():
        known = told.get((row.id, row.round), ())
        done = {(each.recipient, each.stage) for each in known}
        steps = course(
            ladder, ahead, safe_on=row.safe_on, opens_on=row.opens_on, fresh=row.fresh
        )  # fmt: skip
        for reach, stage in steps:
            quiet = _told_later(stage, known, reach) if ahead.anew else frozenset[str]()
            for recipient in heard.of(stage, row.person_id, row.unit_id, row.owner_id):
                if (recipient, stage.id) not in done and (
                    recipient not in quiet or reach is not ahead.runs[0]
                ):
                    done.add((recipient, stage.id))
                    yield _coming(reach, recipient, row, stage)


def _coming(reach: Reach, recipient: str, row: Any, stage: Stage) -> Coming:
    return Coming(
        reach.today, recipient, row.id, row.round, row.person_id, row.rule_id, row.safe_on,
        stage.id, stage.days_before, row.building_id,
    )  # fmt: skip


def _told_later(stage: Stage, known: Iterable[Any], reach: Reach) -> frozenset[str]:
    """Return whom a planning under an edited ladder leaves out (statements.py)."""
    return frozenset(
        each.recipient
        for each in known
        if each.days_before <= stage.days_before
        and (each.state != "skipped" or each.planned_on <= reach.today)
    )


def _selects(ladder: Ladder, ahead: Foresight) -> Iterator[sa.Select[Any]]:
    """Yield selects of the obligations of which something may begin in the runs ahead."""
    wanted: tuple[Any, ...] = (
        Obligation.id, Obligation.round, Obligation.person_id, Obligation.building_id,
        Obligation.owner_id, Obligation.rule_id, Obligation.safe_on,
        Obligation.opens_on, Obligation.fresh, Person.unit_id,
    )  # fmt: skip
    found = (
        sa.select(*wanted)
        .outerjoin(Person, Person.id == Obligation.person_id)
        .where(_OPEN, Obligation.rule_id.in_(ladder.rules))
    )  # fmt: skip
    if ahead.anew:
        yield found.where(_begun_by(ladder, ahead.runs[-1]))
        return
    yield found.where(sa.text("obligation.fresh"))
    since, until = ahead.last or ahead.runs[0], ahead.runs[-1]
    for after, upto in _ranges(ladder, since, until):
        yield found.where(Obligation.safe_on > after, Obligation.safe_on <= upto)
    if any(stage.at_opening for stage in ladder.stages):
        yield found.where(Obligation.opens_on > since.ahead, Obligation.opens_on <= until.ahead)


def _begun_by(ladder: Ladder, until: Reach) -> sa.ColumnElement[bool]:
    """Select what any stage has begun for by the last of the runs."""
    days = [stage.days_before for stage in ladder.stages if not stage.at_opening]
    near = [Obligation.safe_on <= until.upto(days[0])] if days else []
    return sa.or_(
        *near, Obligation.opens_on <= until.ahead if ladder.stages[0].at_opening else sa.false()
    )


def _ranges(ladder: Ladder, since: Reach, until: Reach) -> list[Range]:
    """Return the safe days of which a stage begins, in as few ranges as possible."""
    days = [stage.days_before for stage in ladder.stages if stage.days_before < ALWAYS]
    merged: list[Range] = []
    for after, upto in sorted((since.upto(n), until.upto(n)) for n in days):
        if merged and after <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(upto, merged[-1][1]))
        elif after < upto:
            merged.append((after, upto))
    return merged


def _told(obligation_ids: Iterable[int]) -> dict[tuple[int, int], list[Any]]:
    """Return the reminders already there, by obligation and round."""
    ids, told = sorted(obligation_ids), defaultdict[tuple[int, int], list[Any]](list)
    for start in range(0, len(ids), CHUNK):
        for row in db.session.execute(
            sa.select(
                Reminder.obligation_id, Reminder.round, Reminder.recipient, Reminder.stage,
                Reminder.days_before, Reminder.planned_on, Reminder.state,
            ).where(Reminder.obligation_id.in_(ids[start : start + CHUNK]))
        ):  # fmt: skip
            told[row.obligation_id, row.round].append(row)
    return told
