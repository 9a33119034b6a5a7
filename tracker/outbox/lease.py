"""A row that one process holds at a time: it keeps one scheduler among many."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.outbox.models import Lease


class SchedulerLease:
    """Holds the lease `name` for `ttl` seconds after each acquire(); commits by itself."""

    def __init__(
        self, holder: str, *, ttl: float, now: Callable[[], datetime], name: str = "scheduler"
    ) -> None:
        self.holder, self.ttl, self.now, self.name = holder, ttl, now, name
        self._until = 0.0

    def acquire(self) -> bool:
        """Take or renew the lease; False while another process holds it."""
        started = time.monotonic()
        now = _database_now(self.now)
        taken = sa.update(Lease).where(
            Lease.name == self.name,
            sa.or_(
                Lease.holder == self.holder,
                Lease.expires_at < now,
                # Renewed in the future: the clock was set back since, and nobody renews it.
                Lease.renewed_at > now + timedelta(seconds=self.ttl),
            ),
        )
        values = {
            "holder": self.holder, "renewed_at": now,
            "expires_at": now + timedelta(seconds=self.ttl),
            "epoch": sa.case(
                (Lease.holder == self.holder, Lease.epoch), else_=Lease.epoch + 1
            ),
        }  # fmt: skip
        result: Any = db.session.execute(taken.values(values))
        won: bool = result.rowcount == 1
        if not won:
            won = self._create(now)
        db.session.commit()
        self._until = started + self.ttl if won else 0.0
        return won

    def held(self) -> bool:
        """Tell whether the lease is surely still ours, by this machine's own clock."""
        return time.monotonic() < self._until

    def release(self) -> None:
        """Give the lease back, so that another process need not wait."""
        db.session.execute(
            sa.update(Lease)
            .where(Lease.name == self.name, Lease.holder == self.holder)
            .values(expires_at=_database_now(self.now) - timedelta(seconds=1))
        )
        db.session.commit()
        self._until = 0.0

    def _create(self, now: datetime) -> bool:
        if db.session.get(Lease, self.name) is not None:
            return False
        row = Lease(
            name=self.name, holder=self.holder, epoch=1, renewed_at=now,
            expires_at=now + timedelta(seconds=self.ttl),
        )  # fmt: skip
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except sa.exc.IntegrityError:
            return False
        return True


def _database_now(now: Callable[[], datetime]) -> datetime:
    """Several hosts share the database's clock; on one machine its own is the same."""
    if db.engine.dialect.name == "postgresql":
        found: datetime = db.session.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
        return found
    return now()
