"""Look the installation over: what would keep reminders from leaving, and what is wrong already."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import Config

from tracker.accounts.models import Account
from tracker.core import clock
from tracker.core.db import SAFE_SQLITE, db, sqlite_module
from tracker.core.errors import TrackerError
from tracker.obligations import book
from tracker.outbox import holds, smtp, status
from tracker.outbox.models import Lease
from tracker.reminders import plan, texts

#: A scheduler that has not shown itself for so many leases is taken for dead.
MISSED_LEASES = 3
LEAST_FREE = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


def examine(*, now: datetime) -> list[Finding]:
    """Look at everything, the mail server by a real round trip."""
    findings = [*_foundation()]
    if all(finding.ok for finding in findings):
        findings = [_durable(), *findings[1:], _clock(now), *_calendars(now), _accounts(),
                    _scheduler(now), _last_run(now), _texts(), *_queue(now)]  # fmt: skip
    return [*findings, _mail(), _disk()]


def ready(*, now: datetime) -> list[Finding]:
    """Look at what must hold for the service to do its work; quick, without the mail server."""
    findings = [*_foundation()]
    if all(finding.ok for finding in findings):
        findings += [_scheduler(now), *_queue(now)]
    return findings


def _foundation() -> Iterator[Finding]:
    """Look at the database and, where it can be reached, at its tables."""
    try:
        db.session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError as error:
        db.session.rollback()
        yield Finding("database", False, f"cannot be reached: {type(error).__name__}")
        return
    yield Finding("database", True, db.engine.dialect.name)
    yield _migrations()


def _durable() -> Finding:
    """Tell whether the database keeps what it said it has."""
    return _postgres() if db.engine.dialect.name == "postgresql" else _sqlite()


def _sqlite() -> Finding:
    version = sqlite_module().sqlite_version
    safe = sqlite_module().sqlite_version_info >= SAFE_SQLITE
    remedy = "" if safe else "; below 3.51.3 WAL mode may corrupt it: pip install pysqlite3"
    return Finding("database", safe, f"SQLite {version}{remedy}")


def _postgres() -> Finding:
    version = db.session.scalar(sa.text("SHOW server_version"))
    settings = {name: db.session.scalar(sa.text(f"SHOW {name}")) for name in
                ("fsync", "synchronous_commit")}  # fmt: skip
    off = [name for name, value in settings.items() if value == "off"]
    remedy = f"; turn on {', '.join(off)}, or a crash forgets what was sent" if off else ""
    return Finding("database", not off, f"PostgreSQL {version}{remedy}")


def _migrations() -> Finding:
    folder = current_app.extensions["migrate"].directory
    config = Config(Path(folder) / "alembic.ini")
    config.set_main_option("script_location", str(folder))
    head = ScriptDirectory.from_config(config).get_current_head()
    try:
        current = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        current = None
    remedy = "" if current == head else ": run tracker db upgrade"
    return Finding("migrations", current == head, f"{current or 'none'} of {head}{remedy}")


def _clock(now: datetime) -> Finding:
    """Compare the clock with the last run on record; a clock set back is found by it."""
    run = plan.last_run()
    newest = run.ran_at if run else now
    behind = newest > now + timedelta(minutes=5)
    local = now.astimezone(clock.CAMPUS)
    detail = f"{local:%Y-%m-%d %H:%M} on campus"
    if behind:
        detail += f"; but the last run was at {newest:%Y-%m-%d %H:%M} UTC: was it set back?"
    return Finding("clock", not behind, detail)


def _calendars(now: datetime) -> Iterator[Finding]:
    """This year's calendar must be official; next year's is wanted from December on."""
    calendar = book.current().calendar
    today = clock.campus_day(now)
    for year in (today.year, today.year + 1):
        official = not calendar.is_provisional(today.replace(year=year, month=6, day=1))
        needed = year == today.year or today.month == 12
        detail = f"{year} official" if official else f"{year} provisional: tracker calendar add"
        yield Finding("calendar", official or not needed, detail)


def _accounts() -> Finding:
    officers = db.session.scalar(
        sa.select(sa.func.count()).where(Account.role == "officer", Account.active)
    )
    remedy = "" if officers else ": nobody gets the office's letters: tracker account add"
    return Finding("officers", bool(officers), f"{officers} active{remedy}")


def _scheduler(now: datetime) -> Finding:
    lease = db.session.get(Lease, "scheduler")
    if lease is None:
        return Finding("scheduler", False, "never ran: start tracker scheduler")
    age = int((now - lease.renewed_at).total_seconds())
    patience = MISSED_LEASES * current_app.config["SCHEDULER_LEASE"]
    alive = -patience <= age <= patience
    remedy = "" if alive else ": start tracker scheduler"
    if age < -patience:
        return Finding("scheduler", False, f"last seen {-age} seconds ahead: was the clock set?")
    return Finding("scheduler", alive, f"last seen {max(age, 0)} seconds ago{remedy}")


def _last_run(now: datetime) -> Finding:
    """The last planning must not be older than the last working day before today."""
    run = plan.last_run()
    if run is None:
        return Finding("last run", False, "reminders were never planned: tracker remind")
    yesterday = clock.campus_day(now) - timedelta(days=1)
    wanted = book.current().calendar.previous_workday(yesterday)
    late = run.ran_for < wanted
    detail = f"planned for {run.ran_for}: {run.planned} reminders"
    return Finding("last run", not late, detail + ("; a working day was missed" if late else ""))


def _queue(now: datetime) -> Iterator[Finding]:
    count, oldest = status.waiting()
    age = int((now - oldest).total_seconds() // 60) if oldest else 0
    detail = f"{count} waiting" + (f", the oldest for {age} minutes" if count else "")
    yield Finding("queue", age < 24 * 60, detail)
    hold = holds.current()
    yield Finding("hold", hold is None, f"{hold.cause}: {hold.detail}" if hold else "none")


def _texts() -> Finding:
    """The office's own letter texts must have been usable whenever a letter was written."""
    failed = texts.faults()
    named = "; ".join(f"{each.name}: {each.fault}" for each in failed)
    remedy = ", the program's was used: mend it under Reminders, Letters' texts"
    return Finding("letter texts", not failed, named + remedy if failed else "all usable")


def _mail() -> Finding:
    where = f"{current_app.config['MAIL_SERVER']}:{current_app.config['MAIL_PORT']}"
    try:
        said = smtp.probe()
    except (smtp.SmtpFault, TrackerError, OSError) as error:
        return Finding("mail server", False, f"{where}: {error}")
    return Finding("mail server", True, f"{where}: {said}")


def _disk() -> Finding:
    home = Path(current_app.config["HOME"])
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    return Finding("disk", free >= LEAST_FREE, f"{free // 2**20} MB free in {home}")
