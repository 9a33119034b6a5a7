"""The steps of a chain of procedures for one person and the family, and what holds them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from tracker.rules.book import RuleBook
from tracker.rules.evaluate import evaluate
from tracker.rules.model import Duty
from tracker.rules.procedures.circumstances import Subject, circumstances, holds
from tracker.rules.procedures.model import Limit, Need, Procedure, Step, Time
from tracker.rules.procedures.parts import Bound, Desk, Lag, Link, Node, Request, key_of, minus

#: Documents that end further apart than this are renewed each in its own time.
TOGETHER = timedelta(days=183)
#: The day whose numbers count where nothing else says so.
_NOWADAYS = date(2026, 1, 1)


class Network:
    """Nodes in an order in which whatever is needed comes first, and the links between them."""

    def __init__(self, request: Request, book: RuleBook) -> None:
        self.request, self.book = request, book
        self.nodes: dict[str, Node] = {}
        self.links: list[Link] = []
        self._taking_part: list[tuple[Subject, Procedure]] = []
        chain = book.procedures.chain(request.target)
        self._add(request.subject, chain.procedures)
        for dependant in request.dependants:
            self._add(dependant, chain.dependants)
        for subject, procedure in self._taking_part:
            self._forget_the_past(subject, procedure)
        self._drop_others()
        for subject, procedure in self._taking_part:
            self._link_needs(subject, procedure)
        for subject, procedure in self._taking_part:
            keys = [key_of(step, subject) for step in procedure.steps]
            for before, after in pairwise(keys):
                self.links.append(Link(before, after, self.nodes[before].takes))
        self._sort()

    def of(self, subject: Subject, procedure: str) -> Node | None:
        """Return the filing step of a procedure of a person."""
        made = self.book.procedures.by_id[procedure]
        return self.nodes.get(key_of(made.filing, subject))

    def before(self, key: str) -> Iterator[Link]:
        """Yield what a step needs."""
        return (link for link in self.links if link.after == key)

    def after(self, key: str) -> Iterator[Link]:
        """Yield what needs a step."""
        return (link for link in self.links if link.before == key)

    def _add(self, subject: Subject, names: Sequence[str]) -> None:
        duties: dict[str, Duty] = {}
        for duty in evaluate(subject.person, subject.facts, self.book):
            if duty.safe or duty.statutory:
                duties[duty.rule_id] = duty
        for name in names:
            procedure = self.book.procedures.by_id[name]
            if self._takes_part(subject, procedure, alone=len(names) == 1):
                self._taking_part.append((subject, procedure))
                for step in procedure.steps:
                    node = self._node(subject, procedure, step, duties)
                    self.nodes[node.key] = node

    def _takes_part(self, subject: Subject, procedure: Procedure, *, alone: bool) -> bool:
        if subject.person.identity not in procedure.identities:
            return False
        if procedure.about and not subject.holds(procedure.about):
            return False
        if alone or not procedure.when:
            return True
        on = self.request.as_of or self._sometime(subject)
        known = circumstances(subject, procedure, self.book, filing_on=on)
        return holds(procedure.when, known, self.book, on)

    def _node(
        self, subject: Subject, procedure: Procedure, step: Step, duties: Mapping[str, Duty]
    ) -> Node:
        counter = self.book.counters.get(procedure.counter or "") if step.does == "file" else None
        node = Node(
            key_of(step, subject), subject, procedure, step, self._lag(step.takes, subject),
            Desk(self.book.calendar, counter),
        )  # fmt: skip
        if step.limit and (bound := self._bound(step.limit, node, duties)):
            node.bounds.append(bound)
        if step.does == "file":
            self._asked_for(node)
            node.opens = _window(procedure, duties)
        return node

    def _asked_for(self, node: Node) -> None:
        """Let a wish bound what no law does."""
        by = self.request.by
        if by is not None and not node.bounds:
            day = minus(by, node.takes, self.book.calendar)
            node.bounds.append(Bound(day, by, lag=node.takes))

    def _bound(self, limit: Limit, node: Node, duties: Mapping[str, Duty]) -> Bound | None:
        unsure = False
        if limit.rule_id:
            duty = duties.get(limit.rule_id)
            unsure = bool(duty and duty.provisional)
            day = (duty.safe or duty.statutory) if duty else None
            statutory = duty.statutory if duty else None
        else:
            day = statutory = node.subject.day(limit.fact or "", limit.field or "")
        if day is None:
            return None
        lag = node.takes if limit.point == "granted" else None
        earlier = minus(day, lag, self.book.calendar) if lag else day
        return Bound(
            earlier, statutory or day, limit.rule_id, limit.fact, lag, limit.source, unsure
        )  # fmt: skip

    def _lag(self, time: Time, subject: Subject) -> Lag:
        value = time.of(subject.person.category)
        if isinstance(value, int):
            return Lag(value, time.unit, None, time.source["zh"] if time.source else "")
        return Lag(self.number(value, subject), time.unit, value, self._cited(value, subject))

    def number(self, name: str, subject: Subject) -> int:
        """Return a number of the city, or what the request puts in its place."""
        if name in self.request.numbers:
            return self.request.numbers[name]
        return self.book.parameter(name, self._sometime(subject)).value

    def _cited(self, name: str, subject: Subject) -> str:
        return self.book.parameter(name, self._sometime(subject)).source

    def _sometime(self, subject: Subject) -> date:
        """Return a day whose numbers are those to plan by: when the first document ends."""
        ends = (subject.day(kind, "expires_on") for kind in ("work_permit", "residence_permit"))
        first = min((day for day in ends if day), default=None)
        return first or subject.day("contract", "starts_on") or self.request.as_of or _NOWADAYS

    def _forget_the_past(self, subject: Subject, procedure: Procedure) -> None:
        """Drop what is counted on from a paper that another procedure of the chain makes anew."""
        if any(need.point == "granted" for _other, need in self._needed(subject, procedure)):
            for node in self._of(subject, procedure):
                node.bounds = [each for each in node.bounds if not self._follows(each)]

    def _drop_others(self) -> None:
        """Leave out what ends much later than the first document does, and what nothing asks for.

        The latter is what only follows from a procedure that takes no part.
        """
        # One that takes part on a condition is there for the sake of others.
        filing = [
            (subject, procedure, min(each.day for each in node.bounds))
            for subject, procedure in self._taking_part
            if not procedure.when and (node := self.of(subject, procedure.id)) and node.bounds
        ]
        if not filing:
            return
        last = min(day for _subject, _procedure, day in filing) + TOGETHER
        for subject, procedure, day in filing:
            if day > last:
                self._drop(subject, procedure)
        for subject, procedure in list(self._taking_part):
            bounded = any(node.bounds for node in self._of(subject, procedure))
            if not bounded and not any(self._needed(subject, procedure)):
                self._drop(subject, procedure)

    def _of(self, subject: Subject, procedure: Procedure) -> list[Node]:
        return [self.nodes[key_of(step, subject)] for step in procedure.steps]

    def _drop(self, subject: Subject, procedure: Procedure) -> None:
        self._taking_part.remove((subject, procedure))
        for node in self._of(subject, procedure):
            del self.nodes[node.key]

    def _needed(self, subject: Subject, procedure: Procedure) -> Iterator[tuple[Node, Need]]:
        """Yield what comes before a procedure, as far as it takes part."""
        for need in procedure.needs:
            whose = self.request.subject if need.whose == "sponsor" else subject
            other = self.of(whose, need.procedure)
            if other is not None:
                yield other, need

    def _link_needs(self, subject: Subject, procedure: Procedure) -> None:
        filing = self.nodes[key_of(procedure.filing, subject)]
        for other, need in self._needed(subject, procedure):
            self._need(other, filing, need)

    def _need(self, other: Node, filing: Node, need: Need) -> None:
        together = self.number(need.combined, filing.subject) if need.combined else 0
        if together:
            # One window decides both: filed on one day, answered on one day.
            other.takes = filing.takes = Lag(
                together, "working_day", need.combined, self._cited(need.combined or "",
                                                                    filing.subject))  # fmt: skip
        lag = other.takes if need.point == "granted" and not together else Lag(0)
        self.links.append(Link(other.key, filing.key, lag, need))

    def _follows(self, bound: Bound) -> bool:
        """Say whether a bound is counted on from an event, not back from an end."""
        rule_id = bound.rule_id
        return rule_id is not None and self.book.rule(rule_id).count.direction == "after"

    def _sort(self) -> None:
        """Put the nodes in an order in which whatever is needed comes first."""
        ordered: dict[str, Node] = {}

        def visit(key: str) -> None:
            if key not in ordered:
                for link in self.before(key):
                    visit(link.before)
                ordered[key] = self.nodes[key]

        for key in self.nodes:
            visit(key)
        self.nodes = ordered


def _window(procedure: Procedure, duties: Mapping[str, Duty]) -> Bound | None:
    """Return the first day on which an authority takes the application."""
    rule_id = procedure.opens_rule
    duty = duties.get(rule_id or "")
    if duty is None or duty.statutory is None:
        return None
    return Bound(duty.statutory, duty.statutory, rule_id)
