"""Is the machinery at work: what every reader of the board should know before trusting it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from tracker.core.db import db
from tracker.outbox import holds, status
from tracker.outbox.models import Hold, Lease
from tracker.reminders import plan
from tracker.reminders.models import PlanningRun

#: A scheduler unseen for so many leases is taken for stopped.
MISSED_LEASES = 3


@dataclass(frozen=True, slots=True)
class Running:
    """What the banner tells."""

    hold: Hold | None
    problems: int
    waiting: int
    seen_at: datetime | None
    alive: bool
    planned: PlanningRun | None

    @property
    def well(self) -> bool:
        """Tell whether nothing needs a person."""
        return self.alive and self.hold is None and not self.problems and self.planned is not None


def look(*, now: datetime) -> Running:
    """Read the state of delivery and scheduler; a fixed number of statements."""
    lease = db.session.get(Lease, "scheduler")
    patience = timedelta(seconds=MISSED_LEASES * current_app.config["SCHEDULER_LEASE"])
    return Running(
        hold=holds.current(),
        problems=status.problems()["open"],
        waiting=status.waiting()[0],
        seen_at=lease.renewed_at if lease else None,
        alive=lease is not None and now - lease.renewed_at <= patience,
        planned=plan.last_run(),
    )
