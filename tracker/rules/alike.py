"""What decides what follows from a fact: those alike in it are judged once. Pure.

A large roster holds few hundred different days, however many people it names.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tracker.rules.model import Conditions, Rule

#: Kinds that say how a duty stands, whatever the duty is, and what is read of them.
_ALWAYS_READ = {
    "application": ("procedure", "accepted_on"),
    "settlement": ("rule_id", "fact_ref", "outcome"),
}


def fields_read(rules: Iterable[Rule]) -> Mapping[str, tuple[str, ...]]:
    """Return, by kind of fact, the fields that some rule looks at."""
    found: dict[str, set[str]] = defaultdict(set)
    for kind, names in _ALWAYS_READ.items():
        found[kind].update(names)
    for rule in rules:
        for kind in rule.kinds:
            found[kind].update(_of_the_duty(rule, kind))
        for met in rule.fulfilment.met_by:
            found[met.kind].update(met.fields)
    return {kind: tuple(sorted(names)) for kind, names in found.items()}


def company(rules: Iterable[Rule]) -> Mapping[str, frozenset[str]]:
    """Return, by rule, the kinds of fact that say how its duty stands."""
    found: dict[str, frozenset[str]] = defaultdict(lambda: frozenset(_ALWAYS_READ))
    for rule in rules:
        found[rule.id] |= {met.kind for met in rule.fulfilment.met_by}
    return dict(found)


def _of_the_duty(rule: Rule, kind: str) -> Iterator[str]:
    trigger = rule.triggers[kind]
    yield from trigger.count_from
    yield from _in(trigger.when)
    yield from _in(trigger.unless)
    if trigger.plus_days:
        yield trigger.plus_days
    if rule.exception:
        yield from _in(rule.exception[0])
    for met in rule.fulfilment.met_by:  # "later" holds the same field of both against each other
        yield from met.fields
    yield from ("issued_on", "expires_on")  # between them an application is about this document


def _in(conditions: Conditions) -> Iterator[str]:
    return (condition.field for each in conditions for condition in each)
