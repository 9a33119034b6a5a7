"""The soonest open safe day of each person is kept in step with the obligations."""

from datetime import date

import sqlalchemy as sa

from tests.factories import AT, make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core.db import db
from tracker.obligations import book
from tracker.obligations.models import NextDeadline, Obligation

TODAY = date(2026, 1, 5)


def kept() -> dict[int, date]:
    rows = db.session.execute(sa.select(NextDeadline.person_id, NextDeadline.safe_on))
    return {row.person_id: row.safe_on for row in rows}


def soonest() -> dict[int, date]:
    deadlines = set(book.deadlines(book.current()))
    found: dict[int, date] = {}
    for duty in db.session.scalars(sa.select(Obligation).filter_by(state="open")):
        if duty.rule_id in deadlines:
            found[duty.person_id] = min(duty.safe_on, found.get(duty.person_id, date.max))
    return found


def test_next_deadline_is_the_soonest_open_one_and_goes_with_the_last(app):
    permitted, free = make_person(), make_person(email="b@example.org")
    make_residence_permit(permitted)
    pipeline.refresh([permitted.id, free.id], today=TODAY, now=AT)

    assert kept() == soonest()
    assert set(kept()) == {permitted.id}

    for duty in db.session.scalars(sa.select(Obligation).filter_by(state="open")).all():
        record(permitted, "settlement", rule_id=duty.rule_id, fact_ref=duty.fact_ref,
               outcome="waived", on=TODAY)  # fmt: skip
    pipeline.refresh([permitted.id, free.id], today=TODAY, now=AT)

    assert kept() == soonest() == {}
