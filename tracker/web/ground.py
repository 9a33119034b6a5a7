"""What a person's page is made of: all its rows, read by one statement."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.answers.models import Answer, AnswerLink, AnswerVerdict
from tracker.cases.models import Case
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.custody.models import Cabinet, CustodyEvent, CustodyItem
from tracker.facts.models import CalendarNotice, FactVersion, Person, Unit
from tracker.files.models import Attachment
from tracker.obligations.models import Conflict, Obligation
from tracker.outbox.models import Letter
from tracker.reminders import service as reminders
from tracker.reminders.models import Decision, OfficeText, Reminder
from tracker.whereabouts.models import Trip, TripLink

_PERSON: Any = sa.bindparam("person_id")
_RECIPIENT: Any = sa.bindparam("recipient")
_NEWEST_PLAN = sa.select(sa.func.max(OfficeText.id)).filter_by(name=reminders.LADDER)
_LODGED = sa.select(CustodyItem.id).filter_by(person_id=_PERSON)
#: Each table with the rows of it that the page shows.
ROWS: tuple[tuple[Any, sa.ColumnElement[bool]], ...] = (
    (Person, Person.id == _PERSON),
    (Unit, Unit.id == sa.select(Person.unit_id).filter_by(id=_PERSON).scalar_subquery()),
    (FactVersion, FactVersion.person_id == _PERSON),
    (Obligation, Obligation.person_id == _PERSON),
    (Conflict, Conflict.person_id == _PERSON),
    (Letter, Letter.recipient == _RECIPIENT),
    (
        Reminder,
        sa.and_(sa.text("reminder.state = 'unreachable'"), Reminder.recipient == _RECIPIENT),
    ),
    (Decision, Decision.person_id == _PERSON),
    (Case, Case.person_id == _PERSON),
    (Attachment, Attachment.person_id == _PERSON),
    (AnswerLink, AnswerLink.person_id == _PERSON),
    (Answer, Answer.person_id == _PERSON),
    (AnswerVerdict, AnswerVerdict.answer_id.in_(sa.select(Answer.id).filter_by(person_id=_PERSON))),
    (Trip, Trip.person_id == _PERSON),
    (TripLink, TripLink.person_id == _PERSON),
    (CustodyItem, CustodyItem.person_id == _PERSON),
    (
        CustodyEvent,
        CustodyEvent.item_id.in_(sa.select(CustodyItem.id).filter_by(person_id=_PERSON)),
    ),
    (Cabinet, sa.true()),
    (OfficeText, OfficeText.id == _NEWEST_PLAN.scalar_subquery()),
    (CalendarNotice, sa.true()),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Whose page it is, and a digest of all it shows: another row, another digest."""

    person_id: int
    unit_id: int | None
    digest: bytes


def of_person(person_id: int) -> Ground:
    """Return what the page of a person is made of; NotFound if there is none."""
    row = db.session.execute(
        _statement(db.engine.dialect.name),
        {"person_id": person_id, "recipient": f"person:{person_id}"},
    ).first()
    if row is None:
        raise NotFound("There is no such person.")
    digest = hashlib.blake2b("\0".join(text or "" for text in row[1:]).encode())
    digest.update(reminders.plan_file_stamp())
    return Ground(person_id, row[0], digest.digest())


@cache
def _statement(dialect: str) -> sa.Select[Any]:
    columns: list[Any] = [Person.unit_id]
    columns += [_as_text(model, which, dialect) for model, which in ROWS]
    return sa.select(*columns).where(Person.id == _PERSON)


def _as_text(model: Any, which: sa.ColumnElement[bool], dialect: str) -> sa.ScalarSelect[str]:
    columns = model.__table__.c
    row: Any = sa.func.json_array(*columns)
    if dialect == "postgresql":
        row = sa.cast(sa.func.json_build_array(*columns), sa.Text)
    return sa.select(sa.func.aggregate_strings(row, "\n")).where(which).scalar_subquery()
