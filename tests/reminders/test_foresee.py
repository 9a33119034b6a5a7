"""What is foreseen is what the days then bring, on people in every state of life."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.factories import make_person, make_residence_permit
from tracker import pipeline
from tracker.core.db import db
from tracker.demo import homes, people, troubles
from tracker.obligations import places
from tracker.obligations import service as obligations
from tracker.reminders import foresee, service
from tracker.reminders.models import Reminder

DAY = date(2026, 9, 10)
LAST = DAY + timedelta(days=30)


def at(day):
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=1)


@pytest.fixture
def staff(app):
    """Thirty-four people and an account of each role, nothing planned yet."""
    seeds.record(people.make_people(34, seed=3, today=DAY), by="test", at=at(DAY))
    seeds.make_accounts(at=at(DAY))
    for ids in obligations.everybody():
        pipeline.refresh(ids, today=DAY, now=at(DAY))
    buildings = homes.build(keeper="inspector@example.org")
    troubles.make(buildings, now=at(DAY))
    pipeline.refresh_buildings(places.everywhere(), today=DAY, now=at(DAY))
    db.session.commit()
    return app


def brought(first, last):
    """Plan day by day; return what each day added."""
    known, found = set(_planned()), []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if service.book.current().calendar.is_workday(day):
            service.plan_day(today=day, now=at(day))
            new = sorted(set(_planned()) - known)
            found += [(day, *each) for each in new]
            known |= set(new)
    return found


def _planned():
    rows = db.session.execute(
        sa.select(Reminder.obligation_id, Reminder.round, Reminder.stage, Reminder.recipient)
        .where(Reminder.state == "planned")
    )  # fmt: skip
    return [tuple(row) for row in rows]


def foreseen(first, last):
    return sorted(
        (each.day, each.obligation_id, each.round, each.stage, each.recipient)
        for each in foresee.coming(first, last)
    )


def test_first_days_are_foreseen(staff):
    expected = foreseen(DAY, LAST)

    found = brought(DAY, LAST)

    assert found == expected
    assert len(found) > 50


def test_days_after_a_run_are_foreseen(staff):
    service.plan_day(today=DAY, now=at(DAY))
    expected = foreseen(DAY, LAST)

    assert brought(DAY, LAST) == expected
    assert expected[0][0] > DAY


def test_days_after_a_pause_are_foreseen(staff):
    service.plan_day(today=DAY, now=at(DAY))
    first, last = DAY + timedelta(days=12), LAST + timedelta(days=12)
    expected = foreseen(first, last)

    assert brought(first, last) == expected
    assert expected[0][0] == first + timedelta(days=0 if first.weekday() < 5 else 2)


def test_edited_ladder_is_foreseen(staff, tmp_path):
    service.plan_day(today=DAY, now=at(DAY))
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "filing:\n  rules: [RP-EXT, WP-EXT-CLOSE]\n  stages:\n"
        "    - {id: opens, when: opens, to: [expert, officer]}\n"
        "    - {id: d45, days_before: 45, to: [expert, unit_secretary]}\n"
        "    - {id: d10, days_before: 10, to: [expert, officer, head]}\n"
        "    - {id: late, every_days: 5, times: 40, to: [expert, head]}\n"
    )
    staff.config["REMINDER_PLAN"] = str(plan)
    expected = foreseen(DAY, LAST)

    found = brought(DAY, LAST)

    assert found == expected
    assert {each[4].partition(":")[0] for each in found if each[0] == DAY} == {"person", "account"}


def test_what_changed_since_is_foreseen(staff):
    service.plan_day(today=DAY, now=at(DAY))
    late = make_person()
    make_residence_permit(late, expires_on=date(2026, 9, 25))
    pipeline.refresh([late.id], today=DAY, now=at(DAY))
    first = DAY + timedelta(days=1)
    expected = foreseen(first, LAST)

    assert brought(first, LAST) == expected
    assert f"person:{late.id}" in {each[4] for each in expected if each[0] == first}


def test_days_without_work_bring_nothing(staff):
    assert foreseen(date(2026, 9, 12), date(2026, 9, 13)) == []
