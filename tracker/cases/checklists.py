"""The checklist of a case: what the procedure asks of this person, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.cases import plans, queries, record
from tracker.cases.models import Case, CaseItem
from tracker.cases.states import ITEM_STATES, SETTLED
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.files import service as files
from tracker.rules.book import RuleBook
from tracker.rules.procedures.checklist import Needed, checklist, good_until
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.procedures.model import Material
from tracker.rules.procedures.plan import Plan, plan


@dataclass(frozen=True, slots=True)
class Item:
    """One paper of a case.

    `state`: missing, received, checked, returned (`reason`) or waived (`ground`). `issued_on`,
    `good_until`, `too_old`: its age on the planned filing day; they follow the plan.
    `document`: the one on record that dates it. `start_by`: the last day to set about getting it.
    `event_at`: when somebody last did something about it, None if nobody did.
    """

    code: str
    material: Material
    state: str
    reason: str
    ground: str
    issued_on: date | None
    good_until: date | None
    too_old: bool
    start_by: date | None
    document: str | None
    attachment_id: int | None
    event_at: datetime | None
    event_by: str | None

    @property
    def ready(self) -> bool:
        """Say whether the paper is no longer in the way of filing."""
        return self.state in SETTLED and not self.too_old


@dataclass(frozen=True, slots=True)
class Checklist:
    """The papers of a case, and the day they are counted for: that of the filing."""

    items: tuple[Item, ...]
    filing_on: date

    @property
    def lacking(self) -> tuple[str, ...]:
        """The codes of papers that are not ready."""
        return tuple(item.code for item in self.items if not item.ready)


def of_case(case: Case, book: RuleBook, *, today: date, filing_on: date | None = None) -> Checklist:
    """Return the papers of a case, for the filing day of its plan or the day given."""
    subject = plans.subjects_of([case.person_id])[case.person_id]
    day = filing_on or case.submitted_on or filing_day(case, book, today=today)
    return of_subject(case, subject, queries.items([case.id])[case.id], book, filing_on=day)


def of_subject(
    case: Case, subject: Subject, touched: Mapping[str, CaseItem], book: RuleBook, *,
    filing_on: date,
) -> Checklist:  # fmt: skip
    """Return the papers of a case whose person and items have been read; reads nothing."""
    procedure = book.procedures.by_id[case.procedure]
    subject = replace(subject, told=case.told)
    needed = checklist(procedure, subject, book, filing_on=filing_on, until=case.until)
    return Checklist(
        tuple(_item(each, touched.get(each.material.code), filing_on) for each in needed), filing_on
    )


def lacking(case: Case, book: RuleBook, *, filing_on: date) -> tuple[str, ...]:
    """Return the codes of the papers that are not ready to be filed on a day."""
    return of_case(case, book, today=filing_on, filing_on=filing_on).lacking


def plan_of(case: Case, book: RuleBook, *, today: date) -> Plan:
    """Return the plan a case is worked by: that of its chain, or of the procedure alone."""
    chain = plans.chain_of(case.procedure, book)
    request = plans.request_of(case.person_id, book, today=today, target=chain)
    made = plan(request, book)
    if any(each.procedure.id == case.procedure and not each.ref for each in made.steps):
        return made
    return plan(replace(request, target=case.procedure, dependants=()), book)


def filing_day(case: Case, book: RuleBook, *, today: date) -> date:
    """Return the day a case is to be filed by its plan, or could be if that has passed."""
    filing = book.procedures.by_id[case.procedure].filing
    step = plan_of(case, book, today=today).step(filing.id)
    return max(step.latest, step.earliest) if step else today


def change(
    case: Case, book: RuleBook, code: str, state: str, *, by: str, at: datetime, reason: str = "",
    ground: str = "", issued_on: date | None = None, attachment_id: int | None = None,
) -> CaseItem:  # fmt: skip
    """Set the state of a paper; what is not given of day and file stays as it is.

    NotFound if the procedure has no such paper, or the file is not this person's; Invalid if the
    state needs a reason or a ground that is missing.
    """
    require_paper(case, code, book)
    if attachment_id is not None and files.get(attachment_id).person_id != case.person_id:
        raise NotFound(attachment_id=_("There is no such file."))
    if state not in ITEM_STATES:
        raise Invalid(state=_("Choose one of the list."))
    if state == "returned" and not reason.strip():
        raise Invalid(reason=_("Say what has to be corrected."))
    if state == "waived" and not ground.strip():
        raise Invalid(ground=_("Say on which ground it need not be shown."))
    if issued_on is not None and issued_on > campus_day(at):
        raise Invalid(issued_on=_("This day is still to come."))
    if case.closed_at is not None:
        raise Conflict(_("This case is closed."))
    item = queries.items([case.id])[case.id].get(code)
    was = item.state if item else None
    if item is None:
        item = CaseItem(case_id=case.id, code=code)
        db.session.add(item)
    item.state, item.changed_at, item.changed_by = state, at, by
    item.reason = reason.strip()[:300] or None if state == "returned" else None
    item.ground = ground.strip()[:40] or None if state == "waived" else None
    item.issued_on = issued_on or item.issued_on
    item.attachment_id = attachment_id or item.attachment_id
    record.note(case, was, state, by=by, at=at, why=reason or ground, code=code)
    return item


def require_paper(case: Case, code: str, book: RuleBook) -> Material:
    """Return a paper of the case's procedure; NotFound if it has none of this code."""
    found = book.procedures.by_id[case.procedure].material(code)
    if found is None:
        raise NotFound(code=_("This procedure has no such paper."))
    return found


def _item(needed: Needed, row: CaseItem | None, filing_on: date) -> Item:
    material = needed.material
    issued_on = (row.issued_on if row else None) or needed.issued_on
    last = good_until(material, issued_on)
    state, ground = _state(needed, row)
    waived = state == "waived"
    return Item(
        material.code, material, state, (row.reason if row else None) or "", ground, issued_on,
        last, not waived and last is not None and last < filing_on, needed.start_by,
        needed.document, row.attachment_id if row else None, row.changed_at if row else None,
        row.changed_by if row else None,
    )  # fmt: skip


def _state(needed: Needed, row: CaseItem | None) -> tuple[str, str]:
    """Return the state and ground of a paper: what somebody said, else what follows."""
    if row is not None:
        return row.state, row.ground or ""
    if needed.waiver is not None:
        return "waived", needed.waiver.ground
    return ("received" if needed.document else "missing"), ""
