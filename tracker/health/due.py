"""The register of health checks: which rounds are due of whom, computed anew whenever asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.models import Person
from tracker.health import meant
from tracker.health.models import HealthExemption, HealthSchedule
from tracker.health.rounds import LEAD, Round
from tracker.health.standing import circle, rhythm_of
from tracker.rules.book import RuleBook
from tracker.rules.calendar import DAY
from tracker.rules.register import Rows, due
from tracker.rules.standing import MET, OPEN

#: The rules that rounds are counted by: rounds far apart, and rounds of a few days.
CHECK, TEST = "HEALTH-CHECK", "HEALTH-TEST"
#: The longest holidays and the days around them: no round is told longer before its day.
AHEAD = timedelta(days=14)


def ref_of(schedule_id: int, number: int) -> str:
    """Return how obligations name a round."""
    return f"health/{schedule_id}/{number}"


def rows(ids: Sequence[int], book: RuleBook, *, today: date) -> Rows:
    """Return the rounds that these persons are asked about today, by person, rule and round.

    What it names no more has ended: the next round has come, the schedule is over, the person is
    exempt, or took the consent back. Neither a booking nor a result shows in it.
    """
    ahead = book.calendar.next_workday(today) - DAY
    found: dict[tuple[int, str, str], Mapping[str, Any]] = {}
    for schedule in running(today):
        rhythm = rhythm_of(schedule)
        rounds = rhythm.current(today, ahead)
        if rounds:
            rule_id = TEST if rhythm.short else CHECK
            found.update(_of(schedule, rounds, ids, rule_id, book, today))
    return found


def changed(today: date) -> Iterable[int]:
    """Return whose rounds may be others by `today`, and note that they were asked for.

    A schedule far from any of its days concerns nobody.
    """
    ids: set[int] = set()
    for schedule in db.session.scalars(sa.select(HealthSchedule).order_by(HealthSchedule.id)):
        since = schedule.counted_on or schedule.created_at.date() - DAY
        if since >= today:
            continue
        if _turned(schedule, since, today):
            ids.update(members(schedule))
        ids.update(_exempted(schedule.id, since, today))
        schedule.counted_on = today
    db.session.flush()
    return ids


def members(schedule: HealthSchedule) -> list[int]:
    """Return the ids of everybody a schedule means."""
    return list(db.session.scalars(sa.select(Person.id).where(meant.persons(schedule))))


def running(today: date) -> list[HealthSchedule]:
    """Return the schedules of which something can be due today."""
    return list(
        db.session.scalars(
            sa.select(HealthSchedule)
            .where(HealthSchedule.ends_on >= today, HealthSchedule.starts_on <= today + LEAD)
            .order_by(HealthSchedule.id)
        )
    )


def _of(
    schedule: HealthSchedule, rounds: Sequence[Round], ids: Sequence[int], rule_id: str,
    book: RuleBook, today: date,
) -> Iterator[tuple[tuple[int, str, str], dict[str, object]]]:  # fmt: skip
    people = circle(schedule, rounds, ids)
    for each in rounds:
        for person_id in people.since:
            if not people.asked(person_id, each, today):
                continue
            done = people.done(person_id, each, today)
            columns = due(
                rule_id, people.due_on(person_id, each), book,
                state="met" if done else "open", reason=MET if done else OPEN,
            )  # fmt: skip
            columns |= {"detail_zh": schedule.title_zh, "detail_en": schedule.title_en}
            yield (person_id, rule_id, ref_of(schedule.id, each.number)), columns


def _turned(schedule: HealthSchedule, since: date, today: date) -> bool:
    """Tell whether a round came into sight, came due or ended in (since, today]."""
    rhythm = rhythm_of(schedule)
    if since <= schedule.ends_on < today:
        return True
    if since > schedule.ends_on:
        return False
    if rhythm.short:
        return next(rhythm.between(since, today + AHEAD), None) is not None
    seen = rhythm.between(since + LEAD, today + LEAD)
    return next(rhythm.between(since, today), None) is not None or next(seen, None) is not None


def _exempted(schedule_id: int, since: date, today: date) -> Iterable[int]:
    """Return whose exemption began or ended in (since, today]."""
    mine = sa.or_(HealthExemption.schedule_id == schedule_id, HealthExemption.schedule_id.is_(None))
    return db.session.scalars(
        sa.select(HealthExemption.person_id).where(
            mine,
            sa.or_(
                sa.and_(HealthExemption.from_on > since, HealthExemption.from_on <= today),
                sa.and_(HealthExemption.until_on >= since, HealthExemption.until_on < today),
            ),
        )
    )
