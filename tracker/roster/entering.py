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


def entry(told: Sequence[Change], terms: Terms) -> Entry:
    """Return what these changes bring on record of somebody new."""
    first = [First(*change[:3]) for change in told]
    return Entry(facts.record(first), obligations.owed(first, terms))


def fresh(told: Told, terms: Terms) -> Fresh:
    """Return what a row does if nobody on record is meant by it."""
    outcome = changes.of(told, {}, today=terms.context.today)
    if outcome.refusals:
        return Fresh(None, outcome.refusals)
    return Fresh(entry(outcome.changes, terms))
