"""Every 3 days for 60 days, 400 people: who is reminded and who is missing, counted apart."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from tests.factories import make_person
from tests.health.conftest import AT, START, at
from tracker import pipeline
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.facts.models import Person
from tracker.health import consents, results, standing
from tracker.reminders.models import Reminder

DAY = timedelta(days=1)
END = date(2026, 11, 8)
#: As the State Council's notice for 2026 has them.
OFF = {date(2026, 9, 25) + DAY * n for n in range(3)} | {
    date(2026, 10, 1) + DAY * n for n in range(7)
}
WORKED = {date(2026, 9, 20), date(2026, 10, 10)}


def works(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


@dataclass
class Somebody:
    """What one person does during the campaign."""

    id: int
    withdraws_on: date = date.max
    exempt: tuple[date, date] = (date.max, date.max)
    leaves_on: date = date.max
    #: By the day on which a round is due: the day of the test.
    done: dict[date, date] = field(default_factory=dict)

    def asked(self, due: date, on: date) -> bool:
        first, last = self.exempt
        spared = any(first <= day <= last for day in (due, on))
        return not spared and on < self.withdraws_on and on < self.leaves_on

    def has_done(self, due: date, by: date) -> bool:
        return self.done.get(due, date.max) <= by

    def reminders(self, dues: list[date], first: date, last: date) -> int:
        """Count what is told at nine on each working day, after what was done the day before."""
        told: set[tuple[str, date]] = set()
        for number in range((last - first).days + 1):
            today = first + DAY * number
            if not works(today) or today > END:
                continue
            ahead = today
            while not works(ahead + DAY):
                ahead += DAY
            open_now = [
                d for d in dues if self.asked(d, today) and not self.has_done(d, today - DAY)
            ]
            told |= {("d0", d) for d in open_now if today <= d <= ahead}
            latest = max((d for d in dues if d <= today), default=None)
            if latest in open_now and latest < today:
                told.add(("past", latest))
        return len(told)


def people(count: int, dues: list[date]) -> list[Somebody]:
    chance = random.Random(22)
    found = []
    for number in range(count):
        person = make_person(name_en=f"P{number}", email=f"p{number}@example.org",
                             unit=f"学院{number % 7}")  # fmt: skip
        consents.give(person.id, version="2026-1", language="en", way="paper",
                      on=date(2026, 8, 1), by="test", at=AT)  # fmt: skip
        each = Somebody(person.id)
        if number % 20 == 3:
            each.withdraws_on = START + DAY * chance.randrange(1, 60)
        if number % 20 == 7:
            starts = START + DAY * chance.randrange(50)
            each.exempt = (starts, starts + DAY * chance.randrange(5, 12))
        if number % 50 == 9:
            each.leaves_on = START + DAY * chance.randrange(1, 60)
        for due in dues:
            if chance.random() < 0.7:
                each.done[due] = due + DAY * chance.choice([0, 0, 0, 1, 2])
        found.append(each)
    return found


def live(schedule, everybody: list[Somebody], dues: list[date], today: date) -> None:
    """Let a day pass: the planning in the morning, then tests, withdrawals for tomorrow."""
    if works(today):
        pipeline.plan_day(today=today, now=at(today))
    for number, due in enumerate(dues):
        tested = {p.id: (today, "fit") for p in everybody if p.done.get(due) == today
                  and p.asked(due, today)}  # fmt: skip
        if tested:
            assert results.record_many(schedule, number, tested, by="t", at=at(today, 8)) == {}
    tomorrow = today + DAY
    for each in everybody:
        if each.withdraws_on == tomorrow:
            consents.withdraw(each.id, on=today, by="test")
        if each.leaves_on == tomorrow:
            facts.depart(db.session.get_one(Person, each.id), departed_on=today, by="test",
                         at=at(today))  # fmt: skip
        if tomorrow in (each.withdraws_on, each.leaves_on):
            pipeline.refresh([each.id], today=tomorrow, now=at(today, 9))
    db.session.commit()


def missing(schedule, on: date) -> Counter[str | None]:
    latest = standing.rhythm_of(schedule).latest(on)
    lines = standing.lines(schedule, latest, on=on) if latest and on <= schedule.ends_on else []
    return Counter(line.person_id for line in lines if line.state == "missing")


def test_campaign_tells_each_person_of_each_round_as_often_as_it_should(app, make_schedule):
    whole = db.engine.dialect.name == "sqlite"
    count, length = (400, 60) if whole else (40, 14)
    dues = [START + DAY * 3 * n for n in range(20)]
    schedule = make_schedule(
        kind="periodic", every=3, every_unit="day", ends_on=END, title_zh="每三日检测",
        title_en="Test every three days", meant={"off_campus": True},
    )  # fmt: skip
    everybody = people(count, dues)
    for each in everybody:
        if each.exempt[0] < date.max:
            results.exempt(each.id, schedule=schedule, ground="abroad", from_on=each.exempt[0],
                           until_on=each.exempt[1], by="test", at=AT)  # fmt: skip
    db.session.commit()
    wrong = {}

    for number in range(length + 3):
        today = START + DAY * number
        live(schedule, everybody, dues, today)
        due = max(d for d in dues if d <= today)
        told = missing(schedule, today)
        expected = {
            p.id for p in everybody
            if today <= END and p.asked(due, today) and not p.has_done(due, today)
            and today + DAY < min(p.withdraws_on, p.leaves_on)
        }  # fmt: skip
        if set(told) != expected:
            wrong[today] = (set(told) - expected, expected - set(told))

    assert wrong == {}
    last = START + DAY * (length + 2)
    sent = Counter(db.session.scalars(sa.select(Reminder.recipient)))
    assert {p.id: sent[f"person:{p.id}"] for p in everybody} == {
        p.id: p.reminders(dues, START, last) for p in everybody
    }
    assert sum(sent.values()) > 2 * count
