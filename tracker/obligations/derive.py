"""From the facts of one person to the rows of their obligations. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from tracker.facts.queries import Document
from tracker.rules.book import RuleBook
from tracker.rules.evaluate import duties_of, facts_of_person
from tracker.rules.model import Duty, Fact, Person
from tracker.rules.standing import Dossier, standing

#: Days after which an event told by a first import counts as done then, by rule and "other".
Allowance = Mapping[str, int]
Key = tuple[int, str, str]
#: Of so many papers is remembered what follows from them; 20 MB at most.
_REMEMBERED = 10_000


class Derived(NamedTuple):
    """The columns of an obligation that follow from facts."""

    opens_on: date | None
    safe_on: date
    statutory_on: date
    due_at: datetime | None
    provisional: bool
    state: str
    reason: str
    quiet_until: date | None


#: What follows from the papers of one kind: rule, document, columns.
Rows = Sequence[tuple[str, str, Derived]]
#: The kind, and everything the rules read of it, of the person and of what could settle it.
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What all derivations of a run share; `known` is what they have found of papers alike."""

    book: RuleBook
    today: date
    taken_as_done_after: Allowance
    known: dict[_Key, Rows] = field(default_factory=dict, compare=False, repr=False)


def person_of(profile: Mapping[str, Any]) -> Person:
    """Return whom the rules are applied to, from a profile or a row of `person`."""
    get = profile.get
    return Person(
        profile["nationality"], get("category"), profile["identity"], get("born_on"),
        profile["status"],
    )  # fmt: skip


def rows_of(
    person_id: int, person: Person, documents: Sequence[Document], context: Context
) -> dict[Key, Derived]:
    """Return the obligations that follow from `documents`, by person, rule and document."""
    return {
        (person_id, rule_id, fact_ref): columns
        for key in _alike(person, documents, context.book)
        for rule_id, fact_ref, columns in _rows(key, person, documents, context)
    }


def _alike(person: Person, documents: Sequence[Document], book: RuleBook) -> Iterator[_Key]:
    """Yield each kind of paper with all that decides what follows from the papers of that kind."""
    papers: dict[str, tuple[Any, ...]] = {}
    for each in documents:
        told = map(each.data.get, book.fields_read.get(each.kind, ()))
        papers[each.kind] = (*papers.get(each.kind, ()), each.ref, each.imported_on, *told)
    if person.born_on is not None:
        papers["person"] = (person.born_on,)
    group = book.group(person)
    for kind in papers:
        if company := book.company.get(kind):
            yield (kind, group, person.status, *map(papers.get, company))


def _rows(key: _Key, person: Person, documents: Sequence[Document], context: Context) -> Rows:
    known = context.known
    rows = known.get(key)
    if rows is None:
        if len(known) >= _REMEMBERED:
            known.clear()
        rows = known[key] = _of_kind(key[0], person, documents, context)
    return rows


def _of_kind(kind: str, person: Person, documents: Sequence[Document], context: Context) -> Rows:
    facts = [Fact(each.ref, each.kind, each.data) for each in documents]
    imported = {each.ref: each.imported_on for each in documents}
    dossier = Dossier(facts)
    return [
        (duty.rule_id, duty.fact_ref, columns)
        for fact in (*facts, *facts_of_person(person))
        if fact.kind == kind
        for duty in duties_of(fact, person, context.book)
        if (columns := _columns(duty, person, dossier, imported.get(fact.ref), context))
    ]


def _columns(
    duty: Duty, person: Person, facts: Dossier, imported_on: date | None, context: Context
) -> Derived | None:
    statutory = duty.statutory or duty.valid_until
    if statutory is None:
        return None
    now = standing(duty, person, facts, context.book, context.today)
    state: str = now.state
    reason = now.reason
    if state == "open" and imported_on and _taken_as_done(duty, statutory, imported_on, context):
        state, reason = "assumed", "past when the roster was imported"
    return Derived(
        opens_on=duty.opens, safe_on=duty.safe or statutory, statutory_on=statutory,
        due_at=duty.due_at, provisional=duty.provisional, state=state, reason=reason[:200],
        quiet_until=now.quiet_until if state == "filed" else None,
    )  # fmt: skip


def _taken_as_done(duty: Duty, statutory: date, imported_on: date, context: Context) -> bool:
    rule = context.book.rule(duty.rule_id)
    if rule.count.direction != "after":
        return False
    allowance = context.taken_as_done_after
    days = allowance.get(duty.rule_id, allowance["other"])
    return (imported_on - statutory).days > days


def differences(
    wanted: Mapping[Key, Derived], existing: Mapping[Key, Mapping[str, Any]]
) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Yield the existing rows to change, with the columns that differ.

    What no rule asks for any more is ended. Changed dates and reopened cases begin a new round.
    """
    for key, row in existing.items():
        new = wanted[key]._asdict() if key in wanted else ended(row)
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
