"""What is on disk about letters under way: each claim before a byte leaves, each outcome after.

An outcome is committed together with the claim of the next letter. Should the database be locked,
full or restarting just then, the outcome is written again until the letter's lease ends: the mail
server's answer is not given up for a pause of the database.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from tracker.core.db import db
from tracker.outbox import instance, statements
from tracker.outbox.models import MOST_COPIES
from tracker.outbox.verdicts import Verdict

log = logging.getLogger(__name__)

#: How long a database may fail while no outcome is at stake, in seconds.
PATIENCE = 30
#: Nothing is put off for so long: not by a holiday, nor by a server.
_LONGEST_WAIT = timedelta(days=31)


@dataclass(slots=True)
class Counts:
    """What became of the letters of one run."""

    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    held: int = 0
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is known of a letter and not yet surely on disk; `until` is monotonic."""

    letter: Any
    verdict: Verdict
    ended_at: datetime
    until: float


class Ledger:
    """The letters of one sender, by a connection that is opened again when it breaks."""

    def __init__(self, *, now: Callable[[], datetime], owner: str, still_so: str = "TRUE") -> None:
        self.now, self.owner, self.still_so = now, owner, still_so
        self._began = now()
        self.counts = Counts()
        self.connection: sa.Connection
        self._unsettled: _Outcome | None = None
        self._claiming: int | None = None
        self._lease_ends = 0.0
        self._failing_since: float | None = None
        self._counted = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Hold a connection; what an earlier one left unsettled is settled first."""
        with db.engine.connect() as self.connection:
            if self._unsettled is not None:
                self._write(self._unsettled, again=True)
            if self._claiming is not None:
                self.execute(statements.UNCLAIM, id=self._claiming, owner=self.owner)
            self.commit()
            self._claiming = None
            yield

    def wait_for_database(self, error: sa.exc.DBAPIError) -> None:
        """Pause before the next attempt to reach the database; raise `error` when it is time."""
        if not _passes(error):
            raise error
        now = time.monotonic()
        self._failing_since = self._failing_since or now
        until = self._unsettled.until if self._unsettled else self._failing_since + PATIENCE
        if now >= until:
            if self._unsettled:
                log.error("letter %s: outcome lost: %s", self._unsettled.letter.id,
                          self._unsettled.verdict)  # fmt: skip
            raise error
        log.warning("the database does not answer, trying again: %s", error.orig)
        time.sleep(min(1.0, until - now))

    def execute(self, statement: sa.Executable, **values: Any) -> Any:
        """Execute in the open transaction."""
        return self.connection.execute(statement, values)

    def commit(self) -> None:
        """Bring everything on disk, the last outcome too."""
        self.connection.commit()
        settled, self._unsettled = self._unsettled, None
        if settled is not None and not settled.verdict.holds_queue:
            state = settled.verdict.state
            setattr(self.counts, state, getattr(self.counts, state) + 1)

    def sweep(self) -> None:
        """Free letters whose sender died, to be sent again after a while."""
        now, config = self.now(), current_app.config
        self.execute(
            statements.SWEEP, now=now, most_copies=MOST_COPIES,
            send_after=now + timedelta(seconds=config["MAIL_UNKNOWN_WAIT"]),
            longest=now + timedelta(seconds=config["MAIL_LEASE"] + 60),
        )  # fmt: skip
        self.execute(statements.HASTEN, now=now, horizon=now + _LONGEST_WAIT)
        self.commit()

    def due(self, batch: int) -> list[Any]:
        """Return the next letters that were due when this sender began, urgent and oldest first.

        What is put off meanwhile is another run's.
        """
        self.commit()
        now = min(self.now(), self._began)
        rows = self.execute(statements.DUE, now=now, batch=batch).all()
        self.connection.rollback()
        return list(rows)

    def claim(self, letter_id: int) -> Any:
        """Make a letter ours, on disk, and return it with its bytes.

        None if another was faster, or if what it says is no longer so.
        """
        now, lease = self.now(), current_app.config["MAIL_LEASE"]
        ends = time.monotonic() + lease
        letter = self.execute(
            statements.claim(self.still_so), id=letter_id, owner=self.owner, now=now,
            lease_until=now + timedelta(seconds=lease),
        ).first()  # fmt: skip
        if letter is None:
            return None
        epoch = None if self._counted else instance.count_run(self.connection)
        self._claiming = letter_id
        self.commit()
        self._claiming = None
        self._lease_ends, self._failing_since = ends, None
        if epoch is not None:
            instance.remember(epoch)
            self._counted = True
        return letter

    def mark(self, letter: Any, verdict: Verdict) -> None:
        """Record what became of a claimed letter; on disk with the next commit."""
        outcome = _Outcome(letter, verdict, self.now(), self._lease_ends)
        self._unsettled = outcome
        self._write(outcome, again=False)

    def supersede(self, letter_id: int) -> bool:
        """End a letter that says what is no longer so; False if it may be out already."""
        statement = statements.supersede(self.still_so)
        ended = self.execute(statement, id=letter_id, now=self.now())
        taken: bool = ended.rowcount == 1
        self.counts.superseded += taken
        return taken

    def postpone(self, verdict: Verdict) -> None:
        """Let all that is due wait as long as the letter that met a closed door."""
        assert verdict.wait is not None
        postponed = self.execute(
            statements.POSTPONE, send_after=self.now() + verdict.wait, now=self.now(),
            reply=verdict.reply[:500],
        )  # fmt: skip
        self.commit()
        self.counts.deferred += postponed.rowcount

    def count_held(self) -> None:
        """Count what waits while a hold stands."""
        self.counts.held = self.execute(statements.COUNT_WAITING).scalar_one()
        self.connection.rollback()

    def _write(self, outcome: _Outcome, *, again: bool) -> None:
        letter, verdict = outcome.letter, outcome.verdict
        known = {"id": letter.id, "attempts": letter.attempts, "state": verdict.state}
        if again and self.execute(statements.RECORDED, **known).first():
            return
        marked = self._mark(
            record=not verdict.holds_queue, owner=self.owner, reply=verdict.reply[:500],
            ended_at=outcome.ended_at, finished_at=_finished(outcome),
            send_after=outcome.ended_at + verdict.wait if verdict.wait is not None else None,
            uncounted=int(verdict.holds_queue), unknown=int(verdict.state == "unknown"), **known,
        )  # fmt: skip
        if not marked:
            log.warning("letter %s was taken from this sender meanwhile", letter.id)
            self._unsettled = None

    def _mark(self, *, record: bool, **values: Any) -> bool:
        """Mark a letter, on the record too; False if it was taken from this sender meanwhile."""
        if record and self.connection.dialect.name == "postgresql":
            return bool(self.execute(statements.MARK_AND_RECORD, **values).rowcount)
        marked = bool(self.execute(statements.MARK, **values).rowcount)
        if marked and record:
            self.execute(statements.RECORD, **values)
        return marked


def _finished(outcome: _Outcome) -> datetime | None:
    last_copy = outcome.letter.unknown_outcomes + 1 >= MOST_COPIES
    final = outcome.verdict.state in {"accepted", "refused"}
    return outcome.ended_at if final or (outcome.verdict.state == "unknown" and last_copy) else None


def _passes(error: sa.exc.DBAPIError) -> bool:
    """Tell whether the database may answer again by itself: locked, full, away or starting."""
    return error.connection_invalidated or isinstance(
        error, sa.exc.OperationalError | sa.exc.InterfaceError
    )
