"""Deliver what is due: claim, commit, send, mark, commit.

The claim is on disk before a byte leaves, and counts the attempt; the mark is fenced by owner and
attempt. Whatever breaks in between leaves a claimed letter whose lease runs out; it is then
"unknown" and sent again, the same bytes under the same Message-ID, three copies at the most.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from tracker.core.db import db
from tracker.outbox import holds, smtp, statements, verdicts
from tracker.outbox.verdicts import Verdict

#: Copies that may have left, at the most; after that a person decides.
MOST_COPIES = 3
BATCH = 200


@dataclass(slots=True)
class Counts:
    """What became of the letters of one run."""

    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    held: int = 0
    superseded: int = 0


#: Tells, inside the transaction of the claim, whether what a letter says is still so.
Recheck = Callable[[sa.Connection, int], bool]


@dataclass(slots=True)
class _Run:
    connection: sa.Connection
    now: Callable[[], datetime]
    owner: str
    recheck: Recheck
    until: Callable[[], bool]
    counts: Counts = field(default_factory=Counts)
    verdict: Verdict | None = None

    def execute(self, statement: sa.Executable, **values: Any) -> Any:
        return self.connection.execute(statement, values)


def deliver(
    *, now: Callable[[], datetime], owner: str, recheck: Recheck = lambda _connection, _id: True,
    until: Callable[[], bool] = lambda: True,
) -> Counts:  # fmt: skip
    """Hand every letter that is due to the mail server; stop when `until` says so.

    A letter's outcome is committed together with the claim of the next one: one durable commit a
    letter, and still none leaves before its claim is on disk.
    """
    db.session.rollback()
    with db.engine.connect() as connection:
        run = _Run(connection, now, owner, recheck, until)
        _sweep(run)
        held, may_ask = _holding(now())
        if may_ask:
            _send_all(run, asking=held)
        if held or (run.verdict and run.verdict.holds_queue):
            run.counts.held = run.execute(statements.COUNT_WAITING).scalar_one()
    return run.counts


def _send_all(run: _Run, *, asking: bool) -> None:
    with smtp.connection() as link:
        for letter, content in _claims(run):
            run.verdict = _attempt(link, letter, content, run)
            _mark(letter, run.verdict, run)
            if asking and run.verdict.state == "accepted":
                _commit_hold(run, lambda: holds.release_server(now=run.now()))
                asking = False
            if run.verdict.stops_run or not run.until():
                break
        run.connection.commit()
    if run.verdict is not None and run.verdict.stops_run:
        _stop(run.verdict, run)


def _sweep(run: _Run) -> None:
    """Free letters whose sender died, to be sent again after a while."""
    wait = timedelta(seconds=current_app.config["MAIL_UNKNOWN_WAIT"])
    run.execute(statements.SWEEP, now=run.now(), send_after=run.now() + wait)
    run.connection.commit()


def _holding(now: datetime) -> tuple[bool, bool]:
    """Tell whether a hold stands, and whether a letter may be sent (to ask a server again)."""
    hold = holds.current()
    may_ask = hold is None or (
        hold.cause == "server" and hold.retry_at is not None and hold.retry_at <= now
    )
    # The session's transaction must end: SQLite lets one connection write at a time.
    db.session.rollback()
    return hold is not None, may_ask


def _claims(run: _Run) -> Iterator[tuple[Any, bytes]]:
    """Yield letters that are ours now, on disk, with their bytes."""
    for row in _due(run):
        if row.unknown_outcomes == 0 and not run.recheck(run.connection, row.id):
            run.execute(statements.SUPERSEDE, id=row.id, now=run.now())
            run.counts.superseded += 1
            continue
        now = run.now()
        lease_until = now + timedelta(seconds=current_app.config["MAIL_LEASE"])
        letter = run.execute(
            statements.CLAIM, id=row.id, owner=run.owner, now=now, lease_until=lease_until
        ).first()
        if letter is not None:
            content = bytes(run.execute(statements.CONTENT, id=row.id).scalar_one())
            run.connection.commit()
            yield letter, content


def _due(run: _Run) -> Iterator[Any]:
    """Yield the letters that are due, urgent and oldest first, never one twice."""
    seen: set[int] = set()
    while True:
        run.connection.commit()
        due = run.execute(statements.DUE, now=run.now(), most_copies=MOST_COPIES, batch=BATCH)
        batch = [row for row in due if row.id not in seen]
        run.connection.rollback()
        if not batch:
            return
        seen.update(row.id for row in batch)
        yield from batch


def _attempt(link: smtp.Connection, letter: Any, content: bytes, run: _Run) -> Verdict:
    config = current_app.config
    try:
        reply = link.send_bytes(config["MAIL_DEFAULT_SENDER"], letter.address, content)
    except smtp.SmtpFault as fault:
        return verdicts.of(
            fault, attempts=letter.attempts, queued_at=letter.queued_at, now=run.now(),
            waits=config["MAIL_RETRY"], give_up_after=config["MAIL_GIVE_UP_AFTER"],
            patience=config["MAIL_UNKNOWN_WAIT"],
        )  # fmt: skip
    return Verdict("accepted", reply)


def _mark(letter: Any, verdict: Verdict, run: _Run) -> None:
    """Record what became of an attempt, unless the letter was taken from us meanwhile."""
    now = run.now()
    marked = run.execute(
        statements.MARK, id=letter.id, owner=run.owner, attempts=letter.attempts,
        state=verdict.state, reply=verdict.reply[:500],
        finished_at=now if verdict.state in {"accepted", "refused"} else None,
        send_after=now + verdict.wait if verdict.wait is not None else None,
        uncounted=int(verdict.holds_queue), unknown=int(verdict.state == "unknown"),
    )  # fmt: skip
    if marked.rowcount == 1 and not verdict.holds_queue:
        run.execute(
            statements.RECORD, letter_id=letter.id, attempt=letter.attempts, ended_at=now,
            outcome=verdict.state, reply=verdict.reply[:500],
        )  # fmt: skip
        setattr(run.counts, verdict.state, getattr(run.counts, verdict.state) + 1)


def _stop(verdict: Verdict, run: _Run) -> None:
    """Let all that is due wait: do not knock at a closed door a thousand times."""
    if verdict.holds_queue:
        _commit_hold(run, lambda: holds.hold("server", verdict.reply, now=run.now()))
    elif verdict.wait is not None:
        postponed = run.execute(
            statements.POSTPONE, now=run.now(), send_after=run.now() + verdict.wait,
            reply=verdict.reply, most_copies=MOST_COPIES,
        )  # fmt: skip
        run.counts.deferred += postponed.rowcount
        run.connection.commit()


def _commit_hold(run: _Run, change: Callable[[], object]) -> None:
    """Change a hold by the session; our own transaction ends first, for SQLite has one writer."""
    run.connection.commit()
    change()
    db.session.commit()
