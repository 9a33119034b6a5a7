"""Turn what is known of a person into the duties the law attaches to it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from tracker.rules.book import RuleBook
from tracker.rules.counting import Counted, apply, campus_day
from tracker.rules.model import Condition, Conditions, Count, Duty, Fact, Person, Rule, Trigger

#: Roles whose day is the last one on which a document is good for something.
_LASTING = frozenset({"validity", "limit", "advice"})


def evaluate(person: Person, facts: Iterable[Fact], book: RuleBook) -> list[Duty]:
    """Return every duty that follows from the facts, by day, rule and fact.

    Which version of a rule applies is decided by the day counted from.
    """
    duties = [
        duty
        for fact in (*facts, *facts_of_person(person))
        for duty in duties_of(fact, person, book)
    ]
    duties.sort(key=lambda duty: (duty.statutory or date.max, duty.rule_id, duty.fact_ref))
    return duties


def duties_of(fact: Fact, person: Person, book: RuleBook) -> Iterator[Duty]:
    """Yield the duties that follow from one fact, by rule."""
    for rule in book.rules_for(fact.kind, person.identity):
        if (duty := _duty(rule, person, fact, book)) is not None:
            yield duty


def facts_of_person(person: Person) -> Iterator[Fact]:
    """Yield what the rules look at of the person themselves, as a fact of kind "person"."""
    if person.born_on is not None:
        yield Fact("person", "person", {"born_on": person.born_on})


def trigger_of(rule: Rule, fact: Fact) -> date | None:
    """Return the day or instant of `fact` that the rule looks at; None if the fact lacks it."""
    for name in rule.triggers[fact.kind].count_from:
        value = fact.data.get(name)
        if isinstance(value, date):
            return value
    return None


def count_from(rule: Rule, fact: Fact, book: RuleBook) -> Counted | None:
    """Count the rule from the fact; None if the fact does not trigger it."""
    trigger = rule.triggers[fact.kind]
    start = start_of(trigger, trigger_of(rule, fact), fact)
    if start is None or not _meets(trigger, fact):
        return None
    return _counted(rule, count_for(rule, fact), start, book)[0]


def holds(conditions: Conditions, fact: Fact) -> bool:
    """Say whether any of the alternatives holds for the fact."""
    return any(all(_holds(condition, fact) for condition in each) for each in conditions)


def _duty(rule: Rule, person: Person, fact: Fact, book: RuleBook) -> Duty | None:
    trigger = rule.triggers[fact.kind]
    moment = trigger_of(rule, fact)
    start = start_of(trigger, moment, fact)
    if moment is None or start is None or not rule.concerns(person):
        return None
    if not _meets(trigger, fact):
        return None
    if rule.in_force_on == "trigger" and not _in_force(rule, campus_day(moment)):
        return None
    counted, opens = _counted(rule, count_for(rule, fact), start, book)
    if rule.in_force_on == "due" and not _in_force(rule, counted.statutory):
        return None
    return Duty(
        rule.id, fact.ref, counted.statutory, counted.safe, counted.due_at, opens,
        counted.statutory if rule.role in _LASTING else None, counted.provisional,
    )  # fmt: skip


def _in_force(rule: Rule, day: date) -> bool:
    return rule.in_force_from <= day <= rule.in_force_until


def _meets(trigger: Trigger, fact: Fact) -> bool:
    if trigger.when and not holds(trigger.when, fact):
        return False
    return not trigger.unless or not holds(trigger.unless, fact)


def _holds(condition: Condition, fact: Fact) -> bool:
    value = fact.data.get(condition.field)
    if condition.allowed is None:
        return bool(value) is condition.given
    return value is not None and normal(value) in condition.allowed


def normal(value: object) -> str:
    """Return a value as conditions compare it: "j-1" and "J1" are the same visa."""
    return str(value).replace("-", "").replace(" ", "").upper()


def start_of(trigger: Trigger, moment: date | None, fact: Fact) -> date | None:
    """Return where the count begins: the fact's day, moved forward by its days if the rule says."""
    if moment is None or trigger.plus_days is None:
        return moment
    days = fact.data.get(trigger.plus_days)
    return campus_day(moment) + timedelta(days=days) if isinstance(days, int) else None


def count_for(rule: Rule, fact: Fact) -> Count:
    """Return the count that holds for the fact, the rule's own or its exception."""
    if rule.exception and holds(rule.exception[0], fact):
        return rule.exception[1]
    return rule.count


def _counted(rule: Rule, count: Count, start: date, book: RuleBook) -> tuple[Counted, date | None]:
    if count.unit == "hour":
        return apply(count, start, book.calendar), None
    key = (rule.id, rule.in_force_from, count.amount, start)
    found = book.counted.get(key)
    if found is None:
        found = book.counted[key] = _count_anew(rule, count, start, book)
    return found


def _count_anew(
    rule: Rule, count: Count, start: date, book: RuleBook
) -> tuple[Counted, date | None]:
    counted = apply(count, start, book.calendar)
    if rule.stricter:
        other = apply(rule.stricter, start, book.calendar)
        safe = min(day for day in (counted.safe, other.safe) if day)
        counted = counted._replace(safe=safe, provisional=counted.provisional or other.provisional)
    opens = apply(rule.opens, start, book.calendar).statutory if rule.opens else None
    return counted, opens
