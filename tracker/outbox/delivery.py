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
from tracker.outbox import holds, smtp, verdicts
from tracker.outbox.models import Hold, Letter
from tracker.outbox.verdicts import Verdict

_LETTER: Any = Letter.__table__
_ATTEMPT: Any = db.metadata.tables["delivery_attempt"]
_WAITING = sa.text("letter.state IN ('queued', 'deferred', 'unknown')")
_QUIET = {"synchronize_session": False}
#: Copies that may have left, at the most; after that a person decides.
MOST_COPIES = 3
BATCH = 50


@dataclass(slots=True)
class Counts:
    """What became of the letters of one run."""

    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    held: int = 0
    superseded: int = 0


@dataclass(slots=True)
class _Run:
    now: Callable[[], datetime]
    owner: str
    recheck: Callable[[int], bool]
    until: Callable[[], bool]
    counts: Counts = field(default_factory=Counts)
    stopped: bool = False


def deliver(
    *, now: Callable[[], datetime], owner: str,
    recheck: Callable[[int], bool] = lambda _letter_id: True,
    until: Callable[[], bool] = lambda: True,
) -> Counts:  # fmt: skip
    """Hand every letter that is due to the mail server; commits after each step.

    `recheck` tells at the last moment whether a letter may leave. `until`: stop when it is False.
    """
    run = _Run(now, owner, recheck, until)
    sweep(now=now())
    hold = holds.current()
    if hold is not None and not _may_ask(hold, now()):
        run.counts.held = _waiting()
        db.session.rollback()
        return run.counts
    with smtp.connection() as link:
        for letter_id, maybe_out in _due(run):
            asking = hold is not None and not run.counts.accepted
            _one(link, letter_id, run, maybe_out=maybe_out, asking=asking)
            if run.stopped or not run.until():
                break
    run.counts.held = _waiting() if holds.current() else 0
    db.session.rollback()
    return run.counts


def sweep(*, now: datetime) -> None:
    """Free letters whose sender died: whether a copy left, nobody can know."""
    pause = timedelta(seconds=current_app.config["MAIL_UNKNOWN_WAIT"])
    db.session.execute(
        sa.update(_LETTER)
        .where(sa.text("letter.state = 'claimed'"), _LETTER.c.lease_until < now)
        .values(
            state="unknown", owner=None, unknown_outcomes=_LETTER.c.unknown_outcomes + 1,
            send_after=now + pause, reply="the sender stopped before the server's answer",
        ),
        execution_options=_QUIET,
    )  # fmt: skip
    db.session.commit()


def _may_ask(hold: Hold, now: datetime) -> bool:
    return hold.cause == "server" and hold.retry_at is not None and hold.retry_at <= now


def _waiting() -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).where(_WAITING)) or 0)


def _due(run: _Run) -> Iterator[tuple[int, bool]]:
    """Yield letters that are due and whether a copy may be out; urgent and oldest first."""
    seen: set[int] = set()
    while True:
        batch = db.session.execute(
            sa.select(_LETTER.c.id, _LETTER.c.unknown_outcomes)
            .where(
                _WAITING, _LETTER.c.send_after <= run.now(),
                _LETTER.c.unknown_outcomes < MOST_COPIES,
            )
            .order_by(_LETTER.c.urgent.desc(), _LETTER.c.send_after, _LETTER.c.id)
            .limit(BATCH)
        ).all()  # fmt: skip
        db.session.rollback()
        new = [row for row in batch if row.id not in seen]
        if not new:
            return
        for row in new:
            seen.add(row.id)
            yield row.id, row.unknown_outcomes > 0


def _one(
    link: smtp.Connection, letter_id: int, run: _Run, *, maybe_out: bool, asking: bool
) -> None:
    if not maybe_out and not run.recheck(letter_id):
        _supersede(letter_id, run)
        return
    letter = _claim(letter_id, run)
    if letter is None:
        return
    try:
        reply = link.send_bytes(
            current_app.config["MAIL_DEFAULT_SENDER"], letter.address, bytes(letter.content)
        )
    except smtp.SmtpFault as fault:
        _settle_fault(letter, fault, run)
        return
    if asking:
        holds.release_server(now=run.now())
    _mark(letter, Verdict("accepted", reply), run)


def _claim(letter_id: int, run: _Run) -> Any:
    """Own the letter, or return None: of several senders only one finds it still waiting."""
    now = run.now()
    claimed = db.session.execute(
        sa.update(_LETTER)
        .where(_LETTER.c.id == letter_id, _WAITING, _LETTER.c.send_after <= now)
        .values(
            state="claimed", owner=run.owner, attempts=_LETTER.c.attempts + 1,
            lease_until=now + timedelta(seconds=current_app.config["MAIL_LEASE"]),
        )
        .returning(
            _LETTER.c.id, _LETTER.c.address, _LETTER.c.content, _LETTER.c.attempts,
            _LETTER.c.queued_at, _LETTER.c.unknown_outcomes,
        ),
        execution_options=_QUIET,
    ).first()  # fmt: skip
    db.session.commit()
    return claimed


def _settle_fault(letter: Any, fault: smtp.SmtpFault, run: _Run) -> None:
    config = current_app.config
    verdict = verdicts.of(
        fault, attempts=letter.attempts, queued_at=letter.queued_at, now=run.now(),
        waits=config["MAIL_RETRY"], give_up_after=config["MAIL_GIVE_UP_AFTER"],
        patience=config["MAIL_UNKNOWN_WAIT"],
    )  # fmt: skip
    if verdict.holds_queue:
        holds.hold("server", str(fault), now=run.now())
    if verdict.stops_run:
        _postpone_all(verdict, run)
    run.stopped = verdict.stops_run
    _mark(letter, verdict, run)


def _postpone_all(verdict: Verdict, run: _Run) -> None:
    """Do not knock at a closed door a thousand times: what is due waits as long as this one."""
    if verdict.wait is None:
        return
    postponed = db.session.execute(
        sa.update(_LETTER)
        .where(_WAITING, _LETTER.c.send_after <= run.now())
        .values(state=sa.case((_LETTER.c.state == "queued", "deferred"), else_=_LETTER.c.state),
                send_after=run.now() + verdict.wait, reply=verdict.reply),
        execution_options=_QUIET,
    )  # fmt: skip
    run.counts.deferred += postponed.rowcount  # type: ignore[attr-defined]


def _mark(letter: Any, verdict: Verdict, run: _Run) -> None:
    """Record what became of an attempt, unless the letter was taken from us meanwhile."""
    now = run.now()
    values: dict[str, Any] = {"state": verdict.state, "reply": verdict.reply, "owner": None}
    if verdict.wait is not None:
        values["send_after"] = now + verdict.wait
    if verdict.state in {"accepted", "refused"}:
        values["finished_at"] = now
    if verdict.state == "unknown":
        values["unknown_outcomes"] = letter.unknown_outcomes + 1
    if verdict.holds_queue:
        values["attempts"] = letter.attempts - 1
    marked = db.session.execute(
        sa.update(_LETTER)
        .where(
            _LETTER.c.id == letter.id, _LETTER.c.owner == run.owner,
            _LETTER.c.attempts == letter.attempts, sa.text("letter.state = 'claimed'"),
        )
        .values(**values),
        execution_options=_QUIET,
    )  # fmt: skip
    if marked.rowcount == 1:  # type: ignore[attr-defined]
        _record(letter, verdict, now)
        if not verdict.holds_queue:
            setattr(run.counts, verdict.state, getattr(run.counts, verdict.state) + 1)
    db.session.commit()


def _record(letter: Any, verdict: Verdict, now: datetime) -> None:
    if verdict.holds_queue:
        return
    db.session.execute(
        sa.insert(_ATTEMPT).values(
            letter_id=letter.id, attempt=letter.attempts, ended_at=now, outcome=verdict.state,
            reply=verdict.reply,
        )
    )  # fmt: skip


def _supersede(letter_id: int, run: _Run) -> None:
    db.session.execute(
        sa.update(_LETTER)
        .where(_LETTER.c.id == letter_id, _WAITING, _LETTER.c.unknown_outcomes == 0)
        .values(state="superseded", finished_at=run.now(), reply="the facts changed"),
        execution_options=_QUIET,
    )
    db.session.commit()
    run.counts.superseded += 1
