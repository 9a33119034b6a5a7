"""Move a case from state to state; each change with who, when and why. Flushes only."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.cases import checklists, opening, record, states
from tracker.cases.models import Case
from tracker.cases.states import State
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.i18n import gettext as _
from tracker.facts import queries as facts
from tracker.facts import service as telling
from tracker.facts.models import FactVersion
from tracker.rules.book import RuleBook

#: The steps that lie behind a state.
_BEHIND = {
    "planning": (), "collecting": ("decided_on",),
    "internal_approval": ("decided_on", "complete_on"),
    "submitted": ("decided_on", "complete_on", "submitted_on"),
    "accepted": ("decided_on", "complete_on", "submitted_on", "accepted_on"),
    "returned": ("decided_on",),
    "granted": ("decided_on", "complete_on", "submitted_on", "accepted_on", "granted_on"),
    "collected": ("decided_on", "complete_on", "submitted_on", "accepted_on", "granted_on",
                  "collected_on"),
}  # fmt: skip
#: States that need nothing but a note.
_BY_HAND = frozenset({"planning", "collecting", "internal_approval", "collected"})
_DAYS = ("decided_on", "complete_on", "submitted_on", "accepted_on", "granted_on", "collected_on")


def move(
    case: Case, to: State, *, by: str, at: datetime, note: str = "", on: date | None = None
) -> Case:
    """Move a case to planning, collecting, internal_approval or collected.

    `on`: the day it happened, today by default. Conflict names where it may go if not there.
    The other states need more said: submit, accept, give_back, grant and end take them.
    """
    if to not in _BY_HAND:
        raise Invalid(state=_("This state needs more to be said."))
    return _move(case, to, by=by, at=at, note=note, on=on)


def decide(
    case: Case, *, by: str, at: datetime, until: date | None = None, on: date | None = None,
    note: str = "",
) -> Case:  # fmt: skip
    """Record that the unit renews, `until` a day if it says so; papers are collected from now on.

    That it does not renew is end(case, "withdrawn", reason=…).
    """
    if until is not None and until <= campus_day(at):
        raise Invalid(until=_("This day has passed already."))
    case.until = until or case.until
    return _move(case, "collecting", by=by, at=at, on=on, note=note)


def _move(
    case: Case, to: State, *, by: str, at: datetime, note: str = "", on: date | None = None
) -> Case:
    if not states.allowed(case.state, to):
        raise Conflict(
            state=_("From here a case goes to: %(states)s.",
                    states=", ".join(sorted(states.NEXT[case.state])) or "–")
        )  # fmt: skip
    day = on or campus_day(at)
    if day > campus_day(at):
        raise Invalid(on=_("This day is still to come."))
    if case.closed_at is not None and to not in states.CLOSED:
        opening.require_none_open(case.person_id, case.procedure, case.subject_ref)
    was = case.state
    case.state, case.state_at = to, at
    case.closed_at = at if to in states.CLOSED else None
    if to in _BEHIND:
        _note_days(case, _BEHIND[to], day)
    record.note(case, was, to, by=by, at=at, why=note)
    return case


def submit(
    case: Case, book: RuleBook, *, by: str, at: datetime, on: date | None = None, note: str = "",
    despite: str = "",
) -> Case:  # fmt: skip
    """Record that the application was filed.

    Conflict names the papers that are missing, returned or too old; `despite` says why it was
    filed all the same.
    """
    day = on or campus_day(at)
    lacking = checklists.lacking(case, book, filing_on=day)
    if lacking and not despite:
        codes = ", ".join(lacking)
        raise Conflict(items=_("These papers are not ready: %(codes)s. Settle them, or say why "
                               "it is filed without them.", codes=codes))  # fmt: skip
    why = " ".join(part for part in (note, despite) if part)
    return _move(case, "submitted", by=by, at=at, on=day, note=why)


def accept(
    case: Case, book: RuleBook, *, receipt_number: str, on: date, by: str, at: datetime,
    note: str = "",
) -> Case:  # fmt: skip
    """Record the receipt: the authority took the application, and may keep the passport.

    The application becomes a fact, so that reminders stay quiet while it is good.
    """
    if not receipt_number.strip():
        raise Invalid(receipt_number=_("Give the number of the receipt."))
    if case.submitted_on and on < case.submitted_on:
        raise Invalid(on=_("This is before %(day)s, the day it was filed.",
                           day=case.submitted_on.isoformat()))  # fmt: skip
    _move(case, "accepted", by=by, at=at, on=on, note=note)
    case.receipt_number = receipt_number.strip()[:40]
    name = book.procedures.by_id[case.procedure].application
    if name is not None:
        case.application_ref = _record_application(case, name, on, by=by, at=at)
    db.session.flush()
    return case


def give_back(
    case: Case, book: RuleBook, *, codes: Collection[str], reason: str, by: str, at: datetime
) -> Case:
    """Record that the authority returned the application for correction.

    The papers in `codes` are open again with the reason; the filing is still to do, and the
    receipt no longer quiets anything.
    """
    if not reason.strip():
        raise Invalid(reason=_("Say what has to be corrected."))
    _move(case, "returned", by=by, at=at, note=reason)
    for code in codes:
        checklists.change(case, book, code, "returned", by=by, at=at, reason=reason)
    _take_back_application(case, at=at)
    return case


def grant(
    case: Case, book: RuleBook, *, by: str, at: datetime, on: date | None = None, note: str = "",
    document: Mapping[str, Any] | None = None,
) -> Case:  # fmt: skip
    """Record that it was granted. `document`: the new one, if it is known; it closes the case
    with the next refresh.
    """
    _move(case, "granted", by=by, at=at, on=on, note=note)
    procedure = book.procedures.by_id[case.procedure]
    if document and procedure.grants:
        telling.record(facts.person_for_change(case.person_id), procedure.grants, document,
                       by=by, at=at)  # fmt: skip
    return case


def end(case: Case, to: State, *, reason: str, by: str, at: datetime) -> Case:
    """Record that it was rejected or withdrawn, and why; reminders go on as without it."""
    if to not in ("rejected", "withdrawn"):
        raise Invalid(state=_("A case ends rejected or withdrawn."))
    if not reason.strip():
        raise Invalid(reason=_("Say why."))
    _move(case, to, by=by, at=at, note=reason)
    _take_back_application(case, at=at)
    return case


def _note_days(case: Case, behind: Collection[str], day: date) -> None:
    """Keep the days of steps that are done, date those done just now, forget those undone."""
    for name in _DAYS:
        if name not in behind:
            setattr(case, name, None)
        elif getattr(case, name) is None:
            setattr(case, name, day)


def _record_application(case: Case, name: str, on: date, *, by: str, at: datetime) -> str:
    person = facts.person_for_change(case.person_id)
    fields = {"procedure": name, "accepted_on": on, "receipt_number": case.receipt_number}
    for version in facts.in_force(person.id):
        if version.kind == "application" and version.data.get("receipt_number") == (
            case.receipt_number
        ):
            return version.ref
    return telling.record(person, "application", fields, by=by, at=at).ref


def _take_back_application(case: Case, *, at: datetime) -> None:
    """Let the receipt count no more: it stays on record, in the history of the person."""
    ref, case.application_ref = case.application_ref, None
    if ref is None:
        return
    kind, _slash, number = ref.partition("/")
    version = db.session.scalar(
        sa.select(FactVersion).where(
            FactVersion.person_id == case.person_id, FactVersion.kind == kind,
            FactVersion.document_no == int(number), FactVersion.withdrawn_at.is_(None),
        )
    )  # fmt: skip
    if version is not None:
        telling.withdraw(version, at=at)
    db.session.flush()
