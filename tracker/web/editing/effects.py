"""Which duties a change stops, starts or moves, shown before it is saved and after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker import pipeline
from tracker.core.db import db
from tracker.obligations import book, queries
from tracker.reminders import outlook, service
from tracker.rules.model import Rule

PENDING = ("open", "filed")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One duty at one moment, and the day of the next letter about it."""

    rule: Rule
    state: str
    reason: str
    safe_on: date
    statutory_on: date
    quiet_until: date | None
    letter_on: date | None

    @property
    def pending(self) -> bool:
        """Whether somebody still has to act on it or wait for it."""
        return self.state in PENDING

    @property
    def key_days(self) -> tuple[Any, ...]:
        """What a reader sees of it."""
        return self.state, self.safe_on, self.quiet_until


@dataclass(frozen=True, slots=True)
class Effects:
    """Duties that end, that begin, and that go on with another day or state (before, after)."""

    stops: tuple[tuple[Line, Line | None], ...]
    starts: tuple[Line, ...]
    moves: tuple[tuple[Line, Line], ...]

    def __bool__(self) -> bool:
        return bool(self.stops or self.starts or self.moves)


def standing(person_id: int, *, today: date) -> dict[Key, Line]:
    """Return the duties of a person as they are, by rule and document."""
    rules, ladders = book.current(), service.ladders()
    lines = {}
    for row in queries.of_person(person_id):
        if rules.has(row.rule_id):
            pending = row.state in PENDING
            letter = outlook.upcoming(row, today=today, ladders=ladders) if pending else None
            lines[row.rule_id, row.fact_ref] = Line(
                rules.rule(row.rule_id), row.state, row.reason, row.safe_on, row.statutory_on,
                row.quiet_until, date.fromisoformat(letter["on"]) if letter else None,
            )  # fmt: skip
    return lines


def between(before: Mapping[Key, Line], after: Mapping[Key, Line]) -> Effects:
    """Return what changed, soonest first."""
    was = {key: line for key, line in before.items() if line.pending}
    now = {key: line for key, line in after.items() if line.pending}
    stops = [(line, after.get(key)) for key, line in was.items() if key not in now]
    starts = [line for key, line in now.items() if key not in was]
    moves = [
        (was[key], now[key]) for key in was if key in now and was[key].key_days != now[key].key_days
    ]
    return Effects(
        tuple(sorted(stops, key=lambda pair: pair[0].safe_on)),
        tuple(sorted(starts, key=lambda line: line.safe_on)),
        tuple(sorted(moves, key=lambda pair: pair[1].safe_on)),
    )


def foresee(
    person_id: int, act: Callable[[datetime], object], *, today: date, now: datetime
) -> Effects:
    """Return what `act` would change: it is done, looked at, and rolled back."""
    before = standing(person_id, today=today)
    savepoint = db.session.begin_nested()
    try:
        act(now)
        pipeline.refresh([person_id], today=today, now=now)
        return between(before, standing(person_id, today=today))
    finally:
        savepoint.rollback()
