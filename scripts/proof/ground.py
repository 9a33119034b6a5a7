"""An office ready to write to its people, a mail server beside it, and children that do it.

Children are forked, not started: a sweep needs hundreds of runs, and starting Python is a second.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from tests import databases, postgres
from tests.factories import make_person, make_residence_permit, record
from tests.smtp_sink import Received, Sink
from tracker import pipeline
from tracker.app import create_app
from tracker.core import clock
from tracker.core.db import db, engine_options

#: A child that works for longer, in seconds, hangs: it is ended, and shows as a loss.
LONGEST = 900
#: Thursday; the permits of the factories are to be filed 20 days later.
DAY = date(2026, 9, 10)
SETTINGS: dict[str, Any] = {
    "SECRET_KEY": "p" * 32, "MAIL_RETRY": [0.1], "MAIL_UNKNOWN_WAIT": 0.1, "MAIL_LEASE": 1200,
    "MAIL_TIMEOUT": 5, "MAIL_ASK_AGAIN": 0.1, "SCHEDULER_TICK": 1, "SCHEDULER_LEASE": 4,
}  # fmt: skip


@dataclass
class Office:
    """One database with people to be written to, and the mail server they are written through."""

    uri: str
    home: Path
    mailbox: "Mailbox"
    addresses: frozenset[str]

    @property
    def settings(self) -> dict[str, Any]:
        """Return what an application or a command on this office is given."""
        place = {"SQLALCHEMY_DATABASE_URI": self.uri, "HOME": str(self.home)}
        return SETTINGS | place | {"MAIL_PORT": self.mailbox.port}

    def remind(self, *, hours: int = 0) -> None:
        """Plan, write and deliver in this process, by a clock that is ahead."""
        clock.now = lambda: datetime.now(UTC) + timedelta(hours=hours)
        app = create_app(self.settings)
        with app.app_context():
            pipeline.remind(today=DAY, now=clock.now())

    def ask(self, statement: str) -> list[Any]:
        """Return the first column of a query, by a connection of its own."""
        engine = sa.create_engine(
            self.uri, poolclass=sa.pool.NullPool,
            **{name: it for name, it in engine_options(self.uri).items() if name == "module"},
        )  # fmt: skip
        with engine.connect() as connection:
            return list(connection.execute(sa.text(statement)).scalars())

    def sound(self) -> bool:
        """Tell whether the database finds itself in order."""
        if not self.uri.startswith("sqlite"):
            return True
        return self.ask("PRAGMA integrity_check") == ["ok"]


class Mailbox:
    """A mail server in a process of its own; `new()` is what came since it was asked last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._seen = 0
        self.process: subprocess.Popen[bytes] | None = None

    @contextlib.contextmanager
    def open(self, *script: str) -> Iterator["Mailbox"]:
        """Receive for a while."""
        command = [sys.executable, "-m", "tests.smtp_sink", str(self.folder), str(self.port)]
        self.process = subprocess.Popen([*command, *script])
        try:
            self._wait()
            yield self
        finally:
            self.process.terminate()
            self.process.wait(LONGEST)

    def new(self) -> list[Received]:
        """Return what was stored since the last call."""
        found = Sink(self.folder).received[self._seen :]
        self._seen += len(found)
        return found

    @property
    def count(self) -> int:
        """Return how many were stored in all."""
        return sum(path.suffix == ".eml" for path in self.folder.iterdir())

    def _wait(self) -> None:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        raise RuntimeError("the mail server did not start")


class Ground:
    """Makes offices that are alike, each on a fresh copy of one database."""

    def __init__(self, folder: Path, mailbox: Mailbox, *, address: str | None = None) -> None:
        self.folder, self.mailbox, self.address = folder, mailbox, address
        self._count = 0
        self._templates: dict[int, str] = {}

    def office(self, people: int) -> Office:
        """Return an office with so many people to be written to today."""
        if people not in self._templates:
            self._templates[people] = self._template(people)
        self._count += 1
        home = self.folder / f"home{self._count}"
        home.mkdir()
        uri = self._copy(self._templates[people], home)
        addresses = frozenset(f"p{number}@example.org" for number in range(people))
        return Office(uri, home, self.mailbox, addresses)

    def _template(self, people: int) -> str:
        name = f"template{people}"
        home = self.folder / name
        home.mkdir()
        uri = f"sqlite:///{home / 'tracker.db'}"
        if self.address:
            self._administer(f"CREATE DATABASE {name}")
            uri = self.address.format(name=name)
        databases.migrate(uri, home)
        if run_in_child(lambda: fill(uri, home, people)):
            raise RuntimeError("the office could not be made")
        return name if self.address else str(home / "tracker.db")

    def _copy(self, template: str, home: Path) -> str:
        if not self.address:
            shutil.copy(template, home / "tracker.db")
            return f"sqlite:///{home / 'tracker.db'}"
        name = f"office{self._count}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address.format(name=name)

    def _administer(self, statement: str) -> None:
        assert self.address is not None
        host = self.address.partition("host=")[2]
        with psycopg.connect(f"host={host} user=postgres dbname=postgres", autocommit=True) as it:
            it.execute(statement)


@contextlib.contextmanager
def opened(database: str) -> Iterator[Ground]:
    """Open a ground on SQLite or on a PostgreSQL of its own, with a mail server."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-proof-")))
        mailbox = stack.enter_context(Mailbox(folder / "received").open())
        address = None
        if database == "postgres":
            address = stack.enter_context(postgres.server(fsync="on"))
        yield Ground(folder, mailbox, address=address)


def fill(uri: str, home: Path, people: int) -> None:
    """Record people whose residence permit is to be filed 20 days after DAY."""
    at = datetime.combine(DAY, datetime.min.time(), UTC)
    app = create_app(SETTINGS | {"SQLALCHEMY_DATABASE_URI": uri, "HOME": str(home)})
    with app.app_context():
        ids = []
        for number in range(people):
            person = make_person(name_en=f"PERSON {number}", email=f"p{number}@example.org")
            record(person, "accommodation", moved_in_at=datetime(2025, 11, 1, 12, tzinfo=UTC),
                   registered_on=date(2025, 11, 2))  # fmt: skip
            make_residence_permit(person)
            ids.append(person.id)
        pipeline.refresh(ids, today=DAY, now=at)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def fork(work: Callable[[], None], *, stopped: bool = False) -> int:
    """Do `work` in a child, that waits to be continued if `stopped`; return its number."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    signal.alarm(LONGEST)
    try:
        with Path(os.devnull).open("w") as silence:
            os.dup2(silence.fileno(), 2)
        if stopped:
            os.kill(os.getpid(), signal.SIGSTOP)
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def run_in_child(work: Callable[[], None]) -> int:
    """Do `work` in a child and return how it ended: 0 well, below 0 killed."""
    return os.waitstatus_to_exitcode(os.waitpid(fork(work), 0)[1])
