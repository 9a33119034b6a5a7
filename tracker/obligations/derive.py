"""From the facts of one person to the rows of their obligations. Pure."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from tracker.core.stored import day_value, instant_value
from tracker.facts.documents import Document
from tracker.rules.book import RuleBook
from tracker.rules.evaluate import duties_of, facts_of_person
from tracker.rules.model import Duty, Fact, Person
from tracker.rules.standing import Dossier, standing

#: Days after which an event told by a first import counts as done then, by rule and "other".
Allowance = Mapping[str, int]
Key = tuple[int, str, str]
#: States that nothing but a newer fact changes.
OVER = ("met", "settled", "ended")
REPLACED = "a newer document or correction replaced it"
CLOSED = "The case is closed."
#: Of so many papers is remembered what follows from them; 20 MB at most.
_REMEMBERED = 40_000


class Derived(NamedTuple):
    """The columns of an obligation that follow from facts or from a register."""

    opens_on: date | None
    safe_on: date
    statutory_on: date
    due_at: datetime | None
    provisional: bool
    state: str
    reason: str
    quiet_until: date | None
    #: Only registers give these: who has to do it, and what letters add to the rule's title.
    owner_id: int | None = None
    detail_zh: str | None = None
    detail_en: str | None = None


#: The columns that rules fill.
OF_A_RULE = Derived._fields[:-3]
#: What follows from one paper: rule, document, columns.
Rows = Sequence[tuple[str, str, Derived]]


@dataclass(frozen=True, eq=False)
class Following:
    """What follows from one paper, and the soonest day still open by which somebody must act."""

    rows: Rows
    deadline: date | None

    @cached_property
    def values(self) -> Sequence[tuple[Any, ...]]:
        """The same as rows keep it, OF_A_RULE: made once for all papers alike."""
        return [
            (rule_id, fact_ref, *stored(each)[: len(OF_A_RULE)])
            for rule_id, fact_ref, each in self.rows
        ]


@dataclass(frozen=True, slots=True, eq=False)
class _Duties:
    """What a paper demands, and the kinds of paper that could settle it."""

    demanded: Sequence[Duty]
    company: Sequence[str]


@dataclass(frozen=True, slots=True)
class Context:
    """What all derivations of a run share; `known` is what they have found of papers alike."""

    book: RuleBook
    today: date
    taken_as_done_after: Allowance
    known: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process finds out for itself."""
        return Context, (self.book, self.today, self.taken_as_done_after)

    def remember(self, key: Hashable, found: Any) -> None:
        """Keep what was found of papers alike."""
        if len(self.known) >= _REMEMBERED:
            self.known.clear()
        self.known[key] = found


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
    facts = [Fact(each.ref, each.kind, each.data) for each in documents]
    imported = {each.ref: each.imported_on for each in documents}
    return {
        (person_id, rule_id, fact_ref): columns
        for following in following_of(person, facts, imported, context)
        for rule_id, fact_ref, columns in following.rows
    }


def following_of(
    person: Person, facts: Sequence[Fact], imported: Mapping[str, date | None], context: Context
) -> Iterator[Following]:
    """Yield what follows from each paper of a person, and from what they are.

    `imported`: the campus day on which a roster told of a paper, by its reference.
    """
    papers = _Papers(person, facts, imported, context)
    return map(papers.following, papers.read)


#: A fact and all that the rules read of it.
_Read = tuple[Fact, tuple[Any, ...]]


class _Papers:
    """The papers of one person, and all that the rules read of each kind of them."""

    def __init__(
        self, person: Person, facts: Sequence[Fact], imported: Mapping[str, date | None],
        context: Context,
    ) -> None:  # fmt: skip
        self._person, self._facts, self._imported = person, facts, imported
        self._context, self._group = context, context.book.group(person)
        self._told: dict[str, tuple[Any, ...]] = {}
        self.read = [(fact, self._read(fact)) for fact in facts]
        for fact, read in self.read:
            told = self._told.get(fact.kind)
            self._told[fact.kind] = told + read if told else read
        self.read += [(fact, self._read(fact)) for fact in facts_of_person(person)]

    def following(self, paper: _Read) -> Following:
        """Return what follows from one paper; of one alike in all that matters it is known."""
        duties = self._duties(paper)
        imported_on = self._imported.get(paper[0].ref)
        told = map(self._told.get, duties.company)
        key = (duties, self._person.status, imported_on, *told)
        found: Following | None = self._context.known.get(key)
        if found is None:
            rows = self._rows(duties, imported_on)
            found = Following(rows, soonest(rows, self._context.book))
            self._context.remember(key, found)
        return found

    @cached_property
    def _dossier(self) -> Dossier:
        return Dossier(self._facts)

    def _read(self, fact: Fact) -> tuple[Any, ...]:
        return (fact.ref, *map(fact.data.get, self._context.book.fields_read.get(fact.kind, ())))

    def _duties(self, paper: _Read) -> _Duties:
        fact, read = paper
        key = (fact.kind, self._group, read)
        duties: _Duties | None = self._context.known.get(key)
        if duties is None:
            book = self._context.book
            demanded = list(duties_of(fact, self._person, book))
            duties = _Duties(demanded, book.company(each.rule_id for each in demanded))
            self._context.remember(key, duties)
        return duties

    def _rows(self, duties: _Duties, imported_on: date | None) -> Rows:
        dossier = self._dossier
        return [
            (duty.rule_id, duty.fact_ref, columns)
            for duty in duties.demanded
            if (columns := _columns(duty, self._person, dossier, imported_on, self._context))
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


def soonest(rows: Rows, book: RuleBook) -> date | None:
    """Return the soonest day still open by which somebody must act."""
    return min(
        (each.safe_on for rule_id, _ref, each in rows
         if each.state == "open" and rule_id in book.deadlines),
        default=None,
    )  # fmt: skip


def stored(columns: Derived) -> tuple[Any, ...]:
    """Return columns as rows keep them."""
    opens_on, safe_on, statutory_on, due_at, provisional, state, reason, quiet_until, *more = (
        columns
    )
    days = map(day_value, (opens_on, safe_on, statutory_on))
    told = (provisional, state, reason)
    return (*days, instant_value(due_at), *told, day_value(quiet_until), *more)


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
        new = wanted[key] if key in wanted else ended(row)
        changed = {name: value for name, value in new.items() if row[name] != value}
        if not changed:
            continue
        if _begins_again(row, changed):
            changed |= {"round": row["round"] + 1, "fresh": True}
        yield key, changed


def ended(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of an obligation whose document is no longer in force."""
    if row["state"] in OVER:
        return {}
    of_a_case = str(row["fact_ref"]).startswith("case/")
    return {"state": "ended", "reason": CLOSED if of_a_case else REPLACED, "quiet_until": None}


def _begins_again(row: Mapping[str, Any], changed: Mapping[str, Any]) -> bool:
    state = changed.get("state", row["state"])
    return state == "open" and bool({"state", "safe_on", "opens_on"} & set(changed))
