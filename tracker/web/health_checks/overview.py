"""A person's rounds: what is asked now, what comes, and what is recorded of earlier ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.facts.models import Person
from tracker.health import due, results
from tracker.health.models import HealthRound, HealthSchedule
from tracker.health.rounds import Round
from tracker.health.standing import circle, rhythm_of

#: How far ahead a person sees what is coming.
AHEAD = timedelta(days=60)
Recorded = Mapping[tuple[int, int], HealthRound]


@dataclass(frozen=True, slots=True)
class Shown:
    """A round of a person. `row`: what is recorded of it, if anything is and may be read."""

    schedule: HealthSchedule
    round: Round
    due_on: date
    state: str
    row: HealthRound | None


def of_person(person: Person, *, today: date) -> list[Shown]:
    """Return the rounds asked of a person now, the next, and those recorded; the latest first."""
    recorded = {(row.schedule_id, row.number): row for row in results.of_person(person.id)}
    found = [
        shown
        for schedule in due.running(today)
        for shown in _running(schedule, person.id, recorded, today)
    ]
    known = {(each.schedule.id, each.round.number) for each in found}
    found += [_past(row) for key, row in recorded.items() if key not in known]
    return sorted(found, key=lambda each: (each.due_on, each.schedule.id), reverse=True)


def _running(
    schedule: HealthSchedule, person_id: int, recorded: Recorded, today: date
) -> Iterator[Shown]:
    rhythm = rhythm_of(schedule)
    last = rhythm.latest(today)
    rounds = ([last] if last else []) + list(rhythm.between(today, today + AHEAD))[:1]
    people = circle(schedule, rounds, [person_id])
    for each in rounds:
        spared = person_id in people.since and people.spared(person_id, each, today)
        if spared or people.asked(person_id, each, today):
            yield Shown(
                schedule, each, people.due_on(person_id, each),
                people.state(person_id, each, today), recorded.get((schedule.id, each.number)),
            )  # fmt: skip


def _past(row: HealthRound) -> Shown:
    each = rhythm_of(row.schedule).round(row.number) or Round(row.number, row.schedule.ends_on)
    return Shown(
        row.schedule, each, row.due_on or each.due_on, "done" if row.done else "missing", row
    )
