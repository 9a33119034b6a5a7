"""Who comes and who leaves, and what is ready: read from documents and what is due. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.facts import kinds
from tracker.facts.models import FactVersion, Person
from tracker.obligations.models import Obligation
from tracker.obligations.queries import visible

State = Literal["done", "open", "late"]
#: Somebody who came or left so many days ago is still looked after.
RECENT = timedelta(45)
#: What must be there before somebody comes, by identity: a name and the kinds that show it.
BEFORE: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "foreigner": (("contract", ("contract",)), ("passport", ("passport",)),
                  ("work_permit", ("work_permit",)), ("visa", ("visa",))),
    "hmt": (("contract", ("contract",)), ("hmt_travel_permit", ("hmt_travel_permit",))),
    "permanent_resident": (("contract", ("contract",)),
                           ("permanent_residence_card", ("permanent_residence_card",))),
}  # fmt: skip
#: The clocks of coming and of leaving, in their order; registration is one of four rules.
ARRIVING = ("ARRIVE-READY", "ARRIVE-CONFIRM", "ACC-24H", "ACC-HOTEL", "ACC-TW", "ACC-HKM",
            "HC-ENTRY", "RP-FIRST", "SI-REG-JOB")  # fmt: skip
LEAVING = ("LEAVE-ROOM", "LEAVE-CONFIRM", "PSB-REPORT", "WP-CANCEL", "RP-CHANGE", "STAY-CERT",
           "KEEP-END")  # fmt: skip
_DONE = frozenset({"met", "settled", "assumed"})
_OVER = frozenset({"ended"})


@dataclass(frozen=True, slots=True)
class Clock:
    """One event clock: its rule, the day to plan by, where it stands."""

    rule_id: str
    safe_on: date
    state: State
    due_at: Any = None


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be there before somebody comes: a kind of paper, or a field."""

    name: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who comes or leaves: on which day, by what is told, and how far it is."""

    person: Person
    on: date
    data: Mapping[str, Any]
    come: bool
    needs: tuple[Need, ...]
    clocks: tuple[Clock, ...]

    @property
    def pending(self) -> bool:
        """Whether anything is still to be done."""
        return any(each.state != "done" for each in self.clocks)


def arrivals(scope: Scope, *, today: date) -> list[Move]:
    """Return who is expected, and who came lately or has arrival clocks open, by day."""
    told = _told(("arrival", "entry"), scope, since=today - RECENT)
    return _moves(told, ARRIVING, today=today, planned="arrival", begun="entry")


def departures(scope: Scope, *, today: date) -> list[Move]:
    """Return who is to leave and who left lately, by day."""
    told = _told(("leaving", "death"), scope, since=today - RECENT)
    return _moves(told, LEAVING, today=today, planned="leaving", begun="death")


def clocks_of(rows: Iterable[Any], rules: Sequence[str], *, today: date) -> tuple[Clock, ...]:
    """Return the clocks of one person's obligations, in the order of `rules`. Pure.

    `rows` have rule_id, state, safe_on and due_at. Of several of one rule the latest counts.
    """
    latest: dict[str, Any] = {}
    for row in rows:
        known = latest.get(row.rule_id)
        if row.rule_id not in rules or row.state in _OVER:
            continue
        if known is None or row.safe_on >= known.safe_on:
            latest[row.rule_id] = row
    return tuple(
        Clock(rule_id, latest[rule_id].safe_on, _state(latest[rule_id], today),
              latest[rule_id].due_at)
        for rule_id in rules
        if rule_id in latest
    )  # fmt: skip


def needs_of(identity: str, held: Iterable[str], planned: Mapping[str, Any]) -> tuple[Need, ...]:
    """Return what must be there before somebody comes, and whether it is. Pure."""
    kinds_held = set(held)
    papers = [Need(name, bool(kinds_held & set(some))) for name, some in BEFORE[identity]]
    settled = [Need(name, bool(planned.get(name))) for name in ("met_by", "lodging")]
    return (*papers, *settled)


def _state(row: Any, today: date) -> State:
    if row.state in _DONE:
        return "done"
    return "late" if row.state == "open" and row.safe_on < today else "open"


def _told(names: Sequence[str], scope: Scope, *, since: date) -> list[Any]:
    rows = db.session.execute(
        sa.select(FactVersion.person_id, FactVersion.kind, FactVersion.data)
        .join(Person, Person.id == FactVersion.person_id)
        .where(
            FactVersion.kind.in_(names), FactVersion.withdrawn_at.is_(None),
            FactVersion.valid_to.is_(None), FactVersion.valid_from >= since, visible(scope),
        )
        .order_by(FactVersion.valid_from, FactVersion.id)
    )  # fmt: skip
    return list(rows)


def _moves(
    told: Sequence[Any], rules: Sequence[str], *, today: date, planned: str, begun: str
) -> list[Move]:
    ids = sorted({row.person_id for row in told})
    if not ids:
        return []
    people = {each.id: each for each in db.session.scalars(
        sa.select(Person).where(Person.id.in_(ids)))}  # fmt: skip
    due, held = _due(ids, rules), _held(ids)
    found = []
    for person_id in ids:
        by_kind = {row.kind: kinds.unpack(row.kind, None, row.data)
                   for row in told if row.person_id == person_id}  # fmt: skip
        plan, fact = by_kind.get(planned, {}), by_kind.get(begun, {})
        come = bool(fact) and (not plan or fact["on"] >= plan["on"] - RECENT)
        person = people[person_id]
        found.append(
            Move(person, (fact if come else plan)["on"], plan | fact, come,
                 needs_of(person.identity, held.get(person_id, ()), plan),
                 clocks_of(due.get(person_id, ()), rules, today=today))
        )  # fmt: skip
    return sorted(found, key=lambda move: (move.on, move.person.id))


def _due(ids: Sequence[int], rules: Sequence[str]) -> dict[int, list[Any]]:
    row = aliased(Obligation)
    found: dict[int, list[Any]] = {}
    for each in db.session.execute(
        sa.select(row.person_id, row.rule_id, row.state, row.safe_on, row.due_at).where(
            row.person_id.in_(ids), row.rule_id.in_(rules)
        )
    ):
        found.setdefault(each.person_id, []).append(each)
    return found


def _held(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for person_id, kind in db.session.execute(
        sa.select(FactVersion.person_id, FactVersion.kind)
        .where(
            FactVersion.person_id.in_(ids),
            FactVersion.withdrawn_at.is_(None),
            FactVersion.valid_to.is_(None),
        )
        .distinct()
    ):
        found.setdefault(person_id, []).append(kind)
    return found
