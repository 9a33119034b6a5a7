"""Where a duty stands on a day: open, filed, met, settled by the office, or ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rules.book import RuleBook
from tracker.rules.calendar import DAY
from tracker.rules.conflict import Part, Side
from tracker.rules.counting import add_months, campus_day
from tracker.rules.evaluate import count_from, trigger_of
from tracker.rules.model import Duty, Fact, MetBy, Person, Rule, Standing

OPEN = "Nothing recorded settles this yet."
MET = "A later document fulfils it."
DEPARTED = "The person has departed."
VOLUNTARY = "The day has passed and the card is voluntary."
FILED = "The application is with the authority."
TIME_PASSED = "The processing time has passed without a new permit."
ACCEPTED = ("accepted_on",)
SETTLED = {
    "done": "Marked as done.",
    "waived": "Waived by the office.",
    "not_applicable": "Marked as not applicable.",
}


class Dossier:
    """The facts of one person, found by reference and by kind."""

    __slots__ = ("_by_kind", "_dated", "_days", "by_ref")

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.by_ref: dict[str, Fact] = {}
        self._by_kind: dict[str, list[Fact]] = {}
        self._dated: dict[Side, list[tuple[Fact, date]]] = {}
        self._days: dict[Part, list[tuple[Fact, date | None]]] = {}
        for fact in facts:
            self.by_ref.setdefault(fact.ref, fact)
            self._by_kind.setdefault(fact.kind, []).append(fact)

    def of(self, kind: str) -> Sequence[Fact]:
        """Return the facts of a kind."""
        return self._by_kind.get(kind, ())

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of which there are facts."""
        return frozenset(self._by_kind)

    def dated(self, side: Side) -> Sequence[tuple[Fact, date]]:
        """Return the facts of these kinds, each with its day: those that have one.

        Many rules ask for the same days of one person.
        """
        found = self._dated.get(side)
        if found is None:
            found = self._dated[side] = [(fact, day) for fact, day in self.running(side) if day]
        return found

    def running(self, side: Side) -> Sequence[tuple[Fact, date | None]]:
        """Return the facts of these kinds, each with the campus day of its first filled field."""
        return [pair for part in side for pair in self._days_of(part)]

    def _days_of(self, part: Part) -> Sequence[tuple[Fact, date | None]]:
        found = self._days.get(part)
        if found is None:
            kind, fields = part
            found = [(fact, day_of(fact, fields)) for fact in self._by_kind.get(kind, ())]
            self._days[part] = found
        return found


@dataclass(frozen=True, slots=True)
class _Matter:
    """A duty with the rule and the fact behind it; `trigger` is the campus day counted from."""

    duty: Duty
    rule: Rule
    own: Fact
    trigger: date


def standing(
    duty: Duty, person: Person, facts: Dossier | Iterable[Fact], book: RuleBook, today: date
) -> Standing:
    """Return the state of `duty` as the facts have it on `today`.

    For many duties of one person, make the `Dossier` once.
    """
    known = facts if isinstance(facts, Dossier) else Dossier(facts)
    matter = _matter(duty, known, book)
    rule = matter.rule if matter else book.rule(duty.rule_id, duty.statutory)
    done = _settled(duty, known) or (matter and _met(matter, known))
    if done:
        return done
    if person.status == "departed" and not rule.fulfilment.survives_departure:
        return Standing("ended", None, None, DEPARTED)
    if rule.role == "advice" and duty.statutory and today > duty.statutory:
        return Standing("ended", None, None, VOLUNTARY)
    filed = matter and _filed(matter, known, book, today)
    return filed or Standing("open", None, None, OPEN)


def _matter(duty: Duty, facts: Dossier, book: RuleBook) -> _Matter | None:
    """Return the duty with its ground; None if its fact is not among `facts`."""
    own = facts.by_ref.get(duty.fact_ref)
    if own is None or own.kind not in book.rule(duty.rule_id).triggers:
        return None
    moment = trigger_of(book.rule(duty.rule_id), own)
    if moment is None:
        return None
    trigger = campus_day(moment)
    return _Matter(duty, book.rule(duty.rule_id, trigger), own, trigger)


def _settled(duty: Duty, facts: Dossier) -> Standing | None:
    for fact in facts.of("settlement"):
        named = (fact.data.get("rule_id"), fact.data.get("fact_ref"))
        if named == (duty.rule_id, duty.fact_ref):
            reason = SETTLED.get(str(fact.data.get("outcome")), SETTLED["done"])
            return Standing("settled", None, fact.ref, reason)
    return None


def _met(matter: _Matter, facts: Dossier) -> Standing | None:
    for test in matter.rule.fulfilment.met_by:
        for fact in facts.of(test.kind):
            if _fulfils(test, fact, matter):
                return Standing("met", None, fact.ref, MET)
    return None


def _fulfils(test: MetBy, fact: Fact, matter: _Matter) -> bool:
    day = day_of(fact, test.fields)
    if day is None:
        return False
    if test.test == "own":
        return fact.ref == matter.own.ref and day >= matter.trigger
    if test.test == "from":
        return day >= add_months(matter.trigger, -test.months_before)
    if test.test == "after":
        return day > matter.trigger
    before = day_of(matter.own, test.fields)
    return before is not None and day > before


def day_of(fact: Fact, fields: Iterable[str]) -> date | None:
    """Return the campus day of the first of these fields that is filled."""
    for name in fields:
        value = fact.data.get(name)
        if isinstance(value, date):
            return campus_day(value)
    return None


def _filed(matter: _Matter, facts: Dossier, book: RuleBook, today: date) -> Standing | None:
    review = matter.rule.fulfilment.review_rule
    application = _application(matter, facts, today)
    if application is None or review is None:
        return None
    counted = count_from(book.rule(review, day_of(application, ACCEPTED)), application, book)
    if counted is None:
        return None
    if today <= counted.statutory:
        return Standing("filed", counted.statutory, application.ref, FILED)
    return Standing("open", None, application.ref, TIME_PASSED)


def _application(matter: _Matter, facts: Dossier, today: date) -> Fact | None:
    """Return the latest application that can be the one for this duty."""
    procedure = matter.rule.fulfilment.filed_by
    if procedure is None:
        return None
    first, last = _filing_days(matter)
    latest: Fact | None = None
    for fact in facts.of("application"):
        day = day_of(fact, ACCEPTED)
        if day and fact.data.get("procedure") == procedure and first <= day <= min(last, today):
            first, latest = day, fact
    return latest


def _filing_days(matter: _Matter) -> tuple[date, date]:
    """Return the days within which an application is about this document, not another.

    A document that expires: after its issue (or, unknown, from the opening of the window) until
    it expires. Anything else: from the trigger on.
    """
    if matter.own.data.get("expires_on") != matter.trigger:
        return matter.trigger, date.max
    issued_on = day_of(matter.own, ["issued_on"])
    # The application accepted on the day of issue is the one that led to this document.
    first = issued_on + DAY if issued_on else matter.duty.opens or date.min
    return first, matter.trigger
