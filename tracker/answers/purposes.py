"""What a letter's link is for: which answers a duty takes, from whom, and for how long. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from tracker.core.clock import CAMPUS
from tracker.facts import kinds
from tracker.rules.model import Rule
from tracker.rules.procedures.model import Procedures

#: From the expert, in the order in which they are offered, and from the unit.
EXPERT = ("filed", "permit", "paper", "leaving", "not_me")
UNIT = ("renew", "not_renew")
#: From somebody who was away. What they say of their own trip counts at once: nobody knows better.
TRAVELLER = ("back", "later", "not_me")
AT_ONCE = ("back", "later")
#: How long a link works: so many days after the safe day, but never longer than that.
AFTER_SAFE_DAY, LONGEST = timedelta(days=30), timedelta(days=120)
#: A unit that has decided is not asked again for so long.
DECIDED_FOR = timedelta(days=180)
#: Documents that end while somebody is to stay: their unit says whether it goes on.
_ENDING = ("work_permit", "residence_permit", "contract")


def offered(purpose: str, rule: Rule, fact_ref: str) -> tuple[str, ...]:
    """Return the kinds of answer that a duty takes."""
    if purpose == "unit":
        return UNIT
    if rule.register == "trips":
        return TRAVELLER
    left_out = set()
    if rule.fulfilment.filed_by is None:
        left_out.add("filed")
    if document_of(rule, fact_ref) is None:
        left_out.add("permit")
    return tuple(kind for kind in EXPERT if kind not in left_out)


def document_of(rule: Rule, fact_ref: str) -> str | None:
    """Return the kind of numbered document that ends a duty: of its own kind if that does."""
    own = fact_ref.partition("/")[0]
    ending = [test.kind for test in rule.fulfilment.met_by]
    numbered = [
        kind
        for kind in ([own] if own in ending else ending)
        if kind in kinds.KINDS and {"number", "expires_on"} <= set(kinds.KINDS[kind].fields)
    ]
    return numbered[0] if numbered else None


def deciding(procedures: Procedures) -> frozenset[str]:
    """Return the steps of procedures by which a unit decides."""
    return frozenset(
        step.id
        for each in procedures.by_id.values()
        for step in each.steps
        if step.does == "decide" and step.by == "unit"
    )


def asks_unit(rule: Rule, fact_ref: str, *, steps: frozenset[str]) -> bool:
    """Tell whether the unit has to say first if the person stays. `steps`: see deciding()."""
    return rule.id in steps or (
        rule.role == "deadline"
        and rule.count.direction == "before"
        and fact_ref.partition("/")[0] in _ENDING
    )


def expires_at(safe_on: date, *, now: datetime) -> datetime:
    """Return when a link made now ends."""
    last = max(datetime.combine(safe_on, time.max, CAMPUS).astimezone(UTC), now) + AFTER_SAFE_DAY
    return min(last, now + LONGEST)
