"""What papers and procedures depend on, read off a person's documents. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.rules.book import RuleBook
from tracker.rules.counting import add_months
from tracker.rules.model import Fact, Person
from tracker.rules.procedures.model import Procedure, Test, Tests
from tracker.rules.procedures.wording import TOLD
from tracker.rules.rule_file import CITY

PERMITS = ("work_permit", "residence_permit")
YEAR = 12


@dataclass(frozen=True, slots=True)
class Subject:
    """A person with their documents in force; `ref` names them among those planned together.

    `former`: documents of the past, which tell whether a permit is the first. `told`: what the
    office says of the case (wording.TOLD).
    """

    person: Person
    facts: tuple[Fact, ...]
    ref: str = ""
    former: tuple[Fact, ...] = ()
    told: Mapping[str, bool] = field(default_factory=dict)

    def day(self, kind: str, name: str) -> date | None:
        """Return the latest day written in this field of documents of a kind."""
        days = (fact.data.get(name) for fact in self.facts if fact.kind == kind)
        return max((day for day in days if isinstance(day, date)), default=None)

    def holds(self, kind: str) -> bool:
        """Say whether there is a document of this kind."""
        return any(fact.kind == kind for fact in self.facts)


def passport_short(subject: Subject, book: RuleBook) -> bool:
    """Say whether the passport ends too soon after a permit that is to be renewed."""
    passport = subject.day("passport", "expires_on")
    ends = [day for kind in PERMITS if (day := subject.day(kind, "expires_on"))]
    if passport is None or not ends:
        return False
    return passport < add_months(min(ends), book.rule("PP-VALID").count.amount)


def circumstances(
    subject: Subject, procedure: Procedure, book: RuleBook, *, filing_on: date,
    until: date | None = None,
) -> dict[str, object]:  # fmt: skip
    """Return every circumstance by name on a filing day; `until`: how long the permit will run."""
    person = subject.person
    age = _years(person.born_on, filing_on) if person.born_on else None
    ends = until or _expected_end(subject, filing_on)
    begins = max(filing_on, subject.day("residence_permit", "expires_on") or filing_on)
    known: dict[str, object] = {
        "category": person.category,
        "age": age,
        "over_age_cap": _over_age(person, book, filing_on, ends),
        "first_permit": not _held_before(subject, procedure.grants),
        "years_since_permit": _since_permit(subject, filing_on),
        "permit_years": _years(begins, ends),
        "passport_short": passport_short(subject, book),
    }
    return known | {name: subject.told.get(name, False) for name in TOLD}


def holds(tests: Tests, known: Mapping[str, object], book: RuleBook, on: date) -> bool:
    """Say whether any alternative holds; no alternatives always do."""
    return not tests or any(all(_passes(test, known, book, on) for test in each) for each in tests)


def _passes(test: Test, known: Mapping[str, object], book: RuleBook, on: date) -> bool:
    if test.name.startswith(CITY):
        return bool(book.parameter(test.name.removeprefix(CITY), on).value) in test.values
    value = known[test.name]
    if test.least is not None:
        return isinstance(value, int) and value >= test.least
    return value in test.values


def _over_age(person: Person, book: RuleBook, filing_on: date, ends: date) -> bool:
    if person.born_on is None or person.category not in ("B", "C"):
        return False
    # The permit's whole term counts, not only the day of filing.
    return _years(person.born_on, ends) >= book.parameter("age_cap_years", filing_on).value


def _expected_end(subject: Subject, filing_on: date) -> date:
    """Return when a permit asked for now would end: with the contract, else after a year."""
    contract = subject.day("contract", "ends_on")
    present = max(subject.day(kind, "expires_on") or filing_on for kind in PERMITS)
    return contract if contract and contract > present else add_months(present, YEAR)


def _held_before(subject: Subject, kind: str | None) -> bool:
    return any(fact.kind == kind for fact in (*subject.facts, *subject.former))


def _since_permit(subject: Subject, on: date) -> int | None:
    ends = [
        fact.data["expires_on"]
        for fact in (*subject.facts, *subject.former)
        if fact.kind == "work_permit" and isinstance(fact.data.get("expires_on"), date)
    ]
    last = _latest(ends)
    return None if last is None else 0 if last >= on else _years(last, on)


def _latest(days: Iterable[object]) -> date | None:
    return max((day for day in days if isinstance(day, date)), default=None)


def _years(first: date, last: date) -> int:
    """Return the whole years from one day to another; they are complete on the anniversary."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
