"""The timetable: a tick that asks the database what is due. APScheduler only keeps the beat."""

import logging
import signal
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from config import settings
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.obligations import book
from tracker.obligations import service as obligations
from tracker.outbox.lease import SchedulerLease
from tracker.reminders import hours, plan, service

log = logging.getLogger(__name__)


def tick(lease: SchedulerLease, *, now: datetime) -> pipeline.Outcome | None:
    """Do what is due at `now` if this process holds the lease; return what was done.

    The day's planning runs once, at the first tick in office hours; after days switched off it
    covers them all. The 24-hour clocks are looked at in every tick.
    """
    if not lease.acquire():
        return None
    today = clock.campus_day(now)
    office = hours.load(Path(settings.ROOT) / "config" / "office.yaml")
    calendar = book.current().calendar
    run = plan.last_run()
    if office.open_at(now, calendar) and (run is None or run.ran_for < today):
        pipeline.refresh(obligations.quiet_no_longer(today), today=today, now=now)
        planned = service.plan_day(today=today, now=now)
    else:
        planned = service.plan_urgent(today=today)
    db.session.commit()
    pipeline.write(today=today, now=now, send_after=office.next_opening(now, calendar))
    return pipeline.deliver(planned, until=lease.held)


def run_scheduler(app: Flask) -> None:
    """Tick until told to stop by SIGTERM or SIGINT."""
    lease = SchedulerLease(pipeline.owner(), ttl=app.config["SCHEDULER_LEASE"], now=clock.now)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: _stop(stop, _frame))
    scheduler = BackgroundScheduler(timezone=clock.CAMPUS)
    scheduler.add_job(
        _tick_safely, "interval", args=[app, lease], seconds=app.config["SCHEDULER_TICK"],
        next_run_time=clock.now() + timedelta(seconds=1), coalesce=True, max_instances=1,
        misfire_grace_time=None,
    )  # fmt: skip
    # A long tick must not lose the lease, so it is renewed apart from the work.
    scheduler.add_job(
        _renew, "interval", args=[app, lease], seconds=max(1, app.config["SCHEDULER_LEASE"] / 4),
        coalesce=True, max_instances=1,
    )  # fmt: skip
    scheduler.start()
    log.info("scheduler started")
    stop.wait()
    scheduler.shutdown(wait=True)
    with app.app_context():
        lease.release()
    log.info("scheduler stopped")


def _stop(stop: threading.Event, _frame: FrameType | None) -> None:
    stop.set()


def _renew(app: Flask, lease: SchedulerLease) -> None:
    with app.app_context():
        if lease.held():
            lease.acquire()


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
