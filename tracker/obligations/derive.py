"""From the facts of one person to the rows of their obligations. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.core.clock import campus_day
from tracker.facts.queries import Document
from tracker.rules.book import RuleBook
from tracker.rules.evaluate import evaluate
from tracker.rules.model import Duty, Fact, Person
from tracker.rules.standing import Dossier, standing

#: Days after which an event told by a first import counts as done then, by rule and "other".
Allowance = Mapping[str, int]
Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Context:
    """What all derivations of a run share."""

    book: RuleBook
    today: date
    taken_as_done_after: Allowance


def rows_of(
    subject: Mapping[str, Any], documents: Sequence[Document], context: Context
) -> dict[Key, dict[str, Any]]:
    """Return the obligation columns that follow from `documents`, by person, rule and document.

    `subject`: id, nationality, category, identity, born_on, status of the person.
    """
    person = Person(**{name: subject[name] for name in subject if name != "id"})
    facts = [Fact(document.ref, document.kind, document.data) for document in documents]
    imported = {each.ref: campus_day(each.recorded_at) for each in documents if each.imported}
    rows = {}
    dossier = Dossier(facts)
    for duty in evaluate(person, facts, context.book):
        if row := _row(duty, person, dossier, imported.get(duty.fact_ref), context):
            rows[subject["id"], duty.rule_id, duty.fact_ref] = row
    return rows


def _row(
    duty: Duty, person: Person, facts: Dossier, imported_on: date | None, context: Context
) -> dict[str, Any] | None:
    statutory = duty.statutory or duty.valid_until
    if statutory is None:
        return None
    now = standing(duty, person, facts, context.book, context.today)
    state: str = now.state
    reason = now.reason
    if state == "open" and imported_on and _taken_as_done(duty, statutory, imported_on, context):
        state, reason = "assumed", "past when the roster was imported"
    return {
        "opens_on": duty.opens, "safe_on": duty.safe or statutory, "statutory_on": statutory,
        "due_at": duty.due_at, "provisional": duty.provisional, "state": state,
        "reason": reason[:200], "quiet_until": now.quiet_until if state == "filed" else None,
    }  # fmt: skip


def _taken_as_done(duty: Duty, statutory: date, imported_on: date, context: Context) -> bool:
    rule = context.book.rule(duty.rule_id)
    if rule.count.direction != "after":
        return False
    allowance = context.taken_as_done_after
    days = allowance.get(duty.rule_id, allowance["other"])
    return (imported_on - statutory).days > days


def differences(
    wanted: Mapping[Key, Mapping[str, Any]], existing: Mapping[Key, Mapping[str, Any]]
) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Yield the existing rows to change, with the columns that differ.

    What no rule asks for any more is ended. Changed dates and reopened cases begin a new round.
    """
    for key, row in existing.items():
        new = wanted.get(key) or ended(row)
        changed = {name: value for name, value in new.items() if row[name] != value}
        if not changed:
            continue
        if _begins_again(row, changed):
            changed |= {"round": row["round"] + 1, "fresh": True}
        yield key, changed


def ended(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of an obligation whose document is no longer in force."""
    if row["state"] in {"met", "settled", "ended"}:
        return {}
    return {"state": "ended", "reason": "a newer document or correction replaced it",
            "quiet_until": None}  # fmt: skip


def _begins_again(row: Mapping[str, Any], changed: Mapping[str, Any]) -> bool:
    state = changed.get("state", row["state"])
    return state == "open" and bool({"state", "safe_on", "opens_on"} & set(changed))
