"""What a procedure is made of: its steps, the papers it needs, and what must come before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tracker.rules.model import Identity, Words

Actor = Literal["person", "unit", "office", "authority"]
Does = Literal["decide", "papers", "file", "collect"]
Point = Literal["filed", "granted"]
Form = Literal["original", "copy", "original_and_copy", "electronic"]
Whose = Literal["own", "sponsor"]


@dataclass(frozen=True, slots=True)
class Source:
    """The law or practice a number comes from, as cited in both languages."""

    law: Words
    article: str
    confidence: str
    checked_on: date

    def __getitem__(self, language: str) -> str:
        return f"{self.law[language]} {self.article}".rstrip()


@dataclass(frozen=True, slots=True)
class Time:
    """So many days: a number, or the name of a number of the city; by category where it differs.

    `source` is None where the city's own file has it.
    """

    days: int | str
    unit: Literal["working_day", "calendar_day"] = "working_day"
    categories: Mapping[str, int | str] = field(default_factory=dict)
    source: Source | None = None

    def of(self, category: str | None) -> int | str:
        """Return the number or its name for a category of work permit."""
        return self.categories.get(category or "", self.days)


@dataclass(frozen=True, slots=True)
class Limit:
    """A day a step must not lie after: a rule's safe day, or a day written on a document.

    `point`: "granted" if the answer must be there by then, not only the filing.
    """

    rule_id: str | None = None
    fact: str | None = None
    field: str | None = None
    point: Point = "filed"
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does. `takes`: how long it is before what follows can be done."""

    id: str
    does: Does
    by: Actor
    title: Words
    what_to_do: Words
    source: Source
    takes: Time = Time(0)
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A procedure that comes before: it must be filed, or granted, before ours is filed.

    `whose`: the sponsor's for a member of the family. `combined`: the city's number of days in
    which both are decided when they are filed together; zero where the city does not.
    """

    procedure: str
    point: Point
    source: Source
    whose: Whose = "own"
    combined: str | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """What one name of the circumstances must be: one of `values`, or at least `least`."""

    name: str
    values: frozenset[object] = frozenset()
    least: int | None = None


#: Alternatives, each of tests that must hold together; none at all means always.
Tests = tuple[tuple[Test, ...], ...]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A ground on which a paper need not be shown; `when` it is known to hold by itself."""

    ground: str
    title: Words
    source: Source
    when: Tests = ()


@dataclass(frozen=True, slots=True)
class Material:
    """One paper of a procedure.

    `max_age_months`: how old it may be on the filing day. `fact`: the kind of document on record
    whose day of issue is that of the paper. `lead`: how long it takes to get.
    """

    code: str
    title: Words
    form: Form
    by: Actor
    source: Source
    max_age_months: int | None = None
    fact: str | None = None
    lead: Time | None = None
    when: Tests = ()
    waivers: tuple[Waiver, ...] = ()
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure before an authority, from the decision to the paper in the hand.

    `about`: the kind of document the person must hold for it, None if it makes the first one.
    `grants`: the kind of document it ends with. `application`: under which name it is filed
    (the `procedure` of a fact of kind application). `keeps_passport`: the authority has the
    passport meanwhile; `receipt_rule` counts how long its receipt is good.
    `opens_case`: the rule whose window opens a case by itself. `family`: it is for those who stay
    with somebody else (a fact of kind family_tie). `when`: circumstances in which it
    takes part in a chain. `fallback`: the procedure that is left when it is too late. `counter`:
    whose opening days count (config/jurisdictions).
    """

    id: str
    code: str
    title: Words
    who: Words
    authority: Words
    identities: frozenset[Identity]
    about: str | None
    grants: str | None
    application: str | None
    keeps_passport: bool
    receipt_rule: str | None
    opens_rule: str | None
    opens_case: str | None
    family: bool
    steps: tuple[Step, ...]
    needs: tuple[Need, ...]
    materials: tuple[Material, ...]
    if_late: Words
    source: Source
    when: Tests = ()
    fallback: str | None = None
    counter: str | None = None

    @property
    def filing(self) -> Step:
        """The step with which it goes to the authority."""
        return next(step for step in self.steps if step.does == "file")

    @property
    def limit_rule(self) -> str | None:
        """The rule that says by when it must be filed."""
        limit = self.filing.limit
        return limit.rule_id if limit else None

    def material(self, code: str) -> Material | None:
        """Return one of its papers."""
        return next((each for each in self.materials if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Chain:
    """Procedures that are planned together; `dependants`: those of the family with them."""

    id: str
    title: Words
    procedures: tuple[str, ...]
    dependants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedures:
    """All procedures and the chains they are planned in."""

    by_id: Mapping[str, Procedure] = field(default_factory=dict)
    chains: Mapping[str, Chain] = field(default_factory=dict)

    def chain(self, target: str) -> Chain:
        """Return a chain by its name; a procedure alone is a chain of one. KeyError if neither."""
        if target in self.chains:
            return self.chains[target]
        alone = self.by_id[target]
        return Chain(alone.id, alone.title, (alone.id,))

    def of_step(self, step_id: str) -> tuple[Procedure, Step]:
        """Return a step and its procedure; KeyError if there is none."""
        for procedure in self.by_id.values():
            for step in procedure.steps:
                if step.id == step_id:
                    return procedure, step
        raise KeyError(step_id)
