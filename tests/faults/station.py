"""An office whose commands are real processes: started, killed, stopped and started again."""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.architecture.tree import ROOT
from tests.factories import make_person, make_residence_permit, record
from tests.smtp_sink import Sink
from tracker import pipeline
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.outbox import holds

#: Thursday; the permits of the factories must be filed by Wednesday 30 September.
DAY = date(2026, 9, 10)
OPEN = datetime(2026, 9, 10, 10, tzinfo=CAMPUS)
#: Longer than a busy machine needs, shorter than a test may take.
PATIENCE = 180.0
#: Waits in seconds, where an office has minutes and hours.
SHORT = {
    "MAIL_RETRY": "[0.5]", "MAIL_UNKNOWN_WAIT": "0.5", "MAIL_LEASE": "120", "MAIL_TIMEOUT": "20",
    "MAIL_ASK_AGAIN": "1", "SCHEDULER_TICK": "1", "SCHEDULER_LEASE": "4",
}  # fmt: skip
#: Of senders that are killed, so that nobody waits long for what they held. Who holds a letter
#: longer has it sent by another too, and a busy machine is slow: only tests of that take it.
SHORT_LEASE = {"MAIL_LEASE": "2"}


class Station:
    """Starts commands on one database and mail server; `app` is the same database in-process."""

    def __init__(self, app: Flask, sink: Sink, folder: Path) -> None:
        self.app, self.sink, self.folder = app, sink, folder
        self.settings = SHORT | {
            "HOME": app.config["HOME"], "SECRET_KEY": app.config["SECRET_KEY"],
            "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"],
            "MAIL_PORT": str(sink.port),
        }  # fmt: skip
        #: What runs, each with the file it writes its words to.
        self.running: dict[subprocess.Popen[str], Path] = {}
        self._numbers = itertools.count()
        self.clock = folder / "ahead"
        self.set_clock(OPEN)

    def set_clock(self, to: datetime) -> None:
        """Set the clock of processes started `under_another_clock`, those that run too."""
        arriving = self.clock.with_suffix(".arriving")
        arriving.write_text(str((to - datetime.now(UTC)).total_seconds()))
        arriving.replace(self.clock)

    def start(
        self, *command: str, shifted: bool = True, by: Sequence[str] = ()
    ) -> subprocess.Popen[str]:
        """Start a command, by the station's clock if `shifted`; `by`: what runs it, like strace."""
        module = ["tests.faults.under_another_clock", str(self.clock)] if shifted else ["tracker"]
        inherited = {name: v for name, v in os.environ.items() if not name.startswith("TRACKER_")}
        given = {f"TRACKER_{name}": value for name, value in self.settings.items()}
        # Into files: a pipe that nobody empties would stop who has much to say.
        words = self.folder / f"words{next(self._numbers)}"
        with words.open("w") as said:
            process = subprocess.Popen(
                [*by, sys.executable, "-m", *module, *command], cwd=ROOT, env=inherited | given,
                stdout=subprocess.PIPE, stderr=said, text=True, start_new_session=True,
            )  # fmt: skip
        self.running[process] = words
        return process

    def scheduler(self) -> subprocess.Popen[str]:
        return self.start("scheduler")

    def remind(self, day: date = DAY, **how: Any) -> dict[str, int]:
        """Run `tracker remind` to its end and return what it printed."""
        return self.printed(self.start("remind", "--today", str(day), "--json", **how))

    def printed(self, process: subprocess.Popen[str]) -> dict[str, int]:
        """Wait for a command with --json and return the one object it printed."""
        found: dict[str, int] = json.loads(self.ended_well(process))
        return found

    def ended_well(self, process: subprocess.Popen[str]) -> str:
        """Wait for a command that must succeed; return what it printed."""
        printed, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, self.said(process)
        return printed

    def said(self, process: subprocess.Popen[str]) -> str:
        """Return the words of a process beside what it printed."""
        return self.running[process].read_text()

    def until(self, reached: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so; the processes' words if it does not come."""
        end = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > end:
                said = "\n".join(map(self.said, self.running))
                raise AssertionError(
                    f"waited {seconds} s in vain, letters {self.letters()}\n{said}"
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """End every process that was started here."""
        for process in self.running:
            process.kill()
        for process in self.running:
            process.communicate(timeout=PATIENCE)
        self.running.clear()

    def people(self, count: int, **profile: Any) -> list[int]:
        """Record people whose residence permit must be filed by 30 September."""
        ids = []
        for number in range(count):
            name = f"p{number}"
            person = make_person(
                **({"name_en": f"PERSON {number}", "email": f"{name}@example.org"} | profile)
            )
            moved_in_at = datetime(2025, 11, 1, 12, tzinfo=UTC)
            record(person, "accommodation", moved_in_at=moved_in_at,
                   registered_on=date(2025, 11, 2))  # fmt: skip
            make_residence_permit(person)
            ids.append(person.id)
        self.refresh(*ids)
        return ids

    def refresh(self, *ids: int, day: date = DAY) -> None:
        """Bring what is derived in step, as a page or an import does; commits."""
        pipeline.refresh(ids, today=day, now=datetime.combine(day, datetime.min.time(), UTC))
        db.session.commit()

    def letters(self) -> Counter[str]:
        """Return how many letters are in each state."""
        return Counter(self.ask("SELECT state FROM letter"))

    def hold(self) -> tuple[str, str] | None:
        """Return cause and detail of the hold that stands."""
        standing = holds.current()
        found = (standing.cause, standing.detail) if standing else None
        db.session.commit()
        return found

    def release(self, **how: Any) -> None:
        """Release the hold that stands, as an officer does on the Delivery page."""
        standing = holds.current()
        assert standing is not None
        pipeline.release(standing.id, by="officer", now=OPEN, **how)

    def ask(self, statement: str) -> list[Any]:
        """Return the first column of a query, in a transaction that ends at once."""
        found = list(db.session.scalars(sa.text(statement)))
        db.session.commit()
        return found

    def copies(self) -> Counter[str]:
        """Return how often each Message-ID arrived; copies must be the same to the last byte."""
        received = self.sink.received
        assert len({each.message_id for each in received}) == len(
            {each.content for each in received}
        ), "two different letters under one Message-ID, or one letter under two"
        return Counter(each.message_id for each in received)


def extra(copies: Counter[str]) -> int:
    """Return how many more messages arrived than there were letters."""
    return sum(copies.values()) - len(copies)


@contextlib.contextmanager
def opened(app: Flask, sink: Sink, folder: Path) -> Iterator[Station]:
    """Open a station for a while; every process it started ends with it."""
    station = Station(app, sink, folder)
    try:
        yield station
    finally:
        station.stop()


def later(days: int) -> datetime:
    """Return the office's morning so many days after DAY."""
    return OPEN + timedelta(days=days)
