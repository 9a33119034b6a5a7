"""The preview names what steps of cases that are still to open will bring."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.cases.conftest import alice, at
from tests.factories import record
from tracker import pipeline
from tracker.core.db import db
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.reminders import outlook
from tracker.reminders.models import Reminder

FIRST, LAST = date(2026, 7, 27), date(2026, 9, 11)


def brought():
    """Plan day by day; return how many reminders of each day, person's rule and stage there are."""
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        if book.current().calendar.is_workday(day):
            pipeline.plan_day(today=day, now=at(day))
    rows = db.session.execute(
        sa.select(Reminder.planned_on, Obligation.rule_id, Reminder.stage, sa.func.count())
        .join(Obligation, Obligation.id == Reminder.obligation_id)
        .where(Reminder.state == "planned")
        .group_by(Reminder.planned_on, Obligation.rule_id, Reminder.stage)
    )
    return {(str(day), rule, stage): count for day, rule, stage, count in rows}


@pytest.mark.parametrize("ends", [date(2026, 10, 31), date(2026, 11, 14)])
def test_steps_of_cases_to_come_are_in_the_preview(app, ends):
    seeds.make_accounts(at=at(FIRST))
    someone = alice(unit="物理学院")
    record(someone, "residence_permit", number="R9", issued_on=date(2026, 1, 2), expires_on=ends)
    pipeline.refresh([someone.id], today=FIRST, now=at(FIRST))
    told: dict[tuple[str, str, str], int] = {}
    for day in outlook.preview(FIRST, LAST):
        for letter in day["letters"]:
            for about in letter["about"]:
                key = (day["on"], about["rule"], about["stage"])
                told[key] = told.get(key, 0) + 1

    assert told == brought()
    assert {rule for _day, rule, _stage in told} >= {"RENEW-OFFICE-FILE", "RENEW-UNIT-DECIDE"}
