"""Who may go on, what an address names, and how a change ends."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import abort

from tracker import pipeline
from tracker.accounts import audit
from tracker.accounts.models import Account
from tracker.accounts.scope import NUMBERS, keeps_health
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.health import schedules
from tracker.health.models import HealthSchedule
from tracker.health.rounds import Round
from tracker.health.standing import rhythm_of
from tracker.web.access import viewer
from tracker.web.editing.within import ID
from tracker.web.forms import asked

View = TypeVar("View", bound=Callable[..., Any])
SCHEDULE = "/health/" + ID.format("schedule_id")
ROUND = SCHEDULE + "/rounds/<int(max=1000):number>"
#: How the trail names a reading of somebody's results.
READ = "health results read"


def for_the_desk(view: View) -> View:
    """Open a page to the accounts that work with health checks only."""

    @wraps(view)
    def guarded(*args: Any, **named: Any) -> Any:
        if not keeps_health(viewer()):
            abort(403)
        return view(*args, **named)

    return cast(View, guarded)


def note_reading(person_id: int) -> None:
    """Put on the trail that somebody is about to read a person's results; before they are read."""
    db.session.rollback()  # the note is a transaction of its own
    note(READ, f"person:{person_id}")
    db.session.commit()


def desk() -> list[Account]:
    """Return the accounts that work with health checks."""
    return list(
        db.session.scalars(
            sa.select(Account)
            .where(Account.health, Account.active, Account.role.in_(NUMBERS))
            .order_by(Account.name)
        )
    )


def schedule_of(schedule_id: int) -> HealthSchedule:
    """Return the schedule an address names."""
    return schedules.get(schedule_id)


def round_of(schedule: HealthSchedule, number: int) -> Round:
    """Return the round an address names; NotFound if the schedule has none such."""
    found = rhythm_of(schedule).round(number)
    if found is None:
        raise NotFound
    return found


def round_asked(schedule: HealthSchedule, today: date) -> Round:
    """Return the round asked for; else the one last due, or the first."""
    text, rhythm = asked("round", 4), rhythm_of(schedule)
    wanted = rhythm.round(int(text)) if text.isascii() and text.isdecimal() else None
    return wanted or rhythm.latest(today) or Round(0, schedule.starts_on)


def note(action: str, subject: str, **details: Any) -> None:
    """Put an entry on the trail; never with a result, a ground or a note in it."""
    audit.record(
        actor=audit.actor_of(viewer()), action=action, subject=subject, at=clock.now(),
        details=details,
    )  # fmt: skip


def settle(person_ids: Sequence[int]) -> None:
    """Bring what is due of these persons in step, and commit."""
    refresh(person_ids)
    db.session.commit()


def refresh(person_ids: Sequence[int]) -> None:
    """Bring what is due of these persons in step. Flushes only."""
    pipeline.refresh(list(person_ids), today=clock.today(), now=clock.now())


def actor() -> str:
    """Return how records name who is signed in."""
    return audit.actor_of(viewer())
