"""What the office decides about letters: hold, skip, send now, told in person.

The one writer of its table.

A hold keeps reminders planned and out of letters until a day or a word; what was overtaken
meanwhile is put aside when it ends. Flushes; the caller commits.
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter
from tracker.reminders import compose, foresee, plan, service, unreached, withdrawal
from tracker.reminders.models import Decision, Reminder

#: Kinds that keep letters back.
HOLDS = ("hold", "import", "answer")
FURTHEST = timedelta(days=366)
_OF_REMINDER = "obligation.id = reminder.obligation_id AND {held}"
_KEPT_BACK = "EXISTS (SELECT 1 FROM obligation WHERE " + _OF_REMINDER + ")"  # noqa: S608
_CHANGE = "UPDATE reminder SET state = '{new}' WHERE state = '{old}' AND {which}"
_HOLD, _LET_GO = (
    sa.text(_CHANGE.format(new=new, old=old, which=which + _KEPT_BACK.format(held=withdrawal.HELD)))
    for new, old, which in (("held", "planned", ""), ("planned", "held", "NOT "))
)
_STANDS = sa.text("reminder_decision.ended_at IS NULL")


class Told(NamedTuple):
    """One reminder: a stage of an obligation for a recipient."""

    obligation_id: int
    stage: str
    recipient: str


class Word(NamedTuple):
    """Who decided, when and why."""

    by: str
    at: datetime
    reason: str = ""


def in_force(person_id: int | None = None) -> list[Decision]:
    """Return the holds that stand, of one person or of all."""
    wanted = sa.select(Decision).where(Decision.kind.in_(HOLDS), Decision.ended_at.is_(None))
    if person_id is not None:
        wanted = wanted.where(Decision.person_id == person_id)
    return list(db.session.scalars(wanted.order_by(Decision.id)))


def get(decision_id: int) -> Decision:
    """Return a decision; NotFound if there is none."""
    found = db.session.get(Decision, decision_id)
    if found is None:
        raise NotFound("There is no such decision.")
    return found


def hold(
    person_id: int, word: Word, *, today: date, until: date | None = None,
    obligation_id: int | None = None, recipient: str | None = None,
) -> Decision:  # fmt: skip
    """Keep the letters about a person, or about one obligation, until a day or a word.

    Letters that wait are taken back. Another hold of the same gives way to this one.
    """
    if until is not None and not today < until <= today + FURTHEST:
        raise Invalid(until=_("Give a day after today, at most a year from now."))
    plan.lock()
    for other in in_force(person_id):
        same = (other.obligation_id, other.recipient) == (obligation_id, recipient)
        if same and other.kind != "answer":
            _end(other, word)
    decision = Decision(
        kind="hold", person_id=person_id, obligation_id=obligation_id, recipient=recipient,
        until=until, reason=word.reason, decided_at=word.at, decided_by=word.by,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    concerned = (
        [obligation_id]
        if obligation_id
        else db.session.scalars(sa.select(Obligation.id).filter_by(person_id=person_id)).all()
    )
    withdrawal.retract(concerned, now=word.at, reason="held by the office")
    settle(today=today, now=word.at)
    return decision


def release(decision_id: int, word: Word, *, today: date) -> Decision:
    """End a hold; what it kept back is told at the next writing, with that day's numbers."""
    plan.lock()
    decision = get(decision_id)
    if decision.kind not in HOLDS or decision.ended_at is not None:
        raise Conflict(_("This hold has ended already."))
    _end(decision, word)
    settle(today=today, now=word.at)
    return decision


def settle(*, today: date, now: datetime) -> None:
    """End the holds whose day has come, and bring the reminders' states in step with holds."""
    db.session.execute(
        sa.update(Decision)
        .where(_STANDS, Decision.until <= today)
        .values(ended_at=now, ended_by="its day"),
        execution_options={"synchronize_session": "fetch"},
    )
    if db.session.scalar(sa.select(sa.exists().where(_STANDS, Decision.kind.in_(HOLDS)))):
        db.session.execute(_HOLD)
    if db.session.scalar(sa.text("SELECT 1 FROM reminder WHERE state = 'held' LIMIT 1")):
        db.session.execute(_LET_GO)


def skip(told: Told, word: Word, *, today: date) -> Decision:
    """Record that a reminder is never sent. Conflict if it has left, or is leaving."""
    plan.lock()
    obligation = _open(told.obligation_id)
    reminder = _find(obligation, told)
    if reminder is None:
        begins = service.begins_on(obligation, told.stage)
        reminder = _add(obligation, told, planned_on=max(begins or today, today))
    if reminder.letter_id is not None:
        withdrawal.retract([obligation.id], now=word.at, reason="skipped by the office")
        db.session.refresh(reminder)
    if reminder.state not in ("planned", "held", "unreachable"):
        raise Conflict(_("This reminder has left already, or is not to be sent any more."))
    reminder.state = "skipped"
    return _record("skip", obligation, told, word)


def unskip(decision_id: int, word: Word, *, today: date) -> Decision:
    """Let a skipped reminder be told after all: on its day, or at once if that has come."""
    plan.lock()
    decision = get(decision_id)
    if decision.kind != "skip" or decision.ended_at is not None:
        raise Conflict(_("This reminder is not skipped any more."))
    _end(decision, word)
    assert decision.obligation is not None
    told = Told(decision.obligation.id, decision.stage or "", decision.recipient or "")
    reminder = _find(decision.obligation, told, round_=decision.round)
    if reminder is not None and reminder.state == "skipped":
        if reminder.planned_on > today:
            db.session.delete(reminder)
        else:
            reminder.state = "planned"
        db.session.flush()
    return decision


def send_now(told: Told, word: Word, *, today: date) -> Decision:
    """Plan a reminder and queue its letter at once, whatever the hour.

    The letter tells all that waits for the same reader. Conflict if it is held or was told.
    """
    plan.lock()
    obligation = _open(told.obligation_id)
    if any(covers(each, obligation, told.recipient) for each in in_force(obligation.person_id)):
        raise Conflict(_("These letters are held. Release the hold first."))
    reminder = _find(obligation, told) or _add(obligation, told, planned_on=today)
    _require_unsent(reminder)
    if reminder.state == "skipped":
        _end_skips(reminder, word)
    if reminder.letter_id is None:
        reminder.state = "planned"
        db.session.flush()
    compose.compose(
        [told.recipient], urgent=service.urgent_rules(), today=today, now=word.at,
        send_after=word.at,
    )  # fmt: skip
    db.session.refresh(reminder)
    if reminder.state == "unreachable":
        raise Conflict(_("There is no address to send it to. Enter one first."))
    if reminder.state != "lettered":
        raise Conflict(_("A later reminder has taken its place."))
    decision = _record("send", obligation, told, word)
    _end(decision, word)
    return decision


def told_in_person(recipient: str, word: Word) -> list[Decision]:
    """Record that somebody told a reader what reached nobody. Conflict if there is nothing."""
    plan.lock()
    found = unreached.reminders(recipient)
    if not found:
        raise Conflict(_("Nothing is waiting to be told to this reader any more."))
    for reminder in found:
        reminder.state = "told"
    return [
        _record("told", each.obligation, Told(each.obligation_id, each.stage, recipient), word)
        for each in found
    ]


def covers(hold_: Decision, obligation: Any, recipient: str) -> bool:
    """Tell whether a hold keeps back what a recipient would hear of an obligation."""
    return (
        hold_.person_id == obligation.person_id
        and hold_.obligation_id in (None, obligation.id)
        and hold_.recipient in (None, recipient)
    )


def _open(obligation_id: int) -> Obligation:
    obligation = db.session.get(Obligation, obligation_id)
    if obligation is None:
        raise NotFound("There is no such obligation.")
    if obligation.person_id is None:
        raise Conflict(_("What is due of a building is settled at the building."))
    if obligation.state != "open":
        raise Conflict(_("Nothing is open there any more, so nothing would be sent."))
    return obligation


def _find(obligation: Obligation, told: Told, *, round_: int | None = None) -> Reminder | None:
    return db.session.scalar(
        sa.select(Reminder)
        .filter_by(obligation_id=obligation.id, round=round_ or obligation.round,
                   stage=told.stage, recipient=told.recipient)
        .execution_options(populate_existing=True)
    )  # fmt: skip


def _add(obligation: Obligation, told: Told, *, planned_on: date) -> Reminder:
    """Make the row of a reminder whose stage has not begun, if the ladder has such a stage."""
    stage = service.stage_of(obligation.rule_id, told.stage)
    person = obligation.person
    heard = foresee.audiences()
    known = () if person is None else (person.id, person.unit_id, obligation.owner_id)
    if not known or told.recipient not in heard.of(stage, *known):
        raise NotFound("This reader would not hear of it.")
    reminder = Reminder(
        obligation_id=obligation.id, round=obligation.round, stage=stage.id,
        days_before=stage.days_before, recipient=told.recipient, planned_on=planned_on,
        state="planned", letter_id=None,
    )  # fmt: skip
    db.session.add(reminder)
    db.session.flush()
    return reminder


def _require_unsent(reminder: Reminder) -> None:
    if reminder.letter_id is not None:
        letter = db.session.get_one(Letter, reminder.letter_id)
        if letter.state not in ("queued", "deferred"):
            raise Conflict(_("This reminder has left already, or is not to be sent any more."))
    elif reminder.state == "told":
        raise Conflict(_("This reminder has left already, or is not to be sent any more."))
    elif reminder.state == "superseded":
        raise Conflict(_("A later reminder has taken its place."))


def _record(kind: str, obligation: Obligation, told: Told, word: Word) -> Decision:
    decision = Decision(
        kind=kind, person_id=obligation.person_id, obligation_id=obligation.id,
        recipient=told.recipient, round=obligation.round, stage=told.stage, reason=word.reason,
        decided_at=word.at, decided_by=word.by,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    return decision


def _end_skips(reminder: Reminder, word: Word) -> None:
    for each in db.session.scalars(
        sa.select(Decision).filter_by(
            kind="skip", obligation_id=reminder.obligation_id, round=reminder.round,
            stage=reminder.stage, recipient=reminder.recipient, ended_at=None,
        )
    ):  # fmt: skip
        _end(each, word)


def _end(decision: Decision, word: Word) -> None:
    decision.ended_at, decision.ended_by = word.at, word.by
    db.session.flush()
