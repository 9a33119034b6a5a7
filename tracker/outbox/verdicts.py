"""What a failed attempt means for the letter, for the queue, and when to try again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.outbox.smtp import SmtpFault

#: What servers say when they mean the sender, not this recipient: many check MAIL FROM and the
#: client only at RCPT, some after the message.
_NOT_US = ("relay", "authenticat", "sender", "client host", "not permitted to send", "send as")


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
    waits: Sequence[float], give_up_after: float, patience: float, ask_again: float,
    server_is_well: bool,
) -> Verdict:  # fmt: skip
    """Judge a fault: 4xx waits, 5xx ends, ours holds all, silence after the dot is unknown.

    All times in seconds; `patience` is the wait before sending again what may have arrived,
    `ask_again` the one before a letter asks a server that refused us, `server_is_well` that it
    took another letter just now.
    """
    if fault.phase == "after_dot":
        return Verdict("unknown", f"no answer after the message: {fault}", _seconds(patience))
    if _is_ours(fault, server_is_well=server_is_well):
        # Another letter asks next, lest one recipient's server hold up everybody.
        turn = _seconds(ask_again + 1) if fault.phase in {"rcpt", "data"} else None
        return Verdict("queued", str(fault), turn, holds_queue=True, stops_run=True)
    if fault.permanent:
        return Verdict("refused", str(fault))
    if _is_the_servers(fault):
        # No letter is given up because its server is away; and asking whether it is back is cheap.
        return Verdict("deferred", str(fault), _seconds(_wait(min(attempts, 2), waits)),
                       stops_run=True)  # fmt: skip
    if now - queued_at > _seconds(give_up_after):
        return Verdict("refused", f"given up after {now - queued_at}: {fault}")
    return Verdict("deferred", str(fault), _seconds(_wait(attempts, waits)))


def _is_ours(fault: SmtpFault, *, server_is_well: bool) -> bool:
    """Tell whether the server refuses this installation: its login, its sender, its protection."""
    if not fault.permanent:
        return False
    if fault.phase in {"connect", "secure", "login", "mail_from"}:
        return True
    words = fault.text.lower()
    return not server_is_well and (fault.code == 530 or any(each in words for each in _NOT_US))


def _is_the_servers(fault: SmtpFault) -> bool:
    """Tell whether the trouble would meet every letter alike."""
    return fault.phase in {"connect", "secure", "login", "mail_from"} or fault.code == 421


def _wait(attempts: int, waits: Sequence[float]) -> float:
    return waits[min(attempts, len(waits)) - 1]


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)
