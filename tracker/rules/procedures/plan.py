"""The backward plan: the latest day of each step, the earliest, and what is too late. Pure.

Latest days follow from the documents alone; only what is earliest, and so slack and lateness,
depends on the day of planning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from tracker.rules.book import RuleBook
from tracker.rules.model import Words
from tracker.rules.procedures import reasons
from tracker.rules.procedures.cap import Cap, cap_of
from tracker.rules.procedures.model import Procedure, Step
from tracker.rules.procedures.network import Network
from tracker.rules.procedures.parts import Lag, Node, Request, plus
from tracker.rules.procedures.passes import Latest, Passes, backward, bounded, forward
from tracker.rules.procedures.reasons import Reason

Status = Literal["done", "open", "late", "impossible"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One step with its days.

    `latest`: the day to plan by. `earliest`: the first day it can be, everything taking its time;
    `soonest`: if what we do ourselves took no time. `ends`: when what follows can be done if it is
    done on its latest day. `opens`: the first day an authority takes it. `limit`: the day the law
    gives, moved back to an open day, and `statutory` before that. `slack`: days between earliest
    and latest, negative if it is late. `unmet`: steps it cannot wait for.
    `remedy`: what to do if it is late or impossible.
    """

    key: str
    ref: str
    procedure: Procedure
    step: Step
    latest: date
    earliest: date
    soonest: date
    ends: date
    takes: Lag
    opens: date | None
    limit: date | None
    statutory: date | None
    done_on: date | None
    slack: int
    status: Status
    critical: bool
    provisional: bool
    needs: tuple[str, ...]
    unmet: tuple[str, ...]
    reasons: tuple[Reason, ...]
    remedy: Words | None

    @property
    def rule_id(self) -> str:
        """The rule under which the step is an obligation."""
        return self.step.id


@dataclass(frozen=True, slots=True)
class Plan:
    """Every step of a chain, by its latest day; `critical`: the keys of those that decide it."""

    target: str
    title: Words
    as_of: date
    steps: tuple[Planned, ...]
    critical: tuple[str, ...]
    cap: Cap | None

    def step(self, key: str) -> Planned | None:
        """Return a step by its key."""
        return next((each for each in self.steps if each.key == key), None)

    @property
    def impossible(self) -> tuple[Planned, ...]:
        """The steps that cannot be in time any more."""
        return tuple(each for each in self.steps if each.status == "impossible")

    @property
    def slack(self) -> int | None:
        """The days the tightest step that is still to do can slip; None if nothing is to do."""
        return min((each.slack for each in self.steps if each.status != "done"), default=None)


@dataclass(frozen=True, slots=True)
class Moved:
    """A step that another one's slipping moves; `late`: it is then too late for what needs it."""

    key: str
    title: Words
    before: date
    after: date
    latest: date
    late: bool


def plan(request: Request, book: RuleBook) -> Plan:
    """Plan a chain backwards. KeyError if there is no such chain or procedure."""
    network = Network(request, book)
    latest = backward(network)
    as_of = request.as_of or _long_before(latest)
    passes = Passes(latest, forward(network, as_of, own=True), forward(network, as_of, own=False))
    critical = _critical(network, passes)
    steps = [_planned(node, network, passes, critical) for node in network.nodes.values()]
    steps = _with_remedies(steps)
    order = {key: number for number, key in enumerate(network.nodes)}
    steps.sort(key=lambda each: (each.latest, order[each.key]))
    chain = book.procedures.chain(request.target)
    return Plan(request.target, chain.title, as_of, tuple(steps), critical,
                cap_of(request.subject, book, until=request.until))  # fmt: skip


def slip(request: Request, book: RuleBook, key: str, to: date) -> tuple[Moved, ...]:
    """Return what moves when a step does not happen before the day `to`, in order of days."""
    before = plan(request, book)
    held = dict(request.not_before) | {key: to}
    after = plan(replace(request, not_before=held, as_of=before.as_of), book)
    moved = []
    for each in after.steps:
        old = before.step(each.key)
        if old is not None and each.earliest != old.earliest:
            moved.append(Moved(each.key, each.step.title, old.earliest, each.earliest,
                               each.latest, each.status in ("late", "impossible")))  # fmt: skip
    return tuple(sorted(moved, key=lambda each: (each.after, each.key)))


def _critical(network: Network, passes: Passes) -> tuple[str, ...]:
    """Return the steps that decide the first day, from it to the law's limit."""
    left = [key for key in network.nodes if key not in network.request.done]
    held = [key for key in left if bounded(passes.latest[key], key)]
    if not held:
        return ()
    key: str | None = min(held, key=lambda each: passes.latest[each].day)
    path: list[str] = []
    while key is not None and key not in path:
        path.append(key)
        link = passes.latest[key].link
        key = link.after if link and link.before == key else None
    return tuple(path)


def _planned(node: Node, network: Network, passes: Passes, critical: Sequence[str]) -> Planned:
    found, calendar = passes.latest[node.key], network.book.calendar
    done_on = network.request.done.get(node.key)
    day = done_on or found.day
    limit = min(node.bounds, key=lambda each: each.day, default=None)
    last = node.desk.last_open(limit.day) if limit else None
    earliest, soonest = passes.earliest[node.key], passes.soonest[node.key]
    binding = found if bounded(found, node.key) else None
    why = reasons.of(node, network, found.day, found.unrolled, found.bound, found.link)
    return Planned(
        key=node.key, ref=node.subject.ref, procedure=node.procedure, step=node.step,
        latest=found.day, earliest=earliest, soonest=soonest,
        ends=plus(day, node.takes, calendar), takes=node.takes,
        opens=node.opens.day if node.opens else None, limit=last,
        statutory=limit.statutory if limit else None, done_on=done_on,
        slack=(found.day - earliest).days,
        status=_status(earliest, soonest, last, done_on, binding),
        critical=node.key in critical,
        provisional=found.provisional,
        needs=tuple(link.before for link in network.before(node.key)),
        unmet=tuple(_unmet(node, network, passes)),
        reasons=tuple(why),
        remedy=None,
    )  # fmt: skip


def _status(
    earliest: date, soonest: date, limit: date | None, done_on: date | None,
    latest: Latest | None,
) -> Status:  # fmt: skip
    """Return how a step stands; `latest` is None where nothing bounds it."""
    if done_on:
        return "done"
    if limit and soonest > limit:
        return "impossible"
    return "late" if latest and earliest > latest.day else "open"


def _unmet(node: Node, network: Network, passes: Passes) -> Iterator[str]:
    """Yield what the step's latest day leaves no time for."""
    latest = passes.latest
    for link in network.before(node.key):
        before = network.request.done.get(link.before, latest[link.before].day)
        if plus(before, link.lag, network.book.calendar) > latest[node.key].day:
            yield link.before


def _with_remedies(steps: Sequence[Planned]) -> list[Planned]:
    """Say what to do about the steps that are late."""
    lost = [each for each in steps if each.status == "impossible"]
    return [
        replace(each, remedy=reasons.remedy(each, lost)) if each.status in ("late", "impossible")
        else each
        for each in steps
    ]  # fmt: skip


def _long_before(latest: dict[str, Latest]) -> date:
    first = min((each.day for each in latest.values()), default=date(2026, 1, 1))
    return first - timedelta(days=400)
