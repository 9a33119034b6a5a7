"""Read obligations as a calendar shows them: by day and kind, the first few of each day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.facts.models import FactVersion, Person
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.obligations.queries import visible
from tracker.rules.book import RuleBook
from tracker.rules.model import Count, Rule

#: due: the safe day; opens: the first day on which one can file; expires: a document's last day.
KINDS = ("due", "opens", "expires")
#: A safe day lies at most so far before the day it is rolled back from (the longest holidays).
ROLLED_BACK = 20
_DAYS = {"hour": 1, "calendar_day": 1, "working_day": 3, "month": 31, "year": 366}
_OPEN = sa.text("obligation.state = 'open'")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a day: which rule says so of whom; `document` is its kind of fact."""

    kind: str
    on: date
    rule_id: str
    document: str
    provisional: bool
    person_id: int
    name_zh: str | None
    name_en: str | None


@dataclass(slots=True)
class Day:
    """The first entries of each kind on a day, and how many there are of it."""

    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=dict)

    def first(self, most: int) -> list[list[Entry]]:
        """Return the first `most` persons' entries, those to file before others, by person."""
        entries = (entry for kind in KINDS for entry in self.entries.get(kind, ()))
        grouped = groupby(entries, lambda entry: (entry.kind, entry.person_id))
        return [list(same) for _key, same in islice(grouped, most)]

    def beyond(self, most: int) -> int:
        """Return how many entries there are besides first()."""
        return sum(self.counts.values()) - sum(map(len, self.first(most)))


def between(
    first: date, last: date, *, scope: Scope, rules: RuleBook, kinds: Collection[str],
    most: int, offset: int = 0,
) -> dict[date, Day]:  # fmt: skip
    """Return the days that have entries, `most` of each kind and day; one statement a kind."""
    days: dict[date, Day] = defaultdict(Day)
    for kind in kinds:
        for row in db.session.execute(
            _ranked(_SELECTS[kind](first, last, scope, rules), most, offset)
        ):
            entry = _entry(kind, row)
            days[entry.on].entries[kind].append(entry)
            days[entry.on].counts[kind] = row.total
    return dict(days)


def _ranked(selected: sa.Select[Any], most: int, offset: int) -> sa.Select[Any]:
    day = selected.selected_columns["day"]
    place = sa.func.row_number().over(partition_by=day, order_by=(Person.id, Obligation.id))
    total = sa.func.count().over(partition_by=day)
    placed = selected.add_columns(place.label("place"), total.label("total")).subquery()
    return (
        sa.select(placed)
        .where(placed.c.place > offset, placed.c.place <= offset + most)
        .order_by(placed.c.day, placed.c.place)
    )


def _entry(kind: str, row: sa.Row[Any]) -> Entry:
    on = row.day if isinstance(row.day, date) else date.fromisoformat(row.day)
    return Entry(
        kind, on, row.rule_id, row.fact_ref.partition("/")[0], row.provisional, row.person_id,
        row.name_zh, row.name_en,
    )  # fmt: skip


def _of(scope: Scope, day: Any) -> sa.Select[Any]:
    return (
        sa.select(
            day.label("day"), Obligation.id, Obligation.rule_id, Obligation.fact_ref,
            Obligation.provisional, Obligation.person_id, Person.name_zh, Person.name_en,
        )
        .join(Person, Person.id == Obligation.person_id)
        .where(_OPEN, visible(scope))
    )  # fmt: skip


def _due(first: date, last: date, scope: Scope, rules: RuleBook) -> sa.Select[Any]:
    return _of(scope, Obligation.safe_on).where(
        Obligation.rule_id.in_(book.deadlines(rules)), Obligation.safe_on.between(first, last)
    )


def _opens(first: date, last: date, scope: Scope, rules: RuleBook) -> sa.Select[Any]:
    """Select the first days to file: most deadlines carry their own, some rules are only that."""
    carrying = _nearest(rule for rule in rules.rules if rule.role == "deadline" and rule.opens)
    alone = _nearest(rule for rule in rules.rules if rule.role == "window")
    day = sa.func.coalesce(Obligation.opens_on, Obligation.safe_on)
    return _of(scope, day).where(
        sa.or_(
            sa.and_(
                Obligation.rule_id.in_(sorted(rule.id for rule in carrying.values())),
                Obligation.opens_on.between(first, last),
            ),
            sa.and_(
                Obligation.rule_id.in_(
                    sorted(rule.id for kind, rule in alone.items() if kind not in carrying)
                ),
                Obligation.safe_on.between(first, last),
            ),
        )
    )


def _expires(first: date, last: date, scope: Scope, rules: RuleBook) -> sa.Select[Any]:
    """Select documents that end, found by a duty that is counted back from their end."""
    text = FactVersion.data["expires_on"].as_string()
    near = [
        sa.and_(
            Obligation.rule_id == rule.id,
            Obligation.safe_on.between(first - timedelta(_reach(rule.count)), last),
            FactVersion.kind == kind,
        )
        for kind, rule in _nearest(r for r in rules.rules if r.role != "window").items()
    ]
    number = sa.cast(FactVersion.document_no, sa.String)
    return (
        _of(scope, text)
        .join(FactVersion, FactVersion.person_id == Obligation.person_id)
        .where(
            sa.or_(*near),
            Obligation.fact_ref == FactVersion.kind + sa.literal("/") + number,
            FactVersion.withdrawn_at.is_(None),
            FactVersion.valid_to.is_(None),
            text.between(first.isoformat(), last.isoformat()),
        )
    )


def _nearest(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Return for each kind of document the rule that counts back from its end the least."""
    found: dict[str, Rule] = {}
    for rule in rules:
        for kind, trigger in rule.triggers.items():
            ending = rule.count.direction == "before" and trigger.count_from[0] == "expires_on"
            if ending and (kind not in found or _reach(rule.count) < _reach(found[kind].count)):
                found[kind] = rule
    return found


def _reach(count: Count) -> int:
    """Return how many days at most lie between a safe day and the day it is counted back from."""
    return count.amount * _DAYS[count.unit] + ROLLED_BACK


_SELECTS: Mapping[str, Any] = {"due": _due, "opens": _opens, "expires": _expires}
