"""The timetable: a tick that asks the database what is due. APScheduler only keeps the beat."""

import logging
import signal
import threading
import time
from datetime import datetime, timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask

from tracker import pipeline
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.files import photos, store
from tracker.health import retention
from tracker.inspections import retention as inspections
from tracker.obligations import book
from tracker.outbox import holds
from tracker.outbox.lease import SchedulerLease
from tracker.reminders import plan, service
from tracker.reminders.plan import Planned

log = logging.getLogger(__name__)

#: After so many days without a run the clock may be wrong: a person confirms before we write to
#: everybody.
LONGEST_PAUSE = timedelta(days=100)
#: The clock may be corrected by so many seconds without a word.
CLOCK_SLACK = 30.0


def tick(lease: SchedulerLease, *, now: datetime) -> pipeline.Outcome | None:
    """Do what is due at `now` if this process holds the lease; return what was done.

    The day's planning runs once, at the first tick in office hours; after days switched off it
    covers them all. What cannot wait for it is looked at in every tick. Whatever is wrong with
    the planning, letters that are queued leave.
    """
    if not lease.acquire():
        return None
    try:
        planned = _prepare(now)
    except Exception:
        db.session.rollback()
        log.exception("planning failed; the next tick tries again")
        planned = pipeline.NOTHING
    _tidy(now)
    _tidy_inspections(now)
    return pipeline.deliver(planned, until=lease.held)


def _tidy(now: datetime) -> None:
    """Delete the health data whose time is over; a tick that finds none costs two statements."""
    try:
        purged = retention.purge(today=clock.campus_day(now), now=now)
        if purged.rounds:
            audit.record(
                actor="scheduler", action="health data deleted", subject="health", at=now,
                details={"rounds": purged.rounds},
            )  # fmt: skip
        db.session.commit()
        for name in purged.files:
            store.drop(name)
    except Exception:
        db.session.rollback()
        log.exception("old health data could not be deleted; the next tick tries again")


def _tidy_inspections(now: datetime) -> None:
    """Delete the inspections whose time is over; a tick that finds none costs one statement."""
    try:
        purged = inspections.purge(today=clock.campus_day(now))
        if purged.kinds:
            audit.record(
                actor="scheduler", action="inspections deleted", subject="inspections", at=now,
                details=dict(purged.kinds),
            )  # fmt: skip
        db.session.commit()
        photos.drop_files(purged.files)
    except Exception:
        db.session.rollback()
        log.exception("old inspections could not be deleted; the next tick tries again")


def _prepare(now: datetime) -> Planned:
    """Plan and write what begins now."""
    today = clock.campus_day(now)
    office, calendar = service.office_hours(), book.current().calendar
    pipeline.purge_trips(today=today, now=now)
    run = plan.last_run()
    if run is not None and _too_long(run.ran_at, now):
        return pipeline.NOTHING
    if office.open_at(now, calendar) and (run is None or run.ran_for != today):
        planned = pipeline.plan_day(today=today, now=now)
    else:
        planned = pipeline.plan_urgent(today=today)
    pipeline.write(today=today, now=now, send_after=office.next_opening(now, calendar))
    return planned


def _too_long(last: datetime, now: datetime) -> bool:
    """Hold everything after a pause too long to be true, until a person confirms it."""
    if now - last <= LONGEST_PAUSE or holds.released_since("clock", last):
        return False
    detail = f"the last run was on {last:%Y-%m-%d}; is the clock right?"
    holds.hold("clock", detail, now=now)
    db.session.commit()
    return True


def run_scheduler(app: Flask) -> None:
    """Tick until told to stop by SIGTERM or SIGINT."""
    lease = SchedulerLease(pipeline.owner(), ttl=app.config["SCHEDULER_LEASE"], now=clock.now)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: _stop(stop, _frame))
    scheduler = _scheduler(app, lease)
    scheduler.start()
    log.info("scheduler started")
    _watch_clock(scheduler, stop)
    scheduler.shutdown(wait=True)
    with app.app_context():
        lease.release()
    log.info("scheduler stopped")


class Beat(BaseTrigger):  # type: ignore[misc]
    """So many seconds from now, whatever was missed.

    APScheduler's own interval would list every beat of a year that the clock jumped over.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return the next beat after `now`."""
        return now + self.seconds


def _scheduler(app: Flask, lease: SchedulerLease) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(timezone=clock.CAMPUS)
    every = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(
        _tick_safely, Beat(app.config["SCHEDULER_TICK"]), args=[app, lease],
        next_run_time=clock.now() + timedelta(seconds=1), **every,
    )  # fmt: skip
    # A long tick must not lose the lease, so it is renewed apart from the work.
    scheduler.add_job(
        _renew, Beat(max(1, app.config["SCHEDULER_LEASE"] / 4)), args=[app, lease], **every
    )
    return scheduler


def _watch_clock(scheduler: BackgroundScheduler, stop: threading.Event) -> None:
    """Wait for the end; when the clock is set, let the beat go on from there.

    APScheduler remembers the next beat by the clock: set back by a day, it would sleep for a day.
    """
    ahead = clock.now().timestamp() - time.monotonic()
    while not stop.wait(1):
        now = clock.now()
        jumped = now.timestamp() - time.monotonic() - ahead
        if abs(jumped) > CLOCK_SLACK:
            log.warning("the clock jumped by %.0f seconds", jumped)
            ahead += jumped
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now)


def _stop(stop: threading.Event, _frame: FrameType | None) -> None:
    stop.set()


def _renew(app: Flask, lease: SchedulerLease) -> None:
    with app.app_context():
        try:
            if lease.held():
                lease.acquire()
        except Exception:
            db.session.rollback()
            log.exception("the lease could not be renewed")


def _tick_safely(app: Flask, lease: SchedulerLease) -> None:
    """A tick that fails is logged and tried again at the next beat; the scheduler lives on."""
    with app.app_context():
        try:
            outcome = tick(lease, now=clock.now())
        except Exception:
            db.session.rollback()
            log.exception("tick failed; the next one tries again")
        else:
            if outcome and any(vars_of(outcome).values()):
                log.info("tick %s", vars_of(outcome))


def vars_of(outcome: pipeline.Outcome) -> dict[str, int]:
    """Return the counts of an outcome by name."""
    return {name: getattr(outcome, name) for name in outcome.__dataclass_fields__}
