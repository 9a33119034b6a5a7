"""The letters of the days to come, by day and reader, with what the office decided about them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import sqlalchemy as sa

from tracker.core.db import db
from tracker.obligations import book
from tracker.reminders import decisions, foresee
from tracker.reminders.foresee import Coming
from tracker.reminders.models import Decision

DAYS = 14


@dataclass(frozen=True, slots=True)
class Entry:
    """One reminder of a letter: as it comes, held (by `decision`), or skipped (by `decision`)."""

    coming: Coming
    state: str
    decision: Decision | None = None


@dataclass(slots=True)
class Letter:
    """What one reader will be told on one day."""

    day: date
    recipient: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def leaving(self) -> list[Entry]:
        """The reminders that nothing keeps back."""
        return [each for each in self.entries if each.state == "coming"]


def days(today: date, *, count: int = DAYS) -> dict[date, list[Letter]]:
    """Return the letters of the coming days by day; every working day is there, even if empty."""
    last = today + timedelta(days=count - 1)
    entries = _entries(today, last)
    found: dict[date, dict[str, Letter]] = {day: {} for day in _workdays(today, last)}
    for each in entries:
        day = found.setdefault(each.coming.day, {})
        letter = day.setdefault(
            each.coming.recipient, Letter(each.coming.day, each.coming.recipient)
        )
        letter.entries.append(each)
    return {day: list(letters.values()) for day, letters in sorted(found.items())}


def kept_back(found: Iterable[Coming], holds: Sequence[Decision]) -> dict[Coming, Decision]:
    """Return which of these reminders a hold keeps back on their day: the one that ends last."""
    of_person = defaultdict[int | None, list[Decision]](list)
    for hold in sorted(holds, key=lambda hold: hold.until or date.max):
        of_person[hold.person_id].append(hold)
    return {
        each: hold
        for each in found
        for hold in of_person.get(each.person_id, ())
        if hold.obligation_id in (None, each.obligation_id)
        and hold.recipient in (None, each.recipient)
        and (hold.until is None or hold.until > each.day)
    }


def let_go(
    held: Mapping[Coming, Decision], leaving: Collection[Coming], last: date
) -> list[Coming]:
    """Return what the ends of holds bring till `last`: of each duty and reader the latest stage.

    `leaving`: what nothing keeps back; a later stage among it is told in place of what was held.
    """
    calendar, latest = book.current().calendar, dict[tuple[date, int, str], Coming]()
    ended = {
        replace(each, day=calendar.next_workday(hold.until - timedelta(days=1)))
        for each, hold in held.items()
        if hold.until is not None
    }
    for each in [*leaving, *ended]:
        place = each.day, each.obligation_id, each.recipient
        if place not in latest or each.days_before < latest[place].days_before:
            latest[place] = each
    return [each for each in latest.values() if each in ended and each.day <= last]


def _entries(today: date, last: date) -> list[Entry]:
    first = next(iter(_workdays(today, last)), today)
    waits = [_on(each, first) for state in ("planned", "held") for each in foresee.waiting(state)]
    found = [*waits, *foresee.coming(today, last)]
    held = kept_back(found, decisions.in_force())
    leaving = [each for each in found if each not in held]
    leaving += let_go(held, leaving, last)
    entries = [Entry(each, "held", hold) for each, hold in held.items()]
    entries += [Entry(each, "coming") for each in leaving]
    skipped = [each for each in foresee.waiting("skipped") if today <= each.day <= last]
    words = _skips(skipped)
    entries += [Entry(each, "skipped", words.get(each.key)) for each in skipped]
    return sorted(entries, key=lambda each: (each.coming.day, each.coming.recipient))


def _on(each: Coming, first: date) -> Coming:
    """Return what waits as a reminder of the first day to come."""
    return replace(each, day=first)


def _skips(skipped: Sequence[Coming]) -> dict[tuple[int, int, str, str], Decision]:
    rows = db.session.scalars(
        sa.select(Decision).where(
            Decision.kind == "skip", Decision.ended_at.is_(None),
            Decision.person_id.in_({each.person_id for each in skipped if each.person_id}),
        )
    )  # fmt: skip
    return {
        (row.obligation_id or 0, row.round or 0, row.stage or "", row.recipient or ""): row
        for row in rows
    }


def _workdays(first: date, last: date) -> list[date]:
    calendar = book.current().calendar
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if calendar.is_workday(day)]
