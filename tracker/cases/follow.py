"""Let cases follow the documents: a new permit closes one, an undone one opens it again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.cases import opening, record
from tracker.cases.models import Case
from tracker.core.db import db
from tracker.facts.documents import Document
from tracker.rules.book import RuleBook
from tracker.rules.procedures.model import Procedure

#: Who changes a case because the documents say so.
DOCUMENTS = "documents"


def documents(
    subjects: Sequence[Mapping[str, Any]], held: Mapping[int, Sequence[Document]],
    book: RuleBook, *, now: datetime,
) -> None:  # fmt: skip
    """Close and reopen the cases of these persons by the documents in force. Flushes.

    `subjects`: id and status of each person, among others.
    """
    by_id = {subject["id"]: subject for subject in subjects}
    found = db.session.scalars(
        sa.select(Case).where(
            Case.person_id.in_(list(by_id)),
            sa.or_(Case.closed_at.is_(None), Case.closed_by_ref.is_not(None)),
        )
    )
    for case in found.all():
        papers = {each.ref: each for each in held.get(case.person_id, ())}
        procedure = book.procedures.by_id.get(case.procedure)
        if case.closed_at is not None:
            _reopen_if_undone(case, papers, now)
        elif procedure is not None:
            _follow(case, procedure, papers, str(by_id[case.person_id]["status"]), now)


def _follow(
    case: Case, procedure: Procedure, papers: Mapping[str, Document], status: str,
    now: datetime,
) -> None:  # fmt: skip
    new = _new_document(case, procedure, papers)
    if new is not None:
        _close(case, procedure, new, now)
    elif status == "departed" and procedure.opens_case is not None:
        # Nobody renews what belongs to somebody who left.
        _end(case, "withdrawn", "the person has departed", now)


def _new_document(
    case: Case, procedure: Procedure, papers: Mapping[str, Document]
) -> Document | None:
    """Return the document that the case was for, if it has come."""
    for paper in papers.values():
        if paper.kind != procedure.grants or paper.recorded_at <= case.opened_at:
            continue
        issued_on = paper.data.get("issued_on")
        corrected = paper.ref == case.subject_ref
        if not corrected or (issued_on is not None and issued_on >= case.opened_on):
            return paper
    return None


def _close(case: Case, procedure: Procedure, new: Document, now: datetime) -> None:
    last = "collected" if any(step.does == "collect" for step in procedure.steps) else "granted"
    issued_on = new.data.get("issued_on")
    day = issued_on if issued_on and issued_on >= case.opened_on else None
    case.granted_on = case.granted_on or day
    if last == "collected":
        case.collected_on = case.collected_on or day
    case.closed_by_ref = new.ref
    _end(case, last, new.ref, now)


def _end(case: Case, state: str, why: str, now: datetime) -> None:
    was = case.state
    case.state, case.state_at, case.closed_at = state, now, now
    record.note(case, was, state, by=DOCUMENTS, at=now, why=why)


def _reopen_if_undone(case: Case, papers: Mapping[str, Document], now: datetime) -> None:
    """Open a case again whose new document was taken back, as it was before."""
    kind = (case.closed_by_ref or "").partition("/")[0]
    still = case.subject_ref in papers if case.subject_ref else not _has(papers, kind)
    if case.closed_by_ref in papers or not still or _opened_again(case):
        return
    was = case.state
    case.closed_at = case.closed_by_ref = None
    case.granted_on = case.collected_on = None
    case.state, case.state_at = _before(case), now
    record.note(case, was, case.state, by=DOCUMENTS, at=now, why="the new document was taken back")


def _has(papers: Mapping[str, Document], kind: str) -> bool:
    return any(paper.kind == kind for paper in papers.values())


def _opened_again(case: Case) -> bool:
    """Say whether somebody has opened another case for the same document meanwhile."""
    same = opening.open_for(case.person_id, case.procedure, case.subject_ref)
    return db.session.scalar(same) is not None


def _before(case: Case) -> str:
    if case.accepted_on:
        return "accepted"
    if case.submitted_on:
        return "submitted"
    return "collecting" if case.decided_on else "planning"
