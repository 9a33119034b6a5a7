"""What can be done about a duty, or a document, with one click."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.facts import retention
from tracker.obligations.models import Obligation
from tracker.rules.model import Rule
from tracker.web import words
from tracker.web.editing.documents import RECORDED
from tracker.web.editing.effects import PENDING


@dataclass(frozen=True, slots=True)
class Act:
    """One link: its label, its endpoint and arguments."""

    label: str
    endpoint: str
    arguments: dict[str, object]


def acts_for(rule: Rule, duty: Obligation) -> list[Act]:
    """Return what ends a pending duty, the most usual first.

    `duty` needs id, person_id and fact_ref; a state, if it has one, must be pending.
    """
    if getattr(duty, "state", "open") not in PENDING:
        return []
    if rule.id == retention.RULE:
        return [Act(_("Delete or keep"), "closing.look", {"person_id": duty.person_id})]
    if rule.register in _REGISTERS:
        return [_of_register(rule.register, duty)]
    acts = [_by_document(kind, duty) for kind in _ending(rule, duty.fact_ref)]
    where: dict[str, object] = {"person_id": duty.person_id, "obligation_id": duty.id}
    if rule.fulfilment.filed_by and getattr(duty, "state", "open") == "open":
        acts.append(Act(_("Filed"), "duties.filed", where))
    acts.append(Act(_("Settle"), "duties.settle", where))
    return acts


#: Registers whose duties end on a page of their own, not by a settlement.
_REGISTERS = {
    "trips": (_l("Confirm the return"), "trips.show_one", "trip_id"),
    "custody": (_l("The document"), "custody.event", "event_id"),
}


def _of_register(register: str, duty: Obligation) -> Act:
    """Return the way to what a register's duty is about."""
    label, endpoint, name = _REGISTERS[register]
    return Act(str(label), endpoint, {name: int(duty.fact_ref.partition("/")[2])})


def renewals_of(person_id: int, kinds: list[str]) -> list[Act]:
    """Return a link for each kind of document to record a new one of."""
    return [
        Act(words.named(words.KINDS, kind), "documents.record",
            {"person_id": person_id, "kind": kind})
        for kind in kinds if kind in RECORDED
    ]  # fmt: skip


def _ending(rule: Rule, fact_ref: str) -> list[str]:
    """Return the kind of document that ends the duty: of the duty's own kind if that does."""
    own = fact_ref.partition("/")[0]
    kinds = [test.kind for test in rule.fulfilment.met_by]
    return [own] if own in kinds else kinds[:1]


def _by_document(kind: str, duty: Obligation) -> Act:
    own, _slash, number = duty.fact_ref.partition("/")
    if kind == "accommodation" and own == kind:
        return Act(_("Enter the registration"), "documents.correct",
                   {"person_id": duty.person_id, "kind": kind, "number": int(number)})  # fmt: skip
    label = _("New: %(kind)s", kind=words.named(words.KINDS, kind))
    return Act(label, "documents.record", {"person_id": duty.person_id, "kind": kind})
