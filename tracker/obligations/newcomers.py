"""What follows for people told of for the first time, as rows keep it. Pure.

Nothing was derived of them before, so nothing is looked up; sync() finds the same rows. Whoever
reads a large roster makes these rows, so nothing here imports the database.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.core.stored import day_value
from tracker.facts.newcomers import First, profile_of
from tracker.obligations.derive import OF_A_RULE, Context, Following, following_of, person_of
from tracker.rules import conflicts
from tracker.rules.conflict import Conflict
from tracker.rules.model import Fact
from tracker.rules.standing import Dossier

Row = tuple[Any, ...]
DUTY = ("rule_id", "fact_ref", *OF_A_RULE)
CONFLICT = Conflict._fields


class Owed(NamedTuple):
    """The rows of a newcomer: in `obligation` as DUTY names them, a list for each paper, in
    `conflict` as CONFLICT does.

    `deadline`: the soonest day still open by which somebody must act.
    """

    duties: Sequence[Sequence[Row]]
    deadline: str | None
    conflicts: Sequence[Row]


class Terms(NamedTuple):
    """What everything that follows is reckoned by; `told_on`: the campus day of what is told."""

    context: Context
    told_on: date


def owed(people: Sequence[Sequence[First]], terms: Terms) -> list[Owed]:
    """Return what follows from these facts of each of some people who are new.

    Each step is taken for all of them: for one after the other, it takes a fifth longer.
    """
    persons = [person_of(profile_of(told)) for told in people]
    papers = [
        [Fact(f"{kind}/1", kind, data) for kind, data, _begins in told if kind != "profile"]
        for told in people
    ]
    following = [
        list(following_of(person, facts, _imported(facts, terms), terms.context))
        for person, facts in zip(persons, papers, strict=True)
    ]
    found = [
        conflicts.find(person, Dossier(facts), (), terms.context.book)
        for person, facts in zip(persons, papers, strict=True)
    ]
    return list(map(_rows, following, found))


def _imported(facts: Sequence[Fact], terms: Terms) -> dict[str, date | None]:
    return dict.fromkeys([fact.ref for fact in facts], terms.told_on)


def _rows(following: Sequence[Following], found: Sequence[Conflict]) -> Owed:
    deadlines = [each.deadline for each in following if each.deadline]
    return Owed(
        duties=[each.values for each in following],
        deadline=day_value(min(deadlines, default=None)),
        conflicts=[stored_conflict(each) for each in found],
    )


def stored_conflict(row: Row) -> Row:
    """Return a row that ends like CONFLICT as `conflict` keeps it."""
    return (*row[:-4], *map(day_value, row[-4:]))
