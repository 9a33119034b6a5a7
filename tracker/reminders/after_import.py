"""The letters about people whom an import brought: they wait until the office has decided.

One letter each at once, none for now, or only what begins later. Flushes; the caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.facts.models import ImportBatch
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.reminders import decisions, foresee, plan
from tracker.reminders.decisions import Word
from tracker.reminders.foresee import Coming
from tracker.reminders.models import Decision, Reminder

CHOICES = ("send", "later", "hold")
_TABLE: Any = Decision.__table__
_REMINDERS: Any = Reminder.__table__


@dataclass(frozen=True, slots=True)
class Waiting:
    """An import whose people wait for a decision."""

    batch: ImportBatch
    people: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an import means for letters: the people it brought, and what has begun already."""

    people: int
    inside: int
    overdue: int
    letters: int
    begun: Sequence[Coming]


def hold_new(person_ids: Sequence[int], batch_id: int, *, by: str, at: datetime) -> None:
    """Hold the letters about persons whom this import brings."""
    rows = [
        {"kind": "import", "person_id": person_id, "reason": "", "batch_id": batch_id,
         "decided_at": at, "decided_by": by}
        for person_id in person_ids
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(_TABLE), rows)


def waiting() -> list[Waiting]:
    """Return the imports about whose people the office has not decided, the newest first."""
    rows = db.session.execute(
        sa.select(ImportBatch, sa.func.count())
        .join(Decision, Decision.batch_id == ImportBatch.id)
        .where(Decision.kind == "import", Decision.ended_at.is_(None))
        .group_by(ImportBatch.id)
        .order_by(ImportBatch.id.desc())
    )
    return [Waiting(batch, people) for batch, people in rows]


def numbers(batch_id: int, *, today: date) -> Numbers:
    """Return what the decision is about; NotFound if nobody waits for one."""
    people = _people(batch_id)
    if not people:
        raise NotFound("Nobody of this import waits for a decision.")
    begun = _begun(people, today)
    return Numbers(
        people=len(people),
        inside=len({each.person_id for each in begun}),
        overdue=len({each.person_id for each in begun if each.safe_on < today}),
        letters=len({each.recipient for each in begun}),
        begun=begun,
    )


def decide(
    batch_id: int, choice: str, word: Word, *, today: date, until: date | None = None
) -> int:  # fmt: skip
    """Decide about everybody of an import; return how many people that concerns.

    send: what has begun is told at the next writing, one letter each. later: what has begun is
    skipped, and only what begins later is told. hold: nothing until a day, or until released.
    """
    plan.lock()
    people = _people(batch_id)
    if not people:
        raise Conflict(_("This was decided already."))
    if until is not None and not today < until <= today + decisions.FURTHEST:
        raise Invalid(until=_("Give a day after today, at most a year from now."))
    if choice == "later":
        _skip(_begun(people, today), batch_id, word, today)
    changed: dict[str, Any] = {"ended_at": word.at, "ended_by": word.by}
    if choice == "hold":
        changed = {"kind": "hold", "until": until, "reason": word.reason, "decided_by": word.by,
                   "decided_at": word.at}  # fmt: skip
    db.session.execute(
        sa.update(Decision).where(*_open(batch_id)).values(**changed),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()
    decisions.settle(today=today, now=word.at)
    return len(people)


def _open(batch_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Decision.batch_id == batch_id, Decision.kind == "import", Decision.ended_at.is_(None)


def _people(batch_id: int) -> set[int]:
    return set(db.session.scalars(sa.select(Decision.person_id).where(*_open(batch_id))))


def _begun(people: set[int], today: date) -> list[Coming]:
    """Return the reminders about these people that the next planning would tell, or that wait."""
    calendar = book.current().calendar
    day = today if calendar.is_workday(today) else calendar.next_workday(today)
    found = [
        *foresee.waiting("planned"), *foresee.waiting("held"),
        *foresee.coming(today, day),
    ]  # fmt: skip
    return [each for each in found if each.person_id in people]


def _skip(begun: Sequence[Coming], batch_id: int, word: Word, today: date) -> None:
    """Put what has begun on record as skipped, each with who decided and why."""
    if not begun:
        return
    known = {
        tuple(row)
        for row in db.session.execute(
            sa.select(Reminder.obligation_id, Reminder.round, Reminder.stage, Reminder.recipient)
            .join(Obligation, Obligation.id == Reminder.obligation_id)
            .where(Reminder.state.in_(("planned", "held")))
        )
    }
    for each in begun:
        if each.key in known:
            db.session.execute(
                sa.update(_REMINDERS)
                .where(
                    _REMINDERS.c.obligation_id == each.obligation_id,
                    _REMINDERS.c.round == each.round, _REMINDERS.c.stage == each.stage,
                    _REMINDERS.c.recipient == each.recipient,
                )
                .values(state="skipped")
            )  # fmt: skip
    new = [_row(each, today) for each in begun if each.key not in known]
    if new:
        db.session.execute(sa.insert(_REMINDERS), new)
    db.session.execute(sa.insert(_TABLE), [_decision(each, batch_id, word) for each in begun])


def _row(each: Coming, today: date) -> dict[str, Any]:
    return {
        "obligation_id": each.obligation_id, "round": each.round, "stage": each.stage,
        "days_before": each.days_before, "recipient": each.recipient, "planned_on": today,
        "state": "skipped",
    }  # fmt: skip


def _decision(each: Coming, batch_id: int, word: Word) -> dict[str, Any]:
    return {
        "kind": "skip", "person_id": each.person_id, "obligation_id": each.obligation_id,
        "recipient": each.recipient, "round": each.round, "stage": each.stage,
        "reason": word.reason, "batch_id": batch_id, "decided_at": word.at, "decided_by": word.by,
    }  # fmt: skip
