"""What a link asks: whose duty, what is due, and which answers it takes."""

from dataclasses import dataclass
from datetime import datetime

from tracker.answers import links, purposes
from tracker.answers.models import AnswerLink
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.rules.model import Rule


@dataclass(frozen=True, slots=True)
class Asked:
    """An open link with all that its pages show."""

    link: AnswerLink
    person: Person
    duty: Obligation
    rule: Rule

    @property
    def kinds(self) -> tuple[str, ...]:
        """The answers it takes, in the order in which they are offered."""
        return purposes.offered(self.link.purpose, self.rule, self.duty.fact_ref)

    @property
    def document(self) -> str | None:
        """The kind of document that ends the duty."""
        return purposes.document_of(self.rule, self.duty.fact_ref)

    @property
    def procedure(self) -> str | None:
        """What an application is for."""
        return self.rule.fulfilment.filed_by


def of(link: AnswerLink | None, *, now: datetime) -> Asked | None:
    """Return what a link asks; None if it opens nothing, whatever the reason."""
    rules = book.current()
    if link is None or not links.works(link, now=now):
        return None
    duty = db.session.get(Obligation, link.obligation_id)
    if duty is None or not rules.has(duty.rule_id):
        return None
    return Asked(link, link.person, duty, rules.rule(duty.rule_id))


def partly(person: Person, language: str) -> str:
    """Return a name that its bearer knows and nobody else learns: M. Alice, ＊爱丽."""
    zh, en = person.name_zh or "", person.name_en or ""
    if (language == "zh" or not en) and zh:
        given, dot, _family = zh.partition("·")
        return f"{given}·＊" if dot else f"＊{zh[1:]}"
    family, _space, given = en.partition(" ")
    return f"{family[:1]}. {given}".strip()
