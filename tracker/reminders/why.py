"""Why a person got a letter, or none: each duty's stages with what became of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import queries as obligations
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter
from tracker.reminders import decisions, foresee, ladder, service
from tracker.reminders.ladder import Ladder, Stage
from tracker.reminders.models import Decision, Reminder

#: Stages still to come that are shown of each duty.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Step:
    """A stage for one reader, or for all whom it has not told.

    `state`: that of its letter (accepted, refused …), planned, held, skipped, unreachable, told,
    superseded; or why there is no reminder: not_yet, no_window, quiet, overtaken.
    """

    stage: Stage
    begins: date | None
    recipients: tuple[str, ...]
    state: str
    reminder: Reminder | None = None
    letter: Letter | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A duty with its stages, the earliest first; none if no ladder has its rule."""

    obligation: Obligation
    steps: Sequence[Step]
    climbs: bool


def stories(person: Person, *, today: date) -> list[Story]:
    """Return every duty of a person with what became of each stage; a fixed number of reads."""
    ladders = {rule: each for each in service.ladders() for rule in each.rules}
    duties = obligations.of_person(person.id)
    rows, words = _rows(person.id), _words(person.id)
    heard = foresee.audiences()
    return [
        Story(
            duty,
            list(_steps(duty, ladders[duty.rule_id], person, heard, rows, words, today))
            if duty.rule_id in ladders
            else [],
            duty.rule_id in ladders,
        )
        for duty in duties
    ]


def _steps(
    duty: Obligation, climbs: Ladder, person: Person, heard: foresee.Audiences,
    rows: Mapping[Any, Any], words: Sequence[Decision], today: date,
) -> Iterator[Step]:  # fmt: skip
    ahead = 0
    for stage in climbs.stages:
        begins = ladder.begins_on(stage, safe_on=duty.safe_on, opens_on=duty.opens_on)
        known = stage.days_before == ladder.ALWAYS and not stage.at_opening
        begins = None if known else begins
        coming = begins is not None and begins > today
        ahead += coming
        untold = []
        for recipient in heard.of(stage, person.id, person.unit_id, duty.owner_id):
            row = rows.get((duty.id, duty.round, stage.id, recipient))
            word = _word(words, duty, stage, recipient)
            if row is None:
                untold.append(recipient)
                continue
            state = row.Letter.state if row.Letter is not None else row.Reminder.state
            yield Step(stage, begins, (recipient,), state, row.Reminder, row.Letter, word)
        due = ahead <= AHEAD and (coming or stage.days_before >= 0)
        if untold and due and duty.state in ("open", "filed"):
            yield Step(stage, begins, tuple(untold), _absent(duty, stage, begins, today))


def _absent(duty: Obligation, stage: Stage, begins: date | None, today: date) -> str:
    """Say why a stage has no reminder."""
    if duty.state == "filed":
        return "quiet"
    if stage.at_opening and begins is None:
        return "no_window"
    return "not_yet" if begins is not None and begins > today else "overtaken"


def _rows(person_id: int) -> dict[Any, Any]:
    found = db.session.execute(
        sa.select(Reminder, Letter)
        .join(Obligation, Obligation.id == Reminder.obligation_id)
        .outerjoin(Letter, Letter.id == Reminder.letter_id)
        .where(Obligation.person_id == person_id)
    )
    return {
        (each.obligation_id, each.round, each.stage, each.recipient): row
        for row in found
        for each in (row.Reminder,)
    }


def _words(person_id: int) -> list[Decision]:
    return list(
        db.session.scalars(
            sa.select(Decision)
            .where(Decision.person_id == person_id, Decision.ended_at.is_(None))
            .order_by(Decision.id)
        )
    )


def _word(
    words: Sequence[Decision], duty: Obligation, stage: Stage, recipient: str
) -> Decision | None:
    for word in words:
        if word.kind in ("skip", "told"):
            told = (word.obligation_id, word.round, word.stage, word.recipient)
            if told == (duty.id, duty.round, stage.id, recipient):
                return word
        elif decisions.covers(word, duty, recipient):
            return word
    return None
