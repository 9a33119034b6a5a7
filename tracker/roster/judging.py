"""Decide what each row of a chunk does, from the file and the record alone. Writes nothing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts import kinds, queries
from tracker.facts.models import Person
from tracker.roster import changes
from tracker.roster.changes import Change, Known
from tracker.roster.matching import Matches
from tracker.roster.repeats import Repeats
from tracker.roster.rows import Rejection, Told
from tracker.roster.tables import Head, Line


class Judged(NamedTuple):
    """What a row does: `action` is created, updated, unchanged or rejected."""

    row: int
    sheet: str
    label: str
    person_id: int | None = None
    changes: Sequence[Change] = ()
    rejections: Sequence[Rejection] = ()

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

    def judge(self, lines: Sequence[Line]) -> list[Judged]:
        """Return what each line does; a dry run and an import ask the same."""
        persons = self._persons(lines)
        known = _known([person for person in persons if isinstance(person, int)])
        return [
            self._judged(line, person, known) for line, person in zip(lines, persons, strict=True)
        ]

    def _persons(self, lines: Sequence[Line]) -> list[int | str | None]:
        """Return whom each line is about: an id, None for somebody new, or why that is unknown."""
        repeated = [
            self._repeats.find(line.told, line.place) if line.told else None for line in lines
        ]
        once = [
            line.told for line, why in zip(lines, repeated, strict=True) if line.told and not why
        ]
        matches = Matches(once, known_until=self._known_until)
        return [
            why or (self._person(line.told, line.place, matches) if line.told else None)
            for line, why in zip(lines, repeated, strict=True)
        ]

    def _person(self, told: Told, place: str, matches: Matches) -> int | str | None:
        found = matches.find(told)
        return (self._repeats.claim(found, place) or found) if isinstance(found, int) else found

    def _judged(
        self, line: Line, person: int | str | None, known: dict[int, dict[str, Known]]
    ) -> Judged:
        told = line.told
        if told is None:
            return self._rejected(line, line.rejections)
        if isinstance(person, str):
            column = self._head.label(line)
            return self._rejected(line, [Rejection(line.row, column, person)])
        outcome = changes.of(told, known.get(person or 0, {}), today=self._today)
        if outcome.refusals:
            return self._rejected(
                line,
                [Rejection(line.row, self._head.label(line, path), message)
                 for path, message in outcome.refusals],
            )  # fmt: skip
        return Judged(line.row, line.sheet, told.label, person, outcome.changes)

    def _rejected(self, line: Line, rejections: Sequence[Rejection]) -> Judged:
        label = line.told.label if line.told else ""
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
