"""Look ahead and back without changing anything: what will be sent, and why or why not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.core.errors import Conflict, NotFound
from tracker.facts import kinds
from tracker.facts.models import FactVersion, Person
from tracker.housing.models import Building
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter
from tracker.reminders import agenda, cases_ahead, decisions, foresee, ladder, service
from tracker.reminders.ladder import Ladder
from tracker.reminders.models import Decision, Reminder


def preview(first: date, last: date) -> list[dict[str, Any]]:
    """Return the letters of each day from `first` to `last` if no fact changes till then.

    What the office holds or skips is left out; what a hold kept back is told when it ends.
    Each day: {"on", "letters": [{"to", "about": [{"person", "rule", "stage", "safe_on"}]}]}.
    """
    coming = [
        *foresee.waiting("held"), *foresee.coming(first, last), *cases_ahead.coming(first, last)
    ]  # fmt: skip
    held = agenda.kept_back(coming, decisions.in_force())
    leaving = [each for each in coming if each not in held]
    leaving += agenda.let_go(held, leaving, last)
    found = sorted(
        (each for each in leaving if each.day >= first),
        key=lambda each: (each.day, each.recipient, each.safe_on, each.obligation_id),
    )
    whose = _names(found)
    names = recipient_names({each.recipient for each in found})
    days: dict[date, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for each in found:
        days[each.day][each.recipient].append(
            {"person": whose[each.person_id, each.building_id], "rule": each.rule_id,
             "stage": each.stage, "safe_on": each.safe_on.isoformat()}
        )  # fmt: skip
    return [
        {"on": day.isoformat(),
         "letters": [{"to": names[to], "about": about} for to, about in letters.items()]}
        for day, letters in days.items()
    ]  # fmt: skip


def explain(who: str, *, today: date) -> dict[str, Any]:
    """Return every obligation of a person with its reason, its reminders and the next one.

    `who`: the person's number, a passport number, or a whole name. NotFound or Conflict else.
    """
    person, ladders = person_called(who), service.ladders()
    obligations = db.session.scalars(
        sa.select(Obligation)
        .where(Obligation.person_id == person.id)
        .order_by(Obligation.safe_on, Obligation.rule_id)
    ).all()
    return {
        "person": {"id": person.id, "name": person.name, "status": person.status},
        "holds": [_hold(each) for each in decisions.in_force(person.id)],
        "obligations": [_story(obligation, today, ladders) for obligation in obligations],
    }


def _hold(decision: Decision) -> dict[str, Any]:
    return {
        "since": decision.decided_at.isoformat(), "until": decision.until,
        "by": decision.decided_by,
        "why": decision.reason or "imported; waits for a decision",
        "obligation": decision.obligation_id, "to": decision.recipient,
    }  # fmt: skip


def upcoming(
    obligation: Obligation, *, today: date, ladders: Sequence[Ladder]
) -> dict[str, Any] | None:
    """Return the next stage of an obligation: {"stage", "on", "to"}; None if there is none."""
    for step in coming(obligation, today=today, ladders=ladders):
        return {"stage": step.stage, "on": step.on.isoformat(), "to": list(step.to)}
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """A stage still to come: the day it begins, how far that is from the safe day, and to whom."""

    stage: str
    on: date
    days_before: int
    to: tuple[str, ...]


def coming(obligation: Obligation, *, today: date, ladders: Sequence[ladder.Ladder]) -> list[Step]:
    """Return the stages of an obligation that begin after today, soonest first."""
    ladders = [each for each in ladders if obligation.rule_id in each.rules]
    if not ladders or obligation.state not in {"open", "filed"}:
        return []
    after = max(today, obligation.quiet_until or today)
    days = (
        (ladder.begins_on(each, safe_on=obligation.safe_on, opens_on=obligation.opens_on), each)
        for each in ladders[0].stages
    )
    return [
        Step(stage.id, on, stage.days_before, stage.to)
        for on, stage in days
        if on is not None and on > after
    ]


def _names(found: Sequence[foresee.Coming]) -> dict[tuple[int | None, int | None], str]:
    """Return the names of the persons and buildings that reminders are about, by both numbers."""
    people = _called(Person, {each.person_id for each in found})
    buildings = _called(Building, {each.building_id for each in found})
    named: dict[tuple[int | None, int | None], str] = {
        (number, None): name for number, name in people.items()
    }
    return named | {(None, number): name for number, name in buildings.items()}


def _called(model: Any, ids: set[int | None]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(model.id, model.name_zh, model.name_en).where(model.id.in_(ids - {None}))
    )
    return {row.id: f"{row.name_zh or ''} {row.name_en or ''}".strip() for row in rows}


def recipient_names(recipients: Any) -> dict[str, str]:
    """Return what to call recipients ("person:7", "account:3") on a list."""
    named = {recipient: recipient for recipient in recipients}
    for kind, model, label in (("person", Person, "email"), ("account", Account, "email")):
        ids = [int(r.partition(":")[2]) for r in named if r.startswith(f"{kind}:")]
        for id_, email in db.session.execute(
            sa.select(model.id, getattr(model, label)).where(model.id.in_(ids))
        ):
            named[f"{kind}:{id_}"] = email or f"{kind}:{id_}"
    return named


def person_called(who: str) -> Person:
    """Return the person of a number, a passport number or a whole name.

    NotFound if there is nobody, Conflict if there are several.
    """
    if who.isdigit() and (by_id := db.session.get(Person, int(who))):
        return by_id
    number = kinds.normal_number(who)
    by_number = sa.select(FactVersion.person_id).where(
        FactVersion.kind == "passport", FactVersion.number == number
    )
    named = sa.or_(Person.name_zh == who, Person.name_en == who, Person.id.in_(by_number))
    found = db.session.scalars(sa.select(Person).where(named).order_by(Person.id).limit(6)).all()
    if not found:
        raise NotFound(person=f"Nobody is called {who!r}. Give the number, a passport or a name.")
    if len(found) > 1:
        numbers = ", ".join(str(person.id) for person in found)
        raise Conflict(person=f"Several people match {who!r}. Give one of the numbers {numbers}.")
    return found[0]


def _story(obligation: Obligation, today: date, ladders: Sequence[Ladder]) -> dict[str, Any]:
    rule = book.current().rule(obligation.rule_id)
    return {
        "rule": rule.id, "title": {"zh": rule.title.zh, "en": rule.title.en},
        "law": rule.law, "article": rule.article, "confidence": rule.confidence,
        "fact": obligation.fact_ref, "state": obligation.state, "reason": obligation.reason,
        "opens_on": obligation.opens_on, "safe_on": obligation.safe_on,
        "statutory_on": obligation.statutory_on, "due_at": obligation.due_at,
        "provisional": obligation.provisional, "quiet_until": obligation.quiet_until,
        "reminders": _reminders(obligation.id),
        "next": upcoming(obligation, today=today, ladders=ladders),
    }  # fmt: skip


def _reminders(obligation_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        sa.select(Reminder, Letter.state, Letter.finished_at)
        .outerjoin(Letter, Letter.id == Reminder.letter_id)
        .where(Reminder.obligation_id == obligation_id)
        .order_by(Reminder.planned_on, Reminder.id)
    ).all()
    names = recipient_names({row.Reminder.recipient for row in rows})
    return [
        {"on": reminder.planned_on.isoformat(), "stage": reminder.stage,
         "to": names[reminder.recipient], "state": state or reminder.state}
        for reminder, state, _finished in rows
    ]  # fmt: skip
