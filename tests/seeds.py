"""Invented staff in a database, planned and partly delivered, for pages to be looked at."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker import pipeline
from tracker.accounts import feeds, service
from tracker.accounts.models import ROLES, Account
from tracker.core.db import db
from tracker.demo import people
from tracker.facts.models import Person, Unit
from tracker.obligations import service as obligations
from tracker.outbox.models import DeliveryAttempt, Lease, Letter
from tracker.reminders import service as reminders

PASSWORD = "four unrelated garden words"
#: How the invented mail server answers, in turn.
ANSWERS = (
    ("accepted", "250 2.0.0 Ok: queued"), ("accepted", "250 2.0.0 Ok: queued"),
    ("accepted", "250 2.0.0 Ok: queued"), ("refused", "550 5.1.1 no such mailbox here"),
    ("deferred", "451 4.7.1 greylisted, try again later"), ("accepted", "250 2.0.0 Ok: queued"),
    ("unknown", "no answer after the message: timed out"), ("queued", None),
)  # fmt: skip


def fill(count: int, *, today: date, now: datetime, seed: int = 7) -> None:
    """Record `count` people and the letters of today; commits."""
    people.record(people.make_people(count, seed=seed, today=today), by="demo", at=now)
    make_accounts(at=now)
    for ids in obligations.everybody():
        pipeline.refresh(ids, today=today, now=now)
    reminders.plan_day(today=today, now=now)
    db.session.commit()
    pipeline.write(today=today, now=now, send_after=now)
    deliver_somehow(now)
    make_feeds(at=now)
    db.session.add(Lease(
        name="scheduler", holder="here", epoch=1, renewed_at=now,
        expires_at=now + timedelta(minutes=1),
    ))  # fmt: skip
    db.session.commit()


def make_accounts(*, at: datetime) -> dict[str, Account]:
    """Make an account of each role: the first unit's secretary, the first person's expert."""
    unit_id = db.session.scalar(sa.select(sa.func.min(Unit.id)))
    person_id = db.session.scalar(sa.select(sa.func.min(Person.id)))
    made = {}
    for role in ROLES:
        if (role == "unit_secretary" and unit_id is None) or (role == "expert" and not person_id):
            continue
        made[role] = service.create_account(
            email=f"{role}@example.org", name=f"测试 {role}", role=role, at=at, password=PASSWORD,
            unit_id=unit_id if role == "unit_secretary" else None,
            person_id=person_id if role == "expert" else None,
        )  # fmt: skip
    return made


def make_feeds(*, at: datetime) -> None:
    """Let two calendars subscribe, of which one has asked already."""
    owner = service.get("officer@example.org")
    for label, kind in (("办公室电脑", "office"), ("Phone", "office")):
        feed, _token = feeds.create(owner, feeds.Wish(kind=kind, label=label, language="zh"), at=at)
    feed.fetched_at = at


def deliver_somehow(now: datetime) -> None:
    """Give the queued letters answers as a mail server would, good and bad."""
    letters: Sequence[Letter] = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
    for number, letter in enumerate(letters):
        state, reply = ANSWERS[number % len(ANSWERS)]
        letter.state, letter.reply = state, reply
        if state == "queued":
            continue
        letter.attempts = 1
        letter.finished_at = now if state in {"accepted", "refused"} else None
        db.session.add(DeliveryAttempt(
            letter_id=letter.id, attempt=1, ended_at=now, outcome=state, reply=reply
        ))  # fmt: skip
