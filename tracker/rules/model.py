"""What rules are made of, what they are applied to, and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

Identity = Literal["foreigner", "hmt", "permanent_resident"]
Status = Literal["recruiting", "active", "on_leave", "departed"]
Role = Literal["deadline", "window", "validity", "authority", "advice", "limit", "private"]
Direction = Literal["after", "before"]
Unit = Literal["hour", "calendar_day", "working_day", "month", "year"]
Safe = Literal["day_before", "day_itself"]
State = Literal["open", "filed", "met", "settled", "ended"]


class RulesError(Exception):
    """A file of rules, holidays or cases is wrong; says where, what and how to mend it."""

    def __init__(self, *, file: str, entry: str, field: str, problem: str, remedy: str) -> None:
        self.file, self.entry, self.field = file, entry, field
        self.problem, self.remedy = problem, remedy
        where = ": ".join(part for part in (file, entry, field) if part)
        super().__init__(f"{where}: {problem}. {remedy}")


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the rules are applied to; `nationality` is ISO alpha-3 (HKG, MAC, TWN for HMT)."""

    nationality: str
    category: str | None = None
    identity: Identity = "foreigner"
    born_on: date | None = None
    status: Status = "active"


class Fact(NamedTuple):
    """One document or event of a person, its values typed (date, aware datetime, str, int)."""

    ref: str
    kind: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Condition:
    """What one field must hold: one of `allowed`, or, if that is None, anything or nothing."""

    field: str
    allowed: frozenset[str] | None = None
    given: bool = True


#: Alternatives, each of conditions that must hold together.
Conditions = tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Which date of a kind of fact the count starts from, and for which facts of that kind.

    `count_from`: the first of these fields that is filled. `plus_days`: a field with a number of
    days to go forward before counting. `when`: no alternatives means always.
    """

    count_from: tuple[str, ...]
    plus_days: str | None = None
    when: Conditions = ()
    unless: Conditions = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How far from the trigger, in what unit, and from where the safe day is rolled back."""

    direction: Direction
    amount: int
    unit: Unit
    safe: Safe | None = None


@dataclass(frozen=True, slots=True)
class MetBy:
    """The fact that fulfils a duty.

    `test`: "from" - its `fields` date is on or after the trigger day, or up to `months_before`
    it; "after" - later than it;
    "later" - another such fact has a later date in the same field than the duty's own fact;
    "own" - the duty's own fact carries the date, on or after the trigger day.
    """

    kind: str
    fields: tuple[str, ...]
    test: Literal["from", "after", "later", "own"]
    months_before: int = 0


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """What ends a duty, and what merely quiets it while an authority works on it."""

    met_by: tuple[MetBy, ...] = ()
    filed_by: str | None = None
    review_rule: str | None = None
    survives_departure: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty, window, validity or processing time, as in force from one day until another."""

    id: str
    role: Role
    title: Words
    what_to_do: Words
    penalty: Words
    law: str
    law_en: str
    article: str
    confidence: str
    checked_on: date
    in_force_from: date
    in_force_until: date
    identities: frozenset[str]
    triggers: Mapping[str, Trigger]
    count: Count
    nationalities: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    #: "trigger" or "due": the day that decides which version of the law applies.
    in_force_on: Literal["trigger", "due"] = "trigger"
    #: A different count for some facts (the countryside's 72 hours).
    exception: tuple[Conditions, Count] | None = None
    #: The stricter way some offices print the rule; only the safe day heeds it.
    stricter: Count | None = None
    opens: Count | None = None
    fulfilment: Fulfilment = field(default_factory=Fulfilment)
    #: What whoever files it brings along.
    bring: tuple[Words, ...] = ()
    #: The register that knows the day counted from (trips, custody); None: facts do.
    register: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of fact the rule looks at."""
        return tuple(self.triggers)

    def concerns(self, person: Person) -> bool:
        """Say whether the rule is about such a person."""
        if person.identity not in self.identities:
            return False
        if self.nationalities and person.nationality not in self.nationalities:
            return False
        return not self.categories or person.category in self.categories

    @property
    def source(self) -> str:
        """The law and its article as cited in Chinese."""
        return f"{self.law} {self.article}".rstrip()

    @property
    def source_en(self) -> str:
        """The law and its article as cited in English."""
        return f"{self.law_en} {self.article}".rstrip()


class Duty(NamedTuple):
    """What one rule makes of one fact.

    `statutory` is the day counted, `safe` the day to plan by; `due_at` only for hour rules.
    `opens`: first day on which it can be filed. `valid_until`: last day a document is good for.
    `provisional`: a day was counted in a year whose holiday notice is not out.
    """

    rule_id: str
    fact_ref: str
    statutory: date | None
    safe: date | None
    due_at: datetime | None
    opens: date | None
    valid_until: date | None
    provisional: bool


class Standing(NamedTuple):
    """Where a duty stands; `by_ref` names the fact that says so."""

    state: State
    quiet_until: date | None
    by_ref: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a city's practice, with its period and source; a flag is 1 or 0."""

    name: str
    value: int
    unit: Unit | Literal["flag"]
    in_force_from: date
    in_force_until: date
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Counter:
    """Where an authority receives people: closed on some working days, or on make-up weekends."""

    title: Words
    closed: frozenset[date] = frozenset()
    makeup_days: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """One year's days off and make-up workdays, as a notice of the State Council gives them.

    `names`: what each day off is called, where that is known.
    """

    year: int
    off: frozenset[date]
    working: frozenset[date]
    source: str
    names: Mapping[date, Words] = field(default_factory=dict)
