"""One change of a case's state, whatever the state: what each asks for, and who does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.cases import moving, states
from tracker.cases.models import Case
from tracker.cases.states import State
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.rules.book import RuleBook
from tracker.rules.procedures.model import Procedure

#: What a move to a state asks for: a day, the number of a receipt, a reason that must be given,
#: which papers, a reason for going without papers, until when the permit is asked for, a note.
ASKS: Mapping[str, tuple[str, ...]] = {
    "planning": ("note",), "collecting": ("on", "until", "note"),
    "internal_approval": ("on", "note"), "submitted": ("on", "despite", "note"),
    "accepted": ("on", "receipt_number", "note"), "returned": ("codes", "reason"),
    "granted": ("on", "note"), "collected": ("on", "note"), "rejected": ("reason",),
    "withdrawn": ("reason",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """A move to a state with what was said of it; what the state does not ask for is ignored."""

    to: State
    on: date | None = None
    receipt_number: str = ""
    reason: str = ""
    note: str = ""
    despite: str = ""
    codes: tuple[str, ...] = ()
    until: date | None = None


def possible(case: Case, procedure: Procedure | None) -> tuple[State, ...]:
    """Return the states a case may go to, in the order of the states.

    What is never collected, as an entry in a register, is not offered to be.
    """
    collects = procedure is None or any(step.does == "collect" for step in procedure.steps)
    return tuple(
        each
        for each in states.STATES
        if states.allowed(case.state, each) and (each != "collected" or collects)
    )


def make(case: Case, move: Move, book: RuleBook, *, by: str, at: datetime) -> Case:
    """Move a case. Flushes; Conflict or Invalid say what stands in the way."""
    if not states.allowed(case.state, move.to):
        raise Conflict(state=_("It cannot go there from the state it is in now."))
    if move.to == "submitted":
        return moving.submit(case, book, by=by, at=at, on=move.on, note=move.note,
                             despite=move.despite)  # fmt: skip
    if move.to == "accepted":
        return moving.accept(case, book, receipt_number=move.receipt_number,
                             on=move.on or at.date(), by=by, at=at, note=move.note)  # fmt: skip
    if move.to == "returned":
        return moving.give_back(case, book, codes=move.codes, reason=move.reason, by=by, at=at)
    if move.to == "granted":
        return moving.grant(case, book, by=by, at=at, on=move.on, note=move.note)
    if move.to in ("rejected", "withdrawn"):
        return moving.end(case, move.to, reason=move.reason, by=by, at=at)
    if move.to == "collecting":
        return moving.decide(case, until=move.until, by=by, at=at, on=move.on, note=move.note)
    return moving.move(case, move.to, by=by, at=at, on=move.on, note=move.note)
