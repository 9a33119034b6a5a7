"""Why a step has its day, and what to do when it is too late, in both languages. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from tracker.rules.calendar import WorkCalendar
from tracker.rules.model import Words
from tracker.rules.procedures.network import Network
from tracker.rules.procedures.parts import Bound, Lag, Link, Node, minus

if TYPE_CHECKING:
    from tracker.rules.procedures.plan import Planned

#: limit: a law or document says so. before: another step needs it. after: it follows another one.
#: window: nobody takes it sooner. rolled: moved back over days off.
Kind = Literal["limit", "before", "after", "window", "rolled"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a day. `day`: the day it speaks of; `key`: the step, if it is one."""

    kind: Kind
    day: date
    words: Words
    rule_id: str | None = None
    key: str | None = None
    lag: Lag | None = None
    source: Words | None = None


def back(day: date, lag: Lag, calendar: WorkCalendar) -> date:
    """Return the last day from which `lag` has passed by `day`; no time leaves the day."""
    return minus(day, lag, calendar) if lag.days else day


def of(
    node: Node, network: Network, latest: date, unrolled: date, bound: Bound | None,
    link: Link | None,
) -> Iterator[Reason]:  # fmt: skip
    """Yield why a step must be done by `latest`, the cause first."""
    if bound is not None:
        yield _of_bound(node, network, bound)
    elif link is not None and link.before == node.key:
        yield _of_link(network, link, unrolled)
    elif link is not None:
        yield _following(network, link, unrolled)
    if latest < unrolled:
        yield Reason("rolled", unrolled, Words(
            f"{unrolled}不办公，提前到{latest}。",
            f"{unrolled} is not an open day, so it moves back to {latest}.",
        ))  # fmt: skip


def remedy(step: "Planned", lost: Sequence["Planned"]) -> Words:
    """Return what to do about a step that is late or cannot be in time."""
    if step.status == "impossible":
        return step.procedure.if_late
    if lost:
        zh = "、".join(each.step.title.zh for each in lost)
        en = ", ".join(each.step.title.en for each in lost)
        return Words(f"已影响：{zh}。请立即办理。", f"It holds up: {en}. Do it at once.")
    return Words(
        f"压缩内部审核时间可以赶上：最早{step.soonest}可办。",
        f"It can be caught up by shortening our own checks: possible from {step.soonest}.",
    )


def _of_bound(node: Node, network: Network, bound: Bound) -> Reason:
    if node.opens is bound:
        return Reason("window", bound.day, Words(
            f"{bound.day}起才受理。", f"It is not taken before {bound.day}."
        ), bound.rule_id, source=_law(network, bound))  # fmt: skip
    source = _law(network, bound)
    title = _title(network, bound)
    took = _time(bound.lag) if bound.lag and bound.lag.days else Words("", "")
    zh = f"{title.zh}：{bound.statutory}" + (f"，减去办理时间{took.zh}" if took.zh else "")
    en = f"{title.en}: {bound.statutory}" + (f", less {took.en} for the answer" if took.en else "")
    return Reason("limit", bound.statutory, Words(f"{zh}（{source.zh}）", f"{en} ({source.en})"),
                  bound.rule_id, lag=bound.lag, source=source)  # fmt: skip


def _title(network: Network, bound: Bound) -> Words:
    if bound.rule_id:
        return network.book.rule(bound.rule_id, bound.statutory).title
    if bound.fact:
        return _DOCUMENTS.get(bound.fact, Words("证件日期", "Day on the document"))
    return Words("希望完成的日期", "Day it is wanted by")


def _law(network: Network, bound: Bound) -> Words:
    if bound.rule_id:
        rule = network.book.rule(bound.rule_id, bound.statutory)
        return Words(rule.source, rule.source_en)
    if bound.source:
        return Words(bound.source["zh"], bound.source["en"])
    return Words("本人要求", "as asked for")


def _of_link(network: Network, link: Link, day: date) -> Reason:
    after = network.nodes[link.after].step.title
    source = Words(link.need.source["zh"], link.need.source["en"]) if link.need else None
    took = _time(link.lag)
    cited = f"（{link.lag.source}）" if link.lag.source else ""
    if link.lag.days:
        words = Words(
            f"“{after.zh}”之前需要{took.zh}{cited}：{day}。",
            f"{took.en} are needed before “{after.en}”: {day}.",
        )
    else:
        words = Words(f"“{after.zh}”须在其后：{day}。", f"“{after.en}” comes after it: {day}.")
    return Reason("before", day, words, key=link.after, lag=link.lag, source=source)


def _following(network: Network, link: Link, day: date) -> Reason:
    before = network.nodes[link.before].step.title
    took = _time(link.lag)
    return Reason("after", day, Words(
        f"“{before.zh}”后{took.zh}：{day}。", f"{took.en} after “{before.en}”: {day}."
    ), key=link.before, lag=link.lag)  # fmt: skip


def _time(lag: Lag) -> Words:
    if lag.unit == "working_day":
        return Words(f"{lag.days}个工作日", f"{lag.days} working days")
    return Words(f"{lag.days}日", f"{lag.days} days")


_DOCUMENTS = {
    "contract": Words("合同日期", "Day in the contract"),
    "residence_permit": Words("居留许可到期", "The residence permit ends"),
    "passport": Words("护照到期", "The passport ends"),
}
