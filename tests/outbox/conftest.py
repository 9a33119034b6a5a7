"""A post office: letters queued, delivered at any time of its own clock, looked at afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tracker.core.db import db
from tracker.outbox import delivery, queue
from tracker.outbox.ledger import Counts
from tracker.outbox.message import Draft
from tracker.outbox.models import Hold, Letter


def draft(address: str, **fields: Any) -> Draft:
    name = address.partition("@")[0]
    given = {
        "recipient": f"other:{name}", "address": address, "subject": f"To {name}", "text": "x\n",
        "html": "<p>x</p>", "ics": None, "key": f"key:{address}",
    }  # fmt: skip
    return Draft(**(given | fields))


class Post:
    """Queues and delivers by a clock that a test sets."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.now = datetime(2026, 9, 10, 2, tzinfo=UTC)

    def queue(self, *names: str, **fields: Any) -> None:
        drafts = [draft(f"{name}@example.org", **fields) for name in names]
        queue.enqueue(drafts, now=self.now, send_after=self.now)
        db.session.commit()

    def deliver(self, owner: str = "one", **more: Any) -> Counts:
        return delivery.deliver(now=lambda: self.now, owner=owner, **more)

    def later(self, **time: float) -> "Post":
        self.now += timedelta(**time)
        return self

    def letters(self) -> list[Letter]:
        found = list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))
        for letter in found:
            db.session.refresh(letter)
        db.session.commit()
        return found

    def states(self) -> dict[str, str]:
        return {letter.address.partition("@")[0]: letter.state for letter in self.letters()}

    def holds(self) -> list[str]:
        wanted = sa.select(Hold.cause).where(Hold.released_at.is_(None)).order_by(Hold.id)
        found = list(db.session.scalars(wanted))
        db.session.commit()
        return found

    def change(self, change: Callable[[], object]) -> None:
        change()
        db.session.commit()


@pytest.fixture
def post(office: Flask) -> Post:
    office.config |= {
        "MAIL_RETRY": [60, 300, 900], "MAIL_UNKNOWN_WAIT": 900, "MAIL_TIMEOUT": 10,
        "MAIL_ASK_AGAIN": 300,
    }  # fmt: skip
    return Post(office)
