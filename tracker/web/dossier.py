"""A person's papers as a page shows them: documents with readable fields, duties with their why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts import kinds, queries
from tracker.facts.models import FactVersion, Person
from tracker.obligations import book
from tracker.obligations import conflicts as found
from tracker.obligations import queries as obligations
from tracker.obligations.models import Conflict, Obligation
from tracker.outbox.models import Letter
from tracker.reminders import outlook
from tracker.reminders import service as reminders
from tracker.reminders.ladder import Ladder
from tracker.rules.book import RuleBook
from tracker.rules.evaluate import trigger_of
from tracker.rules.model import Fact, Rule
from tracker.rules.reckoning import Reckoning, reckon

#: States in which something may still have to be done.
PENDING = ("open", "filed")
#: Letters shown on a page.
LETTERS = 50
#: Fields that hold somebody's numbers.
_NUMBERS = ("number", "replaces", "receipt_number", "employee_no")


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document, its number hidden from those who may not read it."""

    version: FactVersion
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        """The kind of fact."""
        return self.version.kind

    @property
    def number(self) -> str | None:
        """The number printed on it."""
        return self.data.get("number")

    @property
    def ends_on(self) -> date | None:
        """The day it runs out, if it does."""
        return self.data.get("expires_on") or self.data.get("ends_on")


@dataclass(frozen=True, slots=True)
class Papers:
    """What is known of a person: the profile and documents in force, and every version."""

    profile: Document | None
    in_force: list[Document]
    history: list[Document]

    @property
    def by_ref(self) -> dict[str, Document]:
        """The documents as they are believed now, by their name within the person."""
        return {d.version.ref: d for d in self.history if d.version.withdrawn_at is None}


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation with what it comes from, how it was counted, and the letters to come."""

    row: Obligation
    rule: Rule
    document: Document | None
    counted_from: date | None
    reckoning: Reckoning | None
    coming: list[outlook.Step]


def open_dossier(person: Person, *, on: date | None, numbers: bool) -> Papers:
    """Return a person's papers as of the day `on`, or now."""
    shown = [_document(v, numbers=numbers) for v in queries.in_force(person.id, on)]
    return Papers(
        profile=next((d for d in shown if d.kind == "profile"), None),
        in_force=[d for d in shown if d.kind != "profile"],
        history=[_document(v, numbers=numbers) for v in queries.history(person.id)],
    )


def profile_of(person: Person, *, numbers: bool = True) -> dict[str, Any]:
    """Return the particulars of a person in force, typed."""
    found = next(v for v in queries.in_force(person.id) if v.kind == "profile")
    return shown_data(found, numbers=numbers)


def shown_data(version: FactVersion, *, numbers: bool) -> dict[str, Any]:
    """Return the typed fields of a version, numbers masked for those who may not read them."""
    data = kinds.unpack(version.kind, version.number, version.data)
    if not numbers:
        data |= {name: _masked(data[name]) for name in _NUMBERS if name in data}
    return data


def duties(person: Person, papers: Papers, *, today: date) -> list[Duty]:
    """Return every obligation of a person, soonest first, with its why."""
    rules = book.current()
    documents = papers.by_ref
    ladders = reminders.ladders()
    rows = [row for row in obligations.of_person(person.id) if rules.has(row.rule_id)]
    return [_duty(row, rules, _fact(row.fact_ref, person, documents), documents, today, ladders)
            for row in rows]  # fmt: skip


def pending(all_duties: Sequence[Duty]) -> list[Duty]:
    """Return the duties somebody still has to act on, or to wait for."""
    return [duty for duty in all_duties if duty.row.state in PENDING]


def for_others(all_duties: Sequence[Duty]) -> list[Duty]:
    """Return the duties that are not between the person and who keeps their register."""
    return [duty for duty in all_duties if duty.rule.role != "private"]


def conflicts(person: Person, *, today: date) -> list[Conflict]:
    """Return what contradicts each other among a person's papers today."""
    return found.of_person(person.id, today=today)


def letters(person: Person) -> list[Letter]:
    """Return the newest letters to a person."""
    return list(
        db.session.scalars(
            sa.select(Letter)
            .where(Letter.recipient == f"person:{person.id}")
            .order_by(Letter.queued_at.desc(), Letter.id.desc())
            .limit(LETTERS)
        )
    )


def letters_to_come(all_duties: Sequence[Duty]) -> list[tuple[Duty, outlook.Step]]:
    """Return the letters that will be written if nothing changes, soonest first.

    Of those that follow a missed day only the first is told; they repeat.
    """
    steps = [
        (duty, step)
        for duty in all_duties
        for step in duty.coming
        if step.days_before >= -1 or step is duty.coming[0]
    ]
    return sorted(steps, key=lambda each: (each[1].on, each[0].row.id))


def _duty(
    row: Obligation, rules: RuleBook, fact: Fact | None, documents: dict[str, Document],
    today: date, ladders: Sequence[Ladder],
) -> Duty:  # fmt: skip
    rule = rules.rule(row.rule_id)
    start = _counted_from(rule, fact)
    rule = rules.rule(row.rule_id, start)
    return Duty(
        row, rule, documents.get(row.fact_ref), start,
        reckon(rule, fact, rules) if fact else None,
        outlook.coming(row, today=today, ladders=ladders),
    )  # fmt: skip


def _fact(ref: str, person: Person, documents: dict[str, Document]) -> Fact | None:
    if ref == "person":
        return Fact(ref, ref, {"born_on": person.born_on})
    document = documents.get(ref)
    return Fact(ref, document.kind, document.data) if document else None


def _counted_from(rule: Rule, fact: Fact | None) -> date | None:
    if fact is None or fact.kind not in rule.triggers:
        return None
    moment = trigger_of(rule, fact)
    return moment.date() if isinstance(moment, datetime) else moment


def _document(version: FactVersion, *, numbers: bool) -> Document:
    return Document(version, shown_data(version, numbers=numbers))


def _masked(number: str) -> str:
    """Show the last four places, enough to tell two documents apart."""
    return f"••••{number[-4:]}" if len(number) > 4 else "••••"
