"""What cases that will open by themselves will bring: their steps are no obligations yet."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.cases import opening, steps
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import book, windows
from tracker.reminders import foresee, plan, service
from tracker.reminders.foresee import Coming
from tracker.reminders.ladder import Foresight, Ladder, Reach, Stage, course


def coming(first: date, last: date) -> list[Coming]:
    """Return the reminders of the days from `first` to `last` about steps of cases not yet open.

    They are numbered below zero: there is no obligation to name.
    """
    runs = foresee.runs(first, last)
    if not runs:
        return []
    last_run = plan.last_run()
    since = last_run.planned_through if last_run and not plan.law_has_changed() else None
    found = windows.opened(book.current(), upto=runs[-1].ahead, today=first, since=since)
    if found is None:
        return []
    openings = db.session.execute(opening.without_case(found)).all()
    planned = steps.to_come(
        openings, book.current(), today=first, on=lambda day: _opened_on(day, runs)
    )
    return list(_told(planned, runs))


def _told(
    planned: Sequence[tuple[steps.Key, dict[str, Any], date]], runs: Sequence[Reach]
) -> Iterator[Coming]:
    heard = foresee.audiences()
    units = _units({key[0] for key, _row, _day in planned})
    ladders = {rule: each for each in service.ladders() for rule in each.rules}
    for number, (key, row, opened) in enumerate(planned, 1):
        person_id, rule_id, _ref = key
        if rule_id in ladders:
            for reach, stage in _climbed(ladders[rule_id], row, opened, runs):
                for recipient in heard.of(stage, person_id, units[person_id]):
                    yield Coming(
                        reach.today, recipient, -number, 1, person_id, rule_id, row["safe_on"],
                        stage.id, stage.days_before,
                    )  # fmt: skip


def _climbed(
    ladder: Ladder, row: dict[str, Any], opened: date, runs: Sequence[Reach]
) -> Iterator[tuple[Reach, Stage]]:
    """Yield the stages a step climbs from the run that opens its case."""
    later = Foresight([run for run in runs if run.today >= opened], None)
    return course(ladder, later, safe_on=row["safe_on"], opens_on=row["opens_on"], fresh=True)


def _opened_on(day: date, runs: Sequence[Reach]) -> date:
    """Return the day of the run that opens a case whose window opens on `day`."""
    return next((run.today for run in runs if run.ahead >= day), runs[-1].today)


def _units(person_ids: set[int]) -> dict[int, int | None]:
    rows = db.session.execute(
        sa.select(Person.id, Person.unit_id).where(Person.id.in_(sorted(person_ids)))
    )
    return {person_id: unit_id for person_id, unit_id in rows}  # noqa: C416 - rows are not pairs to mypy
