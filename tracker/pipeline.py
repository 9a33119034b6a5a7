"""The whole product on one page: facts -> obligations -> reminders -> outbox."""

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from tracker.core import clock
from tracker.core.db import db
from tracker.obligations import service as obligations
from tracker.outbox import delivery
from tracker.reminders import compose, service
from tracker.reminders.plan import Planned

NOTHING = Planned()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did, in letters, but for `planned` and `superseded`: those are reminders."""

    planned: int
    accepted: int
    deferred: int
    refused: int
    held: int
    superseded: int


def refresh(person_ids: Sequence[int], *, today: date, now: datetime) -> None:
    """Bring everything derived in step with the facts of these persons. Flushes only."""
    changed = obligations.sync(person_ids, today=today, now=now)
    if changed:
        service.retract(changed, now=now)


def rebuild(*, today: date, now: datetime) -> int:
    """Derive everybody's obligations anew, a chunk a transaction; return how many persons."""
    count = 0
    for person_ids in obligations.everybody():
        refresh(person_ids, today=today, now=now)
        db.session.commit()
        count += len(person_ids)
    return count


def remind(*, today: date, now: datetime, dry_run: bool = False) -> Outcome:
    """Plan and deliver once for `today`; a dry run plans, counts and changes nothing."""
    refresh(obligations.quiet_no_longer(today), today=today, now=now)
    planned = service.plan_day(today=today, now=now)
    if dry_run:
        db.session.rollback()
        return Outcome(planned.planned, 0, 0, 0, 0, planned.superseded)
    db.session.commit()
    write(today=today, now=now, send_after=now)
    return deliver(planned)


def write(*, today: date, now: datetime, send_after: datetime) -> int:
    """Queue the letters of all planned reminders, a chunk of recipients a transaction."""
    urgent = service.urgent_rules()
    compose.reach_again()
    count = 0
    for recipients in compose.waiting_recipients():
        count += compose.compose(
            recipients, urgent=urgent, today=today, now=now, send_after=send_after
        )
        db.session.commit()
    return count


def deliver(planned: Planned = NOTHING, *, until: Callable[[], bool] = lambda: True) -> Outcome:
    """Hand every letter that is due to the mail server, while `until` says so."""
    done = delivery.deliver(now=clock.now, owner=owner(), recheck=service.recheck, until=until)
    counts = asdict(done)
    return Outcome(
        planned=planned.planned,
        superseded=planned.superseded + counts["superseded"],
        **{name: counts[name] for name in ("accepted", "deferred", "refused", "held")},
    )


def owner() -> str:
    """Name this process among all senders of all hosts."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"
