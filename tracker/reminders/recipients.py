"""To whom letters go: who has something to be told, at which address, in which language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.outbox import queue
from tracker.outbox.models import Letter
from tracker.reminders import render
from tracker.reminders.models import Reminder

CHUNK = 200
_PLANNED = sa.text("reminder.state = 'planned'")
_REFUSED = sa.text("letter.state = 'refused'")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where and how a recipient reads."""

    recipient: str
    address: str | None
    reader: render.Reader
    #: Of an account; empty for an expert.
    role: str = ""


def waiting(today: date) -> Iterator[list[str]]:
    """Yield, in chunks, the recipients of what is planned and of letters of another day."""
    after = ""
    while chunk := _planned_after(after):
        yield chunk
        after = chunk[-1]
    late = queue.overdue_for(today)
    for start in range(0, len(late), CHUNK):
        yield late[start : start + CHUNK]


def mailboxes(recipients: Sequence[str]) -> dict[str, Mailbox]:
    """Return who of `recipients` can be written to, by recipient."""
    return {
        f"{kind}:{row.id}": Mailbox(
            f"{kind}:{row.id}", row.email,
            render.Reader(row.name_zh, row.name_en, row.language, expert=kind == "person"),
            row.role,
        )
        for kind, select in _selects().items()
        for row in db.session.execute(select.where(sa.column("id").in_(_ids(recipients, kind))))
    }  # fmt: skip


def reach_again(*, now: datetime) -> None:
    """Plan anew what did not reach people who have another address by now."""
    _plan_anew(
        sa.text("reminder.state = 'unreachable'"),
        sa.exists().where(Person.id == _person_id(Reminder.recipient), Person.email.is_not(None)),
    )
    mended = db.session.scalars(
        sa.select(Letter.id)
        .join(Person, Person.id == _person_id(Letter.recipient))
        .where(_REFUSED, Letter.closed_at.is_(None), Person.email != Letter.address)
        .order_by(Letter.id)
    ).all()
    if mended:
        _plan_anew(Reminder.letter_id.in_(mended))
        queue.close_all(mended, by="another address", now=now)


def _person_id(recipient: Any) -> sa.ColumnElement[int]:
    """Return the number in "person:7"; written so that the person is found by key."""
    number = sa.cast(sa.func.substr(recipient, len("person:") + 1), sa.Integer)
    return sa.case((recipient.startswith("person:"), number))


def _planned_after(recipient: str) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(Reminder.recipient)
            .where(_PLANNED, Reminder.recipient > recipient)
            .distinct()
            .order_by(Reminder.recipient)
            .limit(CHUNK)
        )
    )


def _plan_anew(*which: sa.ColumnElement[bool] | sa.TextClause) -> None:
    db.session.execute(
        sa.update(Reminder).where(*which).values(state="planned", letter_id=None),
        execution_options={"synchronize_session": False},
    )


def _selects() -> dict[str, Any]:
    person = sa.select(
        Person.id, Person.email, Person.language, Person.name_zh, Person.name_en,
        sa.literal("").label("role"),
    )  # fmt: skip
    account = sa.select(
        Account.id, Account.email, Account.language, Account.name.label("name_zh"),
        sa.null().label("name_en"), Account.role,
    ).where(Account.active)  # fmt: skip
    return {"person": person, "account": account}


def _ids(recipients: Sequence[str], kind: str) -> list[int]:
    return [int(id_) for name, _, id_ in (r.partition(":") for r in recipients) if name == kind]
