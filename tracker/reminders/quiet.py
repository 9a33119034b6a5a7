"""Reminders are quiet for some working days after an answer by link, and go on by themselves.

An answer quiets what its duty's ladder still has to say, but not beyond the safe day: if nobody
in the office looks at the answer until then, everybody is told as if there were none. Flushes.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker.answers.models import Answer
from tracker.answers.service import BY
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter
from tracker.reminders import decisions, plan, service, withdrawal
from tracker.reminders.models import Decision

KIND = "answer"


def begin(answer: Answer, *, today: date, now: datetime) -> list[Decision]:
    """Let the ladder be quiet because of an answer; letters that wait are taken back."""
    plan.lock()
    found = _not_them(answer, now) if answer.kind == "not_me" else _for_days(answer, today, now)
    db.session.add_all(found)
    db.session.flush()
    for each in found:
        withdrawal.retract(_concerned(each), now=now, reason="answered by link")
    decisions.settle(today=today, now=now)
    return found


def end(answer_id: int, *, by: str, today: date, now: datetime) -> None:
    """Let the ladder go on: the office has looked at the answer."""
    plan.lock()
    db.session.execute(
        sa.update(Decision)
        .where(Decision.answer_id == answer_id, Decision.ended_at.is_(None))
        .values(ended_at=now, ended_by=by),
        execution_options={"synchronize_session": "fetch"},
    )
    decisions.settle(today=today, now=now)


def until(answer_kind: str, safe_on: date, today: date) -> date | None:
    """Return the day on which reminders go on after an answer; None if it quiets nothing."""
    days = service.quiet_days().get(answer_kind, 0)
    if not days:
        return None
    calendar = book.current().calendar
    following = calendar.next_workday(today)
    return max(following, min(calendar.add_workdays(today, days), safe_on))


def _for_days(answer: Answer, today: date, now: datetime) -> list[Decision]:
    duty = db.session.get_one(Obligation, answer.obligation_id)
    last = until(answer.kind, duty.safe_on, today)
    if last is None:
        return []
    # What a unit decides does not file anything: only the unit itself is asked no more.
    recipient = answer.link.recipient if answer.link.purpose == "unit" else None
    return [_decision(answer, answer.person_id, now, obligation_id=duty.id, recipient=recipient,
                      until=last)]  # fmt: skip


def _not_them(answer: Answer, now: datetime) -> list[Decision]:
    """Nothing goes to this address any more until somebody has looked, about whomever."""
    address = db.session.get_one(Letter, answer.link.letter_id).address
    there = db.session.scalars(sa.select(Person.id).where(Person.email == address)).all()
    return [
        _decision(answer, person_id, now, recipient=f"person:{person_id}")
        for person_id in sorted({*there, answer.person_id})
    ]


def _decision(
    answer: Answer, person_id: int, now: datetime, *, obligation_id: int | None = None,
    recipient: str | None = None, until: date | None = None,
) -> Decision:  # fmt: skip
    return Decision(
        kind=KIND, person_id=person_id, obligation_id=obligation_id, recipient=recipient,
        until=until, reason=answer.kind, answer_id=answer.id, decided_at=now, decided_by=BY,
    )  # fmt: skip


def _concerned(decision: Decision) -> Sequence[int]:
    if decision.obligation_id is not None:
        return [decision.obligation_id]
    mine = sa.select(Obligation.id).filter_by(person_id=decision.person_id)
    return db.session.scalars(mine).all()
