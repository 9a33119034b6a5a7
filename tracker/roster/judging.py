"""Decide what each row of a chunk does, from the file and the record alone. Writes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts import kinds, queries
from tracker.facts.models import Person
from tracker.roster import changes
from tracker.roster.changes import Change, Known, Outcome, Refused
from tracker.roster.entering import Entry
from tracker.roster.matching import Matches
from tracker.roster.repeats import Repeats
from tracker.roster.rows import Rejection, Who
from tracker.roster.tables import Chunk, Head, Line


class Judged(NamedTuple):
    """What a row does: `action` is created, updated, unchanged or rejected.

    Of somebody new there are the changes, or `entry` where it was prepared instead.
    """

    row: int
    sheet: str
    label: str
    person_id: int | None = None
    changes: Sequence[Change] = ()
    rejections: Sequence[Rejection] = ()
    entry: Entry | None = None

    @property
    def action(self) -> str:
        """Return what becomes of the row, as the counts of an import call it."""
        if self.rejections:
            return "rejected"
        if self.person_id is None:
            return "created"
        return "updated" if self.changes else "unchanged"


class Judge:
    """Judges the chunks of one roster in turn."""

    def __init__(self, head: Head, *, today: date) -> None:
        self._head, self._today = head, today
        self._repeats = Repeats()
        self._known_until = db.session.scalar(sa.select(sa.func.max(Person.id))) or 0

    def judge(self, chunk: Chunk) -> list[Judged]:
        """Return what each line does; a dry run and an import ask the same."""
        persons = self._persons(chunk.lines)
        known = _known([person for person in persons if isinstance(person, int)])
        return [self._judged(number, chunk, person, known) for number, person in enumerate(persons)]

    def _persons(self, lines: Sequence[Line]) -> list[int | str | None]:
        """Return whom each line is about: an id, None for somebody new, or why that is unknown."""
        repeated = [
            self._repeats.find(line.who, line.place) if line.who else None for line in lines
        ]
        once = [line.who for line, why in zip(lines, repeated, strict=True) if line.who and not why]
        matches = Matches(once, known_until=self._known_until)
        return [
            why or (self._person(line.who, line.place, matches) if line.who else None)
            for line, why in zip(lines, repeated, strict=True)
        ]

    def _person(self, who: Who, place: str, matches: Matches) -> int | str | None:
        found = matches.find(who)
        return (self._repeats.claim(found, place) or found) if isinstance(found, int) else found

    def _judged(
        self, number: int, chunk: Chunk, person: int | str | None,
        known: Mapping[int, Mapping[str, Known]],
    ) -> Judged:  # fmt: skip
        line = chunk.lines[number]
        if line.who is None:
            return self._rejected(line, line.rejections)
        if isinstance(person, str):
            return self._rejected(line, [Rejection(line.row, self._head.label(line), person)])
        fresh = chunk.fresh[number] if chunk.fresh else None
        if person is None and fresh:
            found, entry = Outcome(refusals=fresh.refusals), fresh.entry
        else:
            told = chunk.told()[number]
            assert told is not None
            found, entry = changes.of(told, known.get(person or 0, {}), today=self._today), None
        if found.refusals:
            return self._rejected(line, self._placed(line, found.refusals))
        return Judged(line.row, line.sheet, line.who.label, person, found.changes, (), entry)

    def _placed(self, line: Line, refusals: Sequence[Refused]) -> list[Rejection]:
        return [
            Rejection(line.row, self._head.label(line, path), message) for path, message in refusals
        ]

    def _rejected(self, line: Line, rejections: Sequence[Rejection]) -> Judged:
        label = line.who.label if line.who else ""
        return Judged(line.row, line.sheet, label, rejections=rejections)


def _known(person_ids: Sequence[int]) -> dict[int, dict[str, Known]]:
    found: dict[int, dict[str, Known]] = defaultdict(dict)
    if not person_ids:
        return found
    for each in queries.held_by(person_ids):
        data = kinds.unpack(each.kind, each.number, each.data)
        found[each.person_id][each.kind] = Known(
            each.id, each.document_no, each.valid_from, data
        )  # fmt: skip
    return found
