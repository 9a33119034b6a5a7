"""People who come, leave, or left long ago, and notices that tell of something, in an office."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker import pipeline
from tracker.core.db import db
from tracker.demo import tidings
from tracker.facts import service as facts
from tracker.facts.models import Person
from tracker.lives import events
from tracker.obligations import book
from tracker.outbox.models import Letter


def make(*, today: date, at: datetime) -> None:
    """Let somebody be expected, somebody leave, one record have been kept long enough; commits."""
    by_status = {
        status: db.session.scalars(
            sa.select(Person).filter_by(status=status).order_by(Person.id)
        ).all()
        for status in ("recruiting", "active", "departed")
    }
    for number, person in enumerate(by_status["recruiting"][:3]):
        told = {"on": today + timedelta(4 + 9 * number), "flight": "CA8206", "port": "武汉天河机场"}
        settled = {"met_by": "李老师", "lodging": "东院外专楼 301"} if number == 0 else {}
        events.plan_arrival(person, told | settled, by="account:2", at=at)
    for person in by_status["active"][9:10]:
        told = {"on": today + timedelta(12), "reason": "resignation", "afterwards": "new_employer"}
        events.leave(person, told, book.current(), by="account:2", at=at)
    for person in by_status["departed"][:1]:
        left = {"departed_on": today - timedelta(1200)}
        facts.change_profile(person, left, valid_from=today, by="account:2", at=at)
    moved = [each.id for people in by_status.values() for each in people]
    pipeline.refresh(moved, today=today, now=at)
    tidings.make(by="account:2", now=at)
    for letter in db.session.scalars(sa.select(Letter).where(Letter.key.startswith("notice/"))):
        letter.state, letter.attempts, letter.finished_at = "accepted", 1, at
    db.session.commit()
