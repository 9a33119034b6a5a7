"""A person's papers as a page shows them: documents with readable fields, duties with their why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.facts import kinds, queries
from tracker.facts.models import FactVersion, Person
from tracker.obligations import book
from tracker.obligations import queries as obligations
from tracker.obligations.models import Obligation
from tracker.reminders import outlook
from tracker.rules.book import RuleBook
from tracker.rules.evaluate import trigger_of
from tracker.rules.model import Fact, Rule

#: States in which something may still have to be done.
PENDING = ("open", "filed")
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


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation with what it comes from, and the next letter about it."""

    row: Obligation
    rule: Rule
    document: Document | None
    counted_from: date | None
    letter: dict[str, Any] | None


def open_dossier(person: Person, *, on: date | None, numbers: bool) -> Papers:
    """Return a person's papers as of the day `on`, or now."""
    shown = [_document(v, numbers=numbers) for v in queries.in_force(person.id, on)]
    return Papers(
        profile=next((d for d in shown if d.kind == "profile"), None),
        in_force=[d for d in shown if d.kind != "profile"],
        history=[_document(v, numbers=numbers) for v in queries.history(person.id)],
    )


def duties(person: Person, papers: Papers, *, today: date) -> list[Duty]:
    """Return every obligation of a person, soonest first, with its why."""
    rules = book.current()
    documents = {
        each.version.ref: each for each in papers.history if each.version.withdrawn_at is None
    }
    rows = [row for row in obligations.of_person(person.id) if rules.has(row.rule_id)]
    return [_duty(row, rules, documents.get(row.fact_ref), today) for row in rows]


def pending(all_duties: Sequence[Duty]) -> list[Duty]:
    """Return the duties somebody still has to act on, or to wait for."""
    return [duty for duty in all_duties if duty.row.state in PENDING]


def _duty(row: Obligation, rules: RuleBook, document: Document | None, today: date) -> Duty:
    rule = rules.rule(row.rule_id)
    start = _counted_from(rule, document)
    letter = outlook.upcoming(row, today=today)
    return Duty(row, rules.rule(row.rule_id, start), document, start, letter)


def _counted_from(rule: Rule, document: Document | None) -> date | None:
    if document is None or document.kind not in rule.triggers:
        return None
    moment = trigger_of(rule, Fact(document.version.ref, document.kind, document.data))
    return moment.date() if isinstance(moment, datetime) else moment


def _document(version: FactVersion, *, numbers: bool) -> Document:
    data = kinds.unpack(version.kind, version.number, version.data)
    if not numbers:
        data |= {name: _masked(data[name]) for name in _NUMBERS if name in data}
    return Document(version, data)


def _masked(number: str) -> str:
    """Show the last four places, enough to tell two documents apart."""
    return f"••••{number[-4:]}" if len(number) > 4 else "••••"
