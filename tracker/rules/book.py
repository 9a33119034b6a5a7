"""The rules in force, indexed for applying them to many persons."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from tracker.rules import alike
from tracker.rules.calendar import WorkCalendar
from tracker.rules.conflict import ConflictRule
from tracker.rules.counting import Counted
from tracker.rules.model import Counter, Parameter, Person, Rule
from tracker.rules.procedures.model import Procedures


class RuleBook:
    """All rules of one jurisdiction with the calendar they are counted on.

    `set_aside` names known rules that give no date, with the reason. `steps`: rules that are
    steps of `procedures`; `registered`: rules whose days a register knows. Both are found by
    their id, and no fact starts them.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        calendar: WorkCalendar,
        *,
        jurisdiction: str,
        parameters: Sequence[Parameter] = (),
        set_aside: Mapping[str, str] | None = None,
        conflicts: Sequence[ConflictRule] = (),
        procedures: Procedures | None = None,
        steps: Sequence[Rule] = (),
        registered: Sequence[Rule] = (),
        counters: Mapping[str, Counter] | None = None,
    ) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: (rule.id, rule.in_force_from)))
        self.calendar = calendar
        self.jurisdiction = jurisdiction
        self.parameters = tuple(parameters)
        self.set_aside = dict(set_aside or {})
        self.conflicts = {rule.id: rule for rule in conflicts}
        self.procedures = procedures or Procedures()
        self.steps = {rule.id: rule for rule in steps}
        self.registered = {rule.id: rule for rule in registered}
        self._unstarted = self.steps | self.registered
        self.counters = dict(counters or {})
        #: Days already counted, by version of the rule and start; evaluate() fills it.
        self.counted: dict[tuple[str, date, int, date], tuple[Counted, date | None]] = {}
        self._versions: dict[str, list[Rule]] = defaultdict(list)
        self._for: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        self._conflicts: dict[tuple[Any, ...], list[ConflictRule]] = {}
        self.fields_read = alike.fields_read(self.rules)
        self._company = alike.company(self.rules)
        self._companies: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._groups: dict[tuple[str, str | None, str], int] = {}
        self._alike: dict[tuple[int, ...], int] = {}
        for rule in self.rules:
            self._versions[rule.id].append(rule)
            for kind in rule.kinds:
                for identity in rule.identities:
                    self._for[kind, identity].append(rule)

    def __getstate__(self) -> dict[str, Any]:
        """Another process gets the rules, not what was counted by them."""
        return self.__dict__ | {"counted": {}}

    def rule(self, rule_id: str, on: date | None = None) -> Rule:
        """Return the rule as in force on a day, else its nearest version; None means the newest.

        KeyError if there is no such rule.
        """
        if rule_id in self._unstarted:
            return self._unstarted[rule_id]
        if rule_id not in self._versions:
            raise KeyError(rule_id)
        versions = self._versions[rule_id]
        if on is None:
            return versions[-1]
        begun = [rule for rule in versions if rule.in_force_from <= on]
        return begun[-1] if begun else versions[0]

    def has(self, rule_id: str) -> bool:
        """Say whether a rule of this id gives dates."""
        return rule_id in self._versions or rule_id in self._unstarted

    @property
    def every(self) -> tuple[Rule, ...]:
        """All rules, then the steps of procedures and what registers know."""
        return (*self.rules, *self._unstarted.values())

    @cached_property
    def deadlines(self) -> frozenset[str]:
        """The rules that set a day by which somebody must act, the steps of cases among them."""
        return frozenset(rule.id for rule in self.every if rule.role == "deadline")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of fact that some rule looks at, or that say how a duty stands."""
        looked_at = {kind for rule in self.rules for kind in rule.kinds}
        fulfilling = {met.kind for rule in self.rules for met in rule.fulfilment.met_by}
        return tuple(sorted((looked_at | fulfilling | {"application", "settlement"}) - {"person"}))

    def rules_for(self, kind: str, identity: str) -> Sequence[Rule]:
        """Return every version of every rule that looks at this kind for this identity."""
        return self._for.get((kind, identity), ())

    def group(self, person: Person) -> int:
        """Return a number that persons share whom no rule tells apart by what they are."""
        key = (person.nationality, person.category, person.identity)
        found = self._groups.get(key)
        if found is None:
            concerning = tuple(n for n, rule in enumerate(self.rules) if rule.concerns(person))
            found = self._alike.setdefault(concerning, len(self._alike))
            self._groups[key] = found
        return found

    def company(self, rule_ids: Iterable[str]) -> Sequence[str]:
        """Return the kinds of fact that say how the duties of these rules stand."""
        rule_ids = tuple(rule_ids)
        found = self._companies.get(rule_ids)
        if found is None:
            kinds = {kind for rule_id in rule_ids for kind in self._company[rule_id]}
            found = self._companies[rule_ids] = tuple(sorted(kinds))
        return found

    def conflicts_of(self, person: Person, kinds: frozenset[str]) -> Sequence[ConflictRule]:
        """Return the conflicts that such a person with papers of these kinds can have."""
        key = (person.identity, person.status, person.nationality, kinds)
        found = self._conflicts.get(key)
        if found is None:
            found = [rule for rule in self.conflicts.values() if rule.concerns(person, kinds)]
            self._conflicts[key] = found
        return found

    def parameter(self, name: str, on: date) -> Parameter:
        """Return a number of the city's practice as in force on a day; KeyError if unknown."""
        for parameter in self.parameters:
            if parameter.name == name and (
                parameter.in_force_from <= on <= parameter.in_force_until
            ):
                return parameter
        raise KeyError(name)
