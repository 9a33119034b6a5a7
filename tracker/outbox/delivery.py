"""Deliver what is due: claim, commit, send, mark, commit.

The claim is on disk before a byte leaves, and counts the attempt; the mark is fenced by owner and
attempt. Whatever breaks in between leaves a claimed letter whose lease runs out; it is then
"unknown" and sent again, the same bytes under the same Message-ID, three copies at the most.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from tracker.core.db import db
from tracker.outbox import holds, smtp, statements, verdicts
from tracker.outbox.ledger import Counts, Ledger
from tracker.outbox.verdicts import Verdict

BATCH = 200
#: How often a run looks whether somebody stopped delivery, in seconds.
LOOK = 1.0


@dataclass(frozen=True, slots=True)
class Recheck:
    """Asks, in the statement that claims a letter, whether what it says is still so.

    `still_so` is a condition in SQL on a row of `letter`; `give_back` is given the id of a letter
    that was put aside because it was not.
    """

    still_so: str
    give_back: Callable[[sa.Connection, int], object]


NO_RECHECK = Recheck("TRUE", lambda _connection, _id: None)


@dataclass(slots=True)
class _Run:
    ledger: Ledger
    recheck: Recheck
    until: Callable[[], bool]
    #: A server that refused us is asked again: the first letters decide.
    asking: bool = False
    looked_at: float = 0.0
    verdict: Verdict | None = None


def deliver(
    *, now: Callable[[], datetime], owner: str, recheck: Recheck = NO_RECHECK,
    until: Callable[[], bool] = lambda: True,
) -> Counts:  # fmt: skip
    """Hand every letter that is due to the mail server; stop when `until` says so.

    A letter's outcome is committed together with the claim of the next one: one durable commit a
    letter, and still none leaves before its claim is on disk. A database that is away for a while
    is waited for.
    """
    db.session.rollback()
    ledger = Ledger(now=now, owner=owner, still_so=recheck.still_so)
    run = _Run(ledger, recheck, until)
    while True:
        try:
            with run.ledger.opened():
                _deliver(run)
        except sa.exc.DBAPIError as error:
            run.ledger.wait_for_database(error)
        else:
            return run.ledger.counts


def _deliver(run: _Run) -> None:
    run.verdict = None
    run.ledger.sweep()
    standing = _standing(run)
    run.asking = bool(standing)
    if all(_may_ask(hold, run.ledger.now()) for hold in standing):
        _send_all(run)
    if _standing(run):
        run.ledger.count_held()


def _send_all(run: _Run) -> None:
    with smtp.connection() as link:
        for letter in _claims(run):
            run.verdict = _attempt(link, letter, run)
            run.ledger.mark(letter, run.verdict)
            if run.asking and run.verdict.state == "accepted":
                _commit_hold(run, lambda: holds.release_server(now=run.ledger.now()))
                run.asking = False
            if run.verdict.stops_run:
                break
        run.ledger.commit()
    if run.verdict is not None and run.verdict.stops_run:
        _stop(run.verdict, run)


def _claims(run: _Run) -> Iterator[Any]:
    """Yield letters that are ours now, on disk, with their bytes."""
    run.looked_at = time.monotonic()
    for row in _due(run):
        if not run.until() or _stopped_meanwhile(run):
            return
        letter = run.ledger.claim(row.id)
        if letter is not None:
            yield letter
        elif run.ledger.supersede(row.id):
            run.recheck.give_back(run.ledger.connection, row.id)


def _due(run: _Run) -> Iterator[Any]:
    while batch := run.ledger.due(BATCH):
        yield from batch


def _standing(run: _Run) -> list[Any]:
    """Return the holds that stand."""
    return list(run.ledger.execute(statements.HOLDS).all())


def _may_ask(hold: Any, now: datetime) -> bool:
    return hold.cause == "server" and hold.retry_at is not None and hold.retry_at <= now


def _stopped_meanwhile(run: _Run) -> bool:
    """Tell, about once a second, whether somebody stopped delivery since we began."""
    now = time.monotonic()
    if now - run.looked_at < LOOK:
        return False
    run.looked_at = now
    return any(not (run.asking and hold.cause == "server") for hold in _standing(run))


def _attempt(link: smtp.Connection, letter: Any, run: _Run) -> Verdict:
    config = current_app.config
    try:
        reply = link.send_bytes(config["MAIL_DEFAULT_SENDER"], letter.address, letter.content)
    except smtp.SmtpFault as fault:
        return verdicts.of(
            fault, attempts=letter.attempts, queued_at=letter.queued_at, now=run.ledger.now(),
            waits=config["MAIL_RETRY"], give_up_after=config["MAIL_GIVE_UP_AFTER"],
            patience=config["MAIL_UNKNOWN_WAIT"], ask_again=config["MAIL_ASK_AGAIN"],
            server_is_well=run.ledger.counts.accepted > 0,
        )  # fmt: skip
    return Verdict("accepted", reply)


def _stop(verdict: Verdict, run: _Run) -> None:
    """Let all that is due wait: do not knock at a closed door a thousand times."""
    if verdict.holds_queue:
        _commit_hold(run, lambda: holds.hold("server", verdict.reply, now=run.ledger.now()))
    elif verdict.wait is not None:
        run.ledger.postpone(verdict)


def _commit_hold(run: _Run, change: Callable[[], object]) -> None:
    """Change a hold by the session; our own transaction ends first, for SQLite has one writer."""
    run.ledger.commit()
    change()
    db.session.commit()
