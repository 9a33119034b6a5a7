"""The two ways through a network: back from the limits, and on from a day. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tracker.rules.procedures import reasons
from tracker.rules.procedures.network import Network
from tracker.rules.procedures.parts import Bound, Lag, Link, Node, plus

ZERO = Lag(0)


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest day of a step, what binds it, and the links that cannot be kept."""

    day: date
    bound: Bound | None
    link: Link | None
    unrolled: date
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Passes:
    latest: dict[str, Latest]
    earliest: dict[str, date]
    soonest: dict[str, date]


def backward(network: Network) -> dict[str, Latest]:
    """Return the latest day of each step, from the last one to the first."""
    found: dict[str, Latest] = {}
    waiting: list[Node] = []
    for node in reversed(network.nodes.values()):
        candidates = list(_candidates(node, network, found))
        if not candidates:
            waiting.append(node)
            continue
        day, bound, link = min(candidates, key=lambda each: each[0])
        found[node.key] = _surely(_rolled(node, day, bound, link), network, found)
    for node in reversed(waiting):
        found[node.key] = _surely(_following(node, network, found), network, found)
    return found


def _surely(latest: Latest, network: Network, found: dict[str, Latest]) -> Latest:
    """Mark a day that a notice still to come may move, itself or what it is counted from."""
    link = latest.link
    others = [found[key] for key in (link.before, link.after) if key in found] if link else []
    unsure = (
        network.book.calendar.is_provisional(latest.day, latest.unrolled)
        or bool(latest.bound and latest.bound.provisional)
        or any(each.provisional for each in others)
    )
    return replace(latest, provisional=unsure)


def _candidates(
    node: Node, network: Network, found: dict[str, Latest]
) -> Iterator[tuple[date, Bound | None, Link | None]]:
    """Yield the days a step must not lie after, each with what says so."""
    for bound in node.bounds:
        yield bound.day, bound, None
    for link in network.after(node.key):
        if link.after in found:
            day = found[link.after].day
            yield reasons.back(day, link.lag, network.book.calendar), None, link


def _rolled(node: Node, day: date, bound: Bound | None, link: Link | None) -> Latest:
    latest = node.desk.last_open(day)
    opens = node.opens
    if opens is not None and latest < opens.day:
        # Nobody takes it sooner: what waits for it will have to do without.
        return Latest(node.desk.first_open(opens.day), opens, None, opens.day)
    return Latest(latest, bound, link, day)


def _following(node: Node, network: Network, found: dict[str, Latest]) -> Latest:
    """Place a step that nothing bounds: as soon as what it needs is there."""
    calendar, request = network.book.calendar, network.request
    day, cause = request.as_of, None
    for link in network.before(node.key):
        if link.before in found:
            before = request.done.get(link.before, found[link.before].day)
            there = plus(before, link.lag, calendar)
            if day is None or cause is None or there > day:
                day, cause = there, link
    if day is None:
        ends = (each.day for each in found.values())
        day = max(ends, default=date(2026, 1, 1))
    return Latest(node.desk.first_open(day), None, cause, day)


def forward(network: Network, as_of: date, *, own: bool) -> dict[str, date]:
    """Return the first possible day of each step; unless `own`, our own doings take no time."""
    calendar, request = network.book.calendar, network.request
    found: dict[str, date] = {}
    for node in network.nodes.values():
        if node.key in request.done:
            found[node.key] = request.done[node.key]
            continue
        day = max(as_of, request.not_before.get(node.key, as_of))
        if node.opens:
            day = max(day, node.opens.day)
        for link in network.before(node.key):
            theirs = network.nodes[link.before].step.does == "file"
            lag = link.lag if own or theirs else ZERO
            day = max(day, plus(found[link.before], lag, calendar))
        found[node.key] = node.desk.first_open(day)
    return found


def bounded(latest: Latest, key: str) -> bool:
    """Say whether a limit or a later step bounds a step, not only what goes before it."""
    return bool(latest.bound or (latest.link and latest.link.before == key))
