"""What follows for people told of for the first time, as rows keep it. Pure.

Nothing was derived of them before, so nothing is looked up; sync() finds the same rows. Whoever
reads a large roster makes these rows, so nothing here imports the database.
"""

from collections.abc import Collection, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from tracker.core.stored import day_value
from tracker.facts.newcomers import First, profile_of
from tracker.obligations.derive import OF_A_RULE, Context, following_of, person_of
from tracker.rules import conflicts
from tracker.rules.model import Fact
from tracker.rules.standing import Dossier

Row = tuple[Any, ...]
DUTY = ("rule_id", "fact_ref", *OF_A_RULE)
CONFLICT = ("rule_id", "first_ref", "second_ref", "first_on", "second_on", "from_on", "until_on")
conflict_row = attrgetter(*CONFLICT)


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


def owed(told: Sequence[First], terms: Terms) -> Owed:
    """Return what follows from these facts of somebody new, the profile among them."""
    person = person_of(profile_of(told))
    facts = [Fact(f"{kind}/1", kind, data) for kind, data, _begins in told if kind != "profile"]
    imported = dict.fromkeys([fact.ref for fact in facts], terms.told_on)
    following = list(following_of(person, facts, imported, terms.context))
    deadlines = [each.deadline for each in following if each.deadline]
    found = conflicts.find(person, Dossier(facts), (), terms.context.book)
    return Owed(
        duties=[each.values for each in following],
        deadline=day_value(min(deadlines, default=None)),
        conflicts=stored_conflicts({conflict_row(each) for each in found}),
    )


def stored_conflicts(rows: Collection[Row]) -> list[Row]:
    """Return rows that end like CONFLICT as `conflict` keeps them, in order."""
    in_order = sorted(rows, key=lambda row: row[:-4])
    return [(*row[:-4], *map(day_value, row[-4:])) for row in in_order]
