"""Turn planned reminders into letters: per recipient one, about everything planned for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import current_app

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.facts.models import FactVersion, Person, Unit
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.outbox import queue
from tracker.outbox.message import Draft
from tracker.reminders import render
from tracker.reminders.models import Reminder
from tracker.rules.book import RuleBook

CHUNK = 200
_PLANNED = sa.text("reminder.state = 'planned'")
_REMINDER: Any = Reminder.__table__
# Asked for every letter at its claim, so it is written once.
_STALE = sa.text(
    "SELECT 1 FROM reminder JOIN obligation ON obligation.id = reminder.obligation_id"
    " WHERE reminder.letter_id = :letter_id"
    " AND (obligation.state <> 'open' OR obligation.round <> reminder.round) LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where and how a recipient reads."""

    recipient: str
    address: str | None
    reader: render.Reader


def waiting_recipients(after: str = "") -> Iterator[list[str]]:
    """Yield the recipients that have planned reminders, in chunks."""
    while True:
        chunk = db.session.scalars(
            sa.select(Reminder.recipient)
            .where(_PLANNED, Reminder.recipient > after)
            .distinct()
            .order_by(Reminder.recipient)
            .limit(CHUNK)
        ).all()
        if not chunk:
            return
        yield list(chunk)
        after = chunk[-1]


def reach_again() -> None:
    """Plan anew what could not be told to people who have an address by now."""
    addressed = sa.exists().where(
        sa.literal("person:") + sa.cast(Person.id, sa.String) == Reminder.recipient,
        Person.email.is_not(None),
    )
    db.session.execute(
        sa.update(Reminder)
        .where(sa.text("reminder.state = 'unreachable'"), addressed)
        .values(state="planned"),
        execution_options={"synchronize_session": False},
    )


def compose(
    recipients: Sequence[str], *, urgent: Sequence[str], today: date, now: datetime,
    send_after: datetime,
) -> int:  # fmt: skip
    """Queue one letter for each of `recipients`; return how many. `urgent`: rule ids.

    An older letter that has not left yet is taken back and told again with today's numbers.
    """
    _take_back(recipients, now=now)
    _supersede(recipients)
    boxes = _mailboxes(recipients)
    drafts = []
    for recipient, rows in groupby(_due(recipients), key=lambda row: row.recipient):
        box = boxes.get(recipient)
        if box is None or not box.address:
            continue
        drafts.append(_draft(box, list(rows), book.current(), urgent, today, now))
    letters = queue.enqueue(drafts, now=now, send_after=send_after)
    for draft in drafts:
        _mark(draft.recipient, "lettered", letters[draft.key])
    for recipient in recipients:
        if recipient not in boxes or not boxes[recipient].address:
            _mark(recipient, "unreachable", None)
    return len(drafts)


def release(connection: sa.Connection, letter_ids: Sequence[int]) -> None:
    """Plan the reminders of withdrawn letters anew."""
    connection.execute(
        sa.update(_REMINDER)
        .where(_REMINDER.c.letter_id.in_(letter_ids))
        .values(state="planned", letter_id=None)
    )


def still_wanted(connection: sa.Connection, letter_id: int) -> bool:
    """Tell whether all that a letter says is still so."""
    return connection.execute(_STALE, {"letter_id": letter_id}).first() is None


def _take_back(recipients: Sequence[str], *, now: datetime) -> None:
    waiting = queue.withdrawable(recipients)
    if waiting:
        taken = queue.withdraw(waiting, now=now, reason="told again with newer numbers")
        release(db.session.connection(), sorted(taken))


def _supersede(recipients: Sequence[str]) -> None:
    """Put aside what is settled by now, and stages that a later one has overtaken."""
    later = sa.orm.aliased(Reminder)
    overtaken = sa.exists().where(
        later.obligation_id == Reminder.obligation_id,
        later.recipient == Reminder.recipient,
        later.state == "planned",
        sa.or_(
            later.round > Reminder.round,
            sa.and_(later.round == Reminder.round, later.days_before < Reminder.days_before),
        ),
    )
    current = sa.exists().where(
        Obligation.id == Reminder.obligation_id,
        Obligation.state == "open",
        Obligation.round == Reminder.round,
    )
    db.session.execute(
        sa.update(Reminder)
        .where(_PLANNED, Reminder.recipient.in_(recipients), sa.or_(overtaken, ~current))
        .values(state="superseded"),
        execution_options={"synchronize_session": False},
    )


def _mark(recipient: str, state: str, letter_id: int | None) -> None:
    db.session.execute(
        sa.update(Reminder)
        .where(_PLANNED, Reminder.recipient == recipient)
        .values(state=state, letter_id=letter_id),
        execution_options={"synchronize_session": False},
    )


def _mailboxes(recipients: Sequence[str]) -> dict[str, Mailbox]:
    return {
        f"{kind}:{row.id}": Mailbox(
            f"{kind}:{row.id}", row.email,
            render.Reader(row.name_zh, row.name_en, row.language, expert=kind == "person"),
        )
        for kind, select in _mailbox_selects().items()
        for row in db.session.execute(select.where(sa.column("id").in_(_ids(recipients, kind))))
    }  # fmt: skip


def _mailbox_selects() -> dict[str, Any]:
    person = sa.select(Person.id, Person.email, Person.language, Person.name_zh, Person.name_en)
    account = sa.select(
        Account.id, Account.email, Account.language, Account.name.label("name_zh"),
        sa.null().label("name_en"),
    ).where(Account.active)  # fmt: skip
    return {"person": person, "account": account}


def _ids(recipients: Sequence[str], kind: str) -> list[int]:
    return [int(id_) for name, _, id_ in (r.partition(":") for r in recipients) if name == kind]


def _due(recipients: Sequence[str]) -> Iterator[Any]:
    """Yield what is planned for each recipient: soonest first, `render.MOST` at most."""
    place = sa.func.row_number().over(
        partition_by=Reminder.recipient, order_by=(Obligation.safe_on, Obligation.id)
    )
    total = sa.func.count().over(partition_by=Reminder.recipient)
    ranked = (
        sa.select(
            Reminder.recipient, Reminder.obligation_id, Reminder.id.label("reminder_id"),
            place.label("place"), total.label("total"),
        )
        .join(Obligation, Obligation.id == Reminder.obligation_id)
        .where(_PLANNED, Reminder.recipient.in_(recipients))
        .subquery()
    )  # fmt: skip
    document = sa.and_(
        FactVersion.person_id == Obligation.person_id,
        FactVersion.kind + "/" + sa.cast(FactVersion.document_no, sa.String) == Obligation.fact_ref,
        FactVersion.withdrawn_at.is_(None),
    )
    return db.session.execute(
        sa.select(
            ranked, Obligation.rule_id, Obligation.round, Obligation.safe_on,
            Obligation.statutory_on, Obligation.due_at, Obligation.provisional,
            Person.name_zh, Person.name_en, Unit.name_zh.label("unit"), FactVersion.number,
            FactVersion.data,
        )
        .join(Obligation, Obligation.id == ranked.c.obligation_id)
        .join(Person, Person.id == Obligation.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(FactVersion, document)
        .where(ranked.c.place <= render.MOST)
        .order_by(ranked.c.recipient, ranked.c.place)
    )  # fmt: skip


def _draft(
    box: Mailbox, rows: Sequence[Any], rules: RuleBook, urgent: Sequence[str], today: date,
    now: datetime,
) -> Draft:  # fmt: skip
    items = [_item(row, rules) for row in rows]
    words = render.render(
        box.reader, items, total=rows[0].total, today=today, now=now,
        url=current_app.config["PUBLIC_URL"],
    )  # fmt: skip
    assert box.address is not None
    return Draft(
        recipient=box.recipient, address=box.address, subject=words.subject, text=words.text,
        html=words.html, ics=words.ics, key=_key(rows),
        urgent=any(row.rule_id in urgent for row in rows),
    )  # fmt: skip


def _key(rows: Sequence[Any]) -> str:
    """Name the letter by its newest reminder: none is ever in two letters at once."""
    newest = max(row.reminder_id for row in rows)
    return f"reminders:{rows[0].recipient}:{newest}:{len(rows)}"


def _item(row: Any, rules: RuleBook) -> render.Item:
    rule = rules.rule(row.rule_id)
    ends = (row.data or {}).get("expires_on") or (row.data or {}).get("ends_on")
    return render.Item(
        uid=f"obligation-{row.obligation_id}-{row.round}", name_zh=row.name_zh,
        name_en=row.name_en, unit=row.unit, title=rule.title, what_to_do=rule.what_to_do,
        penalty=rule.penalty, source={"zh": rule.source, "en": rule.source_en},
        advice=rule.role == "advice", safe_on=row.safe_on, statutory_on=row.statutory_on,
        due_at=row.due_at, provisional=row.provisional,
        number_end=row.number[-4:] if row.number else None,
        expires_on=date.fromisoformat(ends) if ends else None,
    )  # fmt: skip
