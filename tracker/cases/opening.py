"""Open cases: one by hand, many by what a statement finds. Flushes; the caller commits."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.cases import plans
from tracker.cases.models import Case, CaseEvent
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.facts import queries as facts
from tracker.rules.book import RuleBook
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.procedures.model import Procedure
from tracker.rules.procedures.wording import TOLD

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_TABLE: Any = Case.__table__
_EVENTS: Any = CaseEvent.__table__
_NOTHING_TOLD: Mapping[str, bool] = {}
#: Who opens a case when its window opens.
WINDOW = "window"
FIRST = "planning"


def open_case(
    person_id: int, procedure: str, book: RuleBook, *, by: str, at: datetime,
    until: date | None = None, told: Mapping[str, bool] = _NOTHING_TOLD, note: str = "",
) -> Case:  # fmt: skip
    """Open a case by hand, about the document in force.

    NotFound if there is no such person or procedure; Invalid if it is not for this person;
    Conflict if it is open already.
    """
    person = facts.person_for_change(person_id)
    made = known(procedure, book)
    subject = plans.subjects_of([person.id])[person.id]
    ref = _require_fit(made, subject)
    if unknown := sorted(set(told) - set(TOLD)):
        raise Invalid(told=_("Nothing depends on %(name)s.", name=unknown[0]))
    require_none_open(person.id, made.id, ref)
    case = Case(
        person_id=person.id, procedure=made.id, subject_ref=ref, state=FIRST, state_at=at,
        opened_on=campus_day(at), opened_at=at, opened_by=by, until=until, told=dict(told),
    )  # fmt: skip
    db.session.add(case)
    db.session.flush()
    db.session.add(CaseEvent(case_id=case.id, at=at, by=by, to_state=FIRST, note=note))
    db.session.flush()
    return case


def open_found(found: sa.Select[Any], *, by: str, on: date, at: datetime) -> list[int]:
    """Open a case for each row of `found`; return whose. What has one already is left alone.

    `found` selects person_id, procedure and subject_ref, as tracker/obligations/windows.py does.
    """
    rows = without_case(found).subquery()
    fixed = {
        "state": sa.literal(FIRST), "state_at": sa.literal(at, _TABLE.c.state_at.type),
        "opened_on": sa.literal(on), "opened_at": sa.literal(at, _TABLE.c.opened_at.type),
        "opened_by": sa.literal(by), "told": sa.literal({}, sa.JSON()),
        "revision": sa.literal(1),
    }  # fmt: skip
    # Without a WHERE, SQLite would take ON CONFLICT for a join.
    selected = sa.select(
        rows.c.person_id, rows.c.procedure, rows.c.subject_ref, *fixed.values()
    ).where(rows.c.person_id.is_not(None))
    insert: Any = _INSERT[db.engine.dialect.name](_TABLE)
    opened = db.session.execute(
        insert.from_select(["person_id", "procedure", "subject_ref", *fixed], selected)
        .on_conflict_do_nothing()
        .returning(_TABLE.c.id, _TABLE.c.person_id)
    ).all()
    if opened:
        db.session.execute(
            sa.insert(_EVENTS),
            [{"case_id": row.id, "at": at, "by": by, "from_state": None, "to_state": FIRST,
              "note": ""} for row in opened],
        )  # fmt: skip
    return sorted({row.person_id for row in opened})


def without_case(found: sa.Select[Any]) -> sa.Select[Any]:
    """Return the rows of `found` for which no case was ever opened."""
    rows = found.subquery()
    same = sa.and_(
        _TABLE.c.person_id == rows.c.person_id, _TABLE.c.procedure == rows.c.procedure,
        _TABLE.c.subject_ref == rows.c.subject_ref,
    )  # fmt: skip
    return sa.select(rows).where(~sa.exists().where(same))


def require_none_open(person_id: int, procedure: str, ref: str) -> None:
    """Refuse a second open case for the same document: Conflict."""
    if db.session.scalar(open_for(person_id, procedure, ref)):
        raise Conflict(procedure=_("This case is open already. Work on that one."))


def known(procedure: str, book: RuleBook) -> Procedure:
    """Return a procedure; NotFound if there is none of this name."""
    found = book.procedures.by_id.get(procedure)
    if found is None:
        raise NotFound(procedure=_("There is no such procedure."))
    return found


def _require_fit(procedure: Procedure, subject: Subject) -> str:
    """Return the document the case is about; Invalid if the procedure is not for this person."""
    if subject.person.identity not in procedure.identities:
        raise Invalid(procedure=_("People of this identity do not need this procedure."))
    if procedure.about is None:
        return ""
    refs = [fact.ref for fact in subject.facts if fact.kind == procedure.about]
    if not refs:
        raise Invalid(procedure=_("The document it is about is not on record. Record it first."))
    return refs[-1]


def open_for(person_id: int, procedure: str, ref: str) -> sa.Select[int]:
    """Select the open case of a procedure for a document."""
    return sa.select(Case.id).where(
        Case.person_id == person_id, Case.procedure == procedure, Case.subject_ref == ref,
        Case.closed_at.is_(None),
    )  # fmt: skip
