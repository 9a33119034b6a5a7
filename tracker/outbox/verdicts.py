"""What a failed attempt means for the letter, for the queue, and when to try again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.outbox.smtp import SmtpFault

#: Answers to MAIL FROM, and to the connection, that say "you may not", not "this one cannot".
_NOT_US = frozenset({530, 534, 535, 538, 550, 551, 553, 554})
_NOT_US_AT_RCPT = ("relay", "authentication required", "not permitted to send")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The letter's next state, with the wait before it is tried again.

    `holds_queue`: nobody's letter would get through until somebody repairs something.
    `stops_run`: the server cannot be reached just now; the others wait as well.
    """

    state: str
    reply: str
    wait: timedelta | None = None
    holds_queue: bool = False
    stops_run: bool = False


def of(
    fault: SmtpFault, *, attempts: int, queued_at: datetime, now: datetime,
    waits: Sequence[float], give_up_after: float, patience: float,
) -> Verdict:  # fmt: skip
    """Judge a fault: 4xx waits, 5xx ends, ours holds all, silence after the dot is unknown.

    All times in seconds; `patience` is the wait before sending again what may have arrived.
    """
    wait = timedelta(seconds=waits[min(attempts, len(waits)) - 1])
    if fault.phase == "after_dot":
        return Verdict(
            "unknown", f"no answer after the message: {fault}", timedelta(seconds=patience)
        )
    if _is_ours(fault):
        return Verdict("queued", str(fault), holds_queue=True, stops_run=True)
    if fault.permanent:
        return Verdict("refused", str(fault))
    if now - queued_at > timedelta(seconds=give_up_after):
        return Verdict("refused", f"given up after {now - queued_at}: {fault}")
    stops = fault.phase in {"connect", "secure", "login"} or fault.code == 421
    return Verdict("deferred", str(fault), wait, stops_run=stops)


def _is_ours(fault: SmtpFault) -> bool:
    if fault.code is None or not fault.permanent:
        return False
    if fault.phase in {"connect", "secure", "login"}:
        return True
    if fault.phase == "mail_from":
        return fault.code in _NOT_US
    return fault.phase == "rcpt" and any(words in fault.text.lower() for words in _NOT_US_AT_RCPT)
