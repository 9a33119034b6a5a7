"""Where a duty stands on a day: open, filed, met, settled by the office, or ended."""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.rules.book import RuleBook
from tracker.rules.calendar import DAY
from tracker.rules.counting import campus_day
from tracker.rules.evaluate import count_from, trigger_of
from tracker.rules.model import Duty, Fact, MetBy, Person, Rule, Standing

OPEN = "Nothing recorded settles this yet."
MET = "A later document fulfils it."
DEPARTED = "The person has departed."
VOLUNTARY = "The day has passed and the card is voluntary."
FILED = "The application is with the authority."
TIME_PASSED = "The processing time has passed without a new permit."
SETTLED = {
    "done": "Marked as done.",
    "waived": "Waived by the office.",
    "not_applicable": "Marked as not applicable.",
}


def standing(
    duty: Duty, person: Person, facts: Iterable[Fact], book: RuleBook, today: date
) -> Standing:
    """Return the state of `duty` as the facts have it on `today`."""
    known = tuple(facts)
    own = next((fact for fact in known if fact.ref == duty.fact_ref), None)
    trigger = _trigger(duty, own, book)
    rule = book.rule(duty.rule_id, trigger or duty.statutory)
    done = _settled(duty, known) or _met(rule, trigger, own, known)
    if done:
        return done
    if person.status == "departed" and not rule.fulfilment.survives_departure:
        return Standing("ended", None, None, DEPARTED)
    if rule.role == "advice" and duty.statutory and today > duty.statutory:
        return Standing("ended", None, None, VOLUNTARY)
    return _filed(duty, rule, own, trigger, known, book, today) or Standing(
        "open", None, None, OPEN
    )


def _trigger(duty: Duty, own: Fact | None, book: RuleBook) -> date | None:
    """Return the campus day the duty was counted from."""
    if own is None:
        return None
    rule = book.rule(duty.rule_id)
    moment = trigger_of(rule, own) if own.kind in rule.triggers else None
    return None if moment is None else campus_day(moment)


def _settled(duty: Duty, facts: Sequence[Fact]) -> Standing | None:
    for fact in facts:
        named = (fact.data.get("rule_id"), fact.data.get("fact_ref"))
        if fact.kind == "settlement" and named == (duty.rule_id, duty.fact_ref):
            reason = SETTLED.get(str(fact.data.get("outcome")), SETTLED["done"])
            return Standing("settled", None, fact.ref, reason)
    return None


def _met(
    rule: Rule, trigger: date | None, own: Fact | None, facts: Sequence[Fact]
) -> Standing | None:
    if own is None or trigger is None:
        return None
    for test in rule.fulfilment.met_by:
        for fact in facts:
            if fact.kind == test.kind and _fulfils(test, fact, own, trigger):
                return Standing("met", None, fact.ref, MET)
    return None


def _fulfils(test: MetBy, fact: Fact, own: Fact, trigger: date) -> bool:
    day = _day(fact, test.fields)
    if day is None:
        return False
    if test.test == "own":
        return fact.ref == own.ref and day >= trigger
    if test.test == "from":
        return day >= trigger
    if test.test == "after":
        return day > trigger
    before = _day(own, test.fields)
    return before is not None and day > before


def _day(fact: Fact, fields: Iterable[str]) -> date | None:
    for name in fields:
        value = fact.data.get(name)
        if isinstance(value, date):
            return campus_day(value)
    return None


def _filed(
    duty: Duty, rule: Rule, own: Fact | None, trigger: date | None,
    facts: Sequence[Fact], book: RuleBook, today: date,
) -> Standing | None:  # fmt: skip
    application = _application(duty, rule, own, trigger, facts, today)
    if application is None or rule.fulfilment.review_rule is None:
        return None
    accepted_on = _day(application, ["accepted_on"])
    counted = count_from(book.rule(rule.fulfilment.review_rule, accepted_on), application, book)
    if counted is None:
        return None
    if today <= counted.statutory:
        return Standing("filed", counted.statutory, application.ref, FILED)
    return Standing("open", None, application.ref, TIME_PASSED)


def _application(
    duty: Duty, rule: Rule, own: Fact | None, trigger: date | None,
    facts: Sequence[Fact], today: date,
) -> Fact | None:  # fmt: skip
    """Return the latest application that can be the one for this duty."""
    if rule.fulfilment.filed_by is None or own is None or trigger is None:
        return None
    first, last = _filing_days(duty, own, trigger)
    found = [
        (accepted_on, fact.ref, fact)
        for fact in facts
        if fact.kind == "application"
        and fact.data.get("procedure") == rule.fulfilment.filed_by
        and (accepted_on := _day(fact, ["accepted_on"])) is not None
        and first <= accepted_on <= min(last, today)
    ]
    return max(found)[2] if found else None


def _filing_days(duty: Duty, own: Fact, trigger: date) -> tuple[date, date]:
    """Return the days within which an application is about this document, not another.

    A document that expires: after its issue (or, unknown, from the opening of the window) until
    it expires. Anything else: from the trigger on.
    """
    if own.data.get("expires_on") != trigger:
        return trigger, date.max
    issued_on = _day(own, ["issued_on"])
    # The application accepted on the day of issue is the one that led to this document.
    return issued_on + DAY if issued_on else duty.opens or date.min, trigger
