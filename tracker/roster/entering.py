"""What a row about somebody new brings on record, and all that follows from it. Pure.

Small rosters ask for it row by row; of a large one the process that reads it prepares it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tracker.facts import newcomers as facts
from tracker.facts.newcomers import First, Record
from tracker.obligations import newcomers as obligations
from tracker.obligations.newcomers import Owed, Terms
from tracker.roster import changes
from tracker.roster.changes import Change, Refused
from tracker.roster.rows import Told


class Entry(NamedTuple):
    """All rows of somebody new."""

    record: Record
    owed: Owed


class Fresh(NamedTuple):
    """What a row does if it is about somebody new: its entry, or why it cannot be applied."""

    entry: Entry | None
    refusals: Sequence[Refused] = ()


def entries(people: Sequence[Sequence[Change]], terms: Terms) -> list[Entry]:
    """Return what these changes bring on record of each of some people who are new."""
    told: list[list[First]] = [[change[:3] for change in changes] for changes in people]
    return list(map(Entry, facts.records(told), obligations.owed(told, terms)))


def fresh(rows: Sequence[Told | None], terms: Terms) -> list[Fresh | None]:
    """Return what each row does if nobody on record is meant by it."""
    outcomes = [row and changes.of(row, {}, today=terms.context.today) for row in rows]
    new = [found.changes for found in outcomes if found and not found.refusals]
    made = iter(entries(new, terms))
    return [
        found and Fresh(None if found.refusals else next(made), found.refusals)
        for found in outcomes
    ]
