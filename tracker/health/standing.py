"""Who is asked for which round of a schedule, and where each of them stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.facts.models import FactVersion, Person, Unit
from tracker.health import consents, meant
from tracker.health.models import HealthExemption, HealthRound, HealthSchedule
from tracker.health.rounds import Rhythm, Round
from tracker.rules.counting import add_months

#: Months for which an entry examination's certificate is good (HC-AGE, RP-HEALTH).
CERTIFICATE_MONTHS = 6
#: In the order in which a list shows them.
STATES = ("missing", "booked", "coming", "done", "exempt")


@dataclass(frozen=True, slots=True)
class Circle:
    """Those whom a schedule means, with what is known of some of its rounds.

    `since`: the day from which each is on record; `touched`: rows by person and round.
    """

    since: Mapping[int, date]
    exempt: Mapping[int, Sequence[tuple[date, date]]]
    touched: Mapping[tuple[int, int], HealthRound]
    certified: Mapping[int, date]

    def asked(self, person_id: int, each: Round, on: date) -> bool:
        """Tell whether a person is asked for a round on a day."""
        since = self.since.get(person_id)
        return since is not None and since <= each.due_on and not self.spared(person_id, each, on)

    def spared(self, person_id: int, each: Round, on: date) -> bool:
        """Tell whether a person is exempt on a day, or on that of the round."""
        return any(
            first <= day <= last
            for first, last in self.exempt.get(person_id, ())
            for day in (on, each.due_on)
        )

    def due_on(self, person_id: int, each: Round) -> date:
        """Return the day of a person's round: its own, if the office moved it."""
        row = self.touched.get((person_id, each.number))
        return row.due_on if row is not None and row.due_on else each.due_on

    def done(self, person_id: int, each: Round, on: date) -> bool:
        """Tell whether a person was examined by a day, or has a certificate that will do."""
        row = self.touched.get((person_id, each.number))
        if row is not None and row.done and row.done_on is not None and row.done_on <= on:
            return True
        issued = self.certified.get(person_id)
        return issued is not None and add_months(issued, CERTIFICATE_MONTHS) >= each.due_on

    def state(self, person_id: int, each: Round, on: date) -> str:
        """Return where a person stands with a round on a day (STATES)."""
        if self.done(person_id, each, on):
            return "done"
        if self.spared(person_id, each, on):
            return "exempt"
        row = self.touched.get((person_id, each.number))
        if self.due_on(person_id, each) > on:
            return "booked" if row is not None and row.booked_at else "coming"
        booked_on = campus_day(row.booked_at) if row is not None and row.booked_at else None
        return "booked" if booked_on is not None and booked_on > on else "missing"


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the list of a round. There is no result in it."""

    person_id: int
    name_zh: str | None
    name_en: str | None
    unit_id: int | None
    unit_zh: str | None
    unit_en: str | None
    due_on: date
    state: str
    booked_at: datetime | None


def rhythm_of(schedule: HealthSchedule) -> Rhythm:
    """Return when the rounds of a schedule are due."""
    return Rhythm(
        schedule.starts_on, schedule.ends_on, schedule.every, schedule.every_unit
    )  # fmt: skip


def circle(
    schedule: HealthSchedule, rounds: Sequence[Round], ids: Sequence[int] | None = None
) -> Circle:
    """Return whom a schedule means (among `ids`) and what is known of these rounds.

    Whose consent is withdrawn is not among them, unless a law orders the examination.
    """
    among = sa.true() if ids is None else Person.id.in_(ids)
    found = db.session.execute(
        sa.select(Person.id, Person.created_at).where(meant.persons(schedule), among)
    )
    since = {row.id: campus_day(row.created_at) for row in found}
    for gone in () if schedule.by_law else consents.withdrawn(list(since)):
        since.pop(gone, None)
    touched = db.session.scalars(
        sa.select(HealthRound).where(
            HealthRound.schedule_id == schedule.id,
            HealthRound.number.in_([each.number for each in rounds]),
            sa.true() if ids is None else HealthRound.person_id.in_(ids),
        )
    )
    return Circle(
        since, _exempt(schedule.id, ids), {(row.person_id, row.number): row for row in touched},
        _certified(list(since)) if schedule.kind == "entry" else {},
    )  # fmt: skip


def lines(
    schedule: HealthSchedule, each: Round, *, on: date, unit_id: int | None = None
) -> list[Line]:
    """Return everybody asked for a round, exempt from it or examined in it, by unit and name."""
    people = circle(schedule, [each])
    ids = {*people.since, *(person_id for person_id, _number in people.touched)}
    rows = db.session.execute(
        sa.select(
            Person.id, Person.name_zh, Person.name_en, Person.unit_id,
            Unit.name_zh.label("unit_zh"), Unit.name_en.label("unit_en"),
        )
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(sa.true() if unit_id is None else Person.unit_id == unit_id)
        .order_by(Unit.name_zh, Person.sort_zh, Person.id)
    )  # fmt: skip
    found = []
    for row in rows:
        if row.id not in ids:
            continue
        state = people.state(row.id, each, on)
        if state not in ("done", "exempt") and not people.asked(row.id, each, on):
            continue
        known = people.touched.get((row.id, each.number))
        found.append(
            Line(
                row.id, row.name_zh, row.name_en, row.unit_id, row.unit_zh, row.unit_en,
                people.due_on(row.id, each), state, known.booked_at if known else None,
            )
        )  # fmt: skip
    return found


def counts(schedule: HealthSchedule, each: Round, *, on: date) -> dict[str, int]:
    """Return how many stand where in a round; without a name or a result."""
    people = circle(schedule, [each])
    ids = {*people.since, *(person_id for person_id, _number in people.touched)}
    found = dict.fromkeys(STATES, 0)
    for person_id in ids:
        state = people.state(person_id, each, on)
        if state in ("done", "exempt") or people.asked(person_id, each, on):
            found[state] += 1
    return found


def _exempt(schedule_id: int, ids: Sequence[int] | None) -> dict[int, list[tuple[date, date]]]:
    rows = db.session.execute(
        sa.select(
            HealthExemption.person_id, HealthExemption.from_on, HealthExemption.until_on
        ).where(
            sa.or_(
                HealthExemption.schedule_id == schedule_id, HealthExemption.schedule_id.is_(None)
            ),
            sa.true() if ids is None else HealthExemption.person_id.in_(ids),
        )
    )
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append((row.from_on, row.until_on))
    return found


def _certified(ids: Sequence[int]) -> dict[int, date]:
    """Return the day on which each person's health certificate in force was issued."""
    issued: Any = FactVersion.data["issued_on"].as_string()
    rows = db.session.execute(
        sa.select(FactVersion.person_id, issued.label("issued")).where(
            FactVersion.kind == "health_certificate", FactVersion.person_id.in_(ids),
            FactVersion.withdrawn_at.is_(None), FactVersion.valid_to.is_(None),
        )
    )  # fmt: skip
    return {row.person_id: date.fromisoformat(row.issued) for row in rows if row.issued}
