"""Turn planned reminders into letters: per recipient one, about everything planned for them."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from flask import current_app

from tracker.answers import links, purposes
from tracker.answers import queries as answers
from tracker.core.db import db
from tracker.facts.models import FactVersion, Person, Unit
from tracker.housing.models import Building
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.outbox import queue
from tracker.outbox.message import Draft
from tracker.reminders import render, texts, withdrawal, wording
from tracker.reminders.asking import Links
from tracker.reminders.ics import event_uid
from tracker.reminders.models import OfficeText, Reminder
from tracker.reminders.recipients import Mailbox, mailboxes
from tracker.rules.book import RuleBook
from tracker.rules.model import Rule, Words

log = logging.getLogger(__name__)

#: Who is told of answers that wait.
OFFICE = ("admin", "officer")
_PLANNED = sa.text("reminder.state = 'planned'")
_REMINDER: Any = Reminder.__table__
# By the table and all at once: an ORM update a letter takes longer than writing it.
_MARK = (
    sa.update(_REMINDER)
    .where(_PLANNED, _REMINDER.c.recipient == sa.bindparam("to"))
    .values(state=sa.bindparam("became"), letter_id=sa.bindparam("letter"))
)


@dataclass(frozen=True, slots=True)
class _Writing:
    """What all letters of a composing share. `urgent`: rule ids; `since`: by recipient."""

    rules: RuleBook
    urgent: frozenset[str]
    today: date
    now: datetime
    since: Mapping[str, datetime]
    #: The office's own texts, and those of them that failed.
    own: Mapping[str, OfficeText]
    links: Links
    #: Answers by link that wait for the office.
    answers: int
    faults: dict[str, str] = field(default_factory=dict)


def compose(
    recipients: Sequence[str], *, urgent: Sequence[str], today: date, now: datetime,
    send_after: datetime,
) -> int:  # fmt: skip
    """Queue one letter for each of `recipients`; return how many. `urgent`: rule ids.

    An older letter that has not left yet is taken back and told again with today's numbers.
    """
    since = withdrawal.take_back(recipients, now=now)
    _supersede(recipients)
    boxes = mailboxes(recipients)
    writing = _Writing(
        book.current(), frozenset(urgent), today, now, since, _own(), _links(now), _waiting(boxes)
    )
    drafts = []
    for recipient, rows in groupby(_due(recipients), key=lambda row: row.recipient):
        box = boxes.get(recipient)
        if box is not None and box.address:
            drafts.append(_draft(box, list(rows), writing))
    for name, fault in writing.faults.items():
        texts.note_fault(writing.own[name].id, fault, at=now)
    known = queue.known(drafts)
    letters = queue.enqueue(drafts, now=now, send_after=send_after)
    writing.links.keep(letters, known=known)
    _mark([(draft.recipient, letters[draft.key]) for draft in drafts], "lettered")
    reached = {recipient for recipient, box in boxes.items() if box.address}
    _mark(
        [(recipient, None) for recipient in recipients if recipient not in reached], "unreachable"
    )
    return len(drafts)


def ahead(
    told: Mapping[str, Sequence[tuple[int, str]]], *, day: date, now: datetime
) -> dict[str, Draft]:
    """Return the letters that `day` will bring, as they will read. Writes nothing.

    `told`: the obligations and stages by recipient. Who has no address gets a draft to "".
    """
    ids = {obligation_id for pairs in told.values() for obligation_id, _stage in pairs}
    which = sa.select(Obligation.id.label("obligation_id")).where(Obligation.id.in_(ids)).subquery()
    known = {row.obligation_id: row._mapping for row in db.session.execute(_about(which))}
    boxes = mailboxes(list(told))
    writing = _Writing(
        book.current(), frozenset(), day, now, {}, _own(), _links(now, real=False), _waiting(boxes)
    )
    drafts = {}
    for recipient, box in boxes.items():
        pairs = told[recipient]
        rows = [
            SimpleNamespace(**known[id_], recipient=recipient, stage=stage, total=len(pairs))
            for id_, stage in pairs
            if id_ in known
        ]
        rows.sort(key=lambda row: (row.safe_on, row.obligation_id))
        if rows:
            box = replace(box, address=box.address or "")
            drafts[recipient] = _draft(box, rows[: render.MOST], writing)
    return drafts


def _supersede(recipients: Sequence[str]) -> None:
    """Put aside what is settled by now, and stages that a later one has overtaken."""
    theirs = sa.and_(_PLANNED, Reminder.recipient.in_(recipients))
    place = sa.func.row_number().over(
        partition_by=(Reminder.recipient, Reminder.obligation_id),
        order_by=(Reminder.round.desc(), Reminder.days_before),
    )
    ranked = sa.select(Reminder.id, place.label("place")).where(theirs).subquery()
    overtaken = sa.select(ranked.c.id).where(ranked.c.place > 1)
    current = sa.exists().where(
        Obligation.id == Reminder.obligation_id,
        Obligation.state == "open",
        Obligation.round == Reminder.round,
    )
    db.session.execute(
        sa.update(Reminder)
        .where(theirs, sa.or_(Reminder.id.in_(overtaken), ~current))
        .values(state="superseded"),
        execution_options={"synchronize_session": False},
    )


def _mark(recipients: Sequence[tuple[str, int | None]], state: str) -> None:
    """Note what became of all that was planned for recipients, with the letter if there is one."""
    rows = [{"to": to, "letter": letter, "became": state} for to, letter in recipients]
    if rows:
        db.session.connection().execute(_MARK, rows)


def _due(recipients: Sequence[str]) -> Iterator[Any]:
    """Yield what is planned for each recipient: soonest first, `render.MOST` at most."""
    place = sa.func.row_number().over(
        partition_by=Reminder.recipient, order_by=(Obligation.safe_on, Obligation.id)
    )
    total = sa.func.count().over(partition_by=Reminder.recipient)
    ranked = (
        sa.select(
            Reminder.recipient, Reminder.obligation_id, Reminder.stage,
            place.label("place"), total.label("total"),
        )
        .join(Obligation, Obligation.id == Reminder.obligation_id)
        .where(_PLANNED, Reminder.recipient.in_(recipients))
        .subquery()
    )  # fmt: skip
    named = _about(ranked).where(ranked.c.place <= render.MOST)
    return db.session.execute(named.order_by(ranked.c.recipient, ranked.c.place))


def _about(which: sa.Subquery) -> sa.Select[Any]:
    """Select what letters tell of the obligations in `which`, beside its own columns."""
    document = sa.and_(
        FactVersion.person_id == Obligation.person_id,
        FactVersion.kind + "/" + sa.cast(FactVersion.document_no, sa.String) == Obligation.fact_ref,
        FactVersion.withdrawn_at.is_(None),
    )
    return (
        sa.select(
            which, Obligation.person_id, Obligation.building_id, Obligation.rule_id,
            Obligation.fact_ref, Obligation.round, Obligation.safe_on,
            Obligation.statutory_on, Obligation.due_at, Obligation.provisional,
            Obligation.detail_zh, Obligation.detail_en,
            sa.func.coalesce(Person.name_zh, Building.name_zh).label("name_zh"),
            sa.func.coalesce(Person.name_en, Building.name_en).label("name_en"),
            Unit.name_zh.label("unit"), FactVersion.number, FactVersion.data,
        )
        .join(Obligation, Obligation.id == which.c.obligation_id)
        .outerjoin(Person, Person.id == Obligation.person_id)
        .outerjoin(Building, Building.id == Obligation.building_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(FactVersion, document)
    )  # fmt: skip


def _draft(box: Mailbox, rows: Sequence[Any], writing: _Writing) -> Draft:
    assert box.address is not None
    key = _key(box, rows, writing.today)
    known: dict[str, Any] = {
        "recipient": box.recipient, "address": box.address, "as_of": writing.today,
        "key": key, "since": writing.since.get(box.recipient),
        "urgent": any(row.rule_id in writing.urgent for row in rows),
    }  # fmt: skip
    try:
        words = render.render(
            box.reader, [_item(row, writing, key, box) for row in rows],
            total=rows[0].total, today=writing.today, now=writing.now, url=writing.links.url,
            own={name: text.content or "" for name, text in writing.own.items()},
            answers=writing.answers if box.role in OFFICE else 0,
        )  # fmt: skip
    except Exception as error:
        # One person's odd data must not keep the others' letters back; it shows on Delivery.
        log.exception("the letter to %s could not be written", box.recipient)
        writing.links.forget(key)
        fault = f"{type(error).__name__}: {error}"
        return Draft(subject="–", text="", html="", ics=None, fault=fault, **known)
    writing.faults.update(words.faults)
    return Draft(
        subject=words.subject, text=words.text, html=words.html, ics=words.ics, **known
    )  # fmt: skip


def items_of(obligation_ids: Sequence[int]) -> list[render.Item]:
    """Return obligations as letters tell them, the soonest first."""
    which = (
        sa.select(Obligation.id.label("obligation_id"))
        .where(Obligation.id.in_(obligation_ids))
        .subquery()
    )
    rows = db.session.execute(_about(which)).all()
    rules, hidden = book.current(), current_app.config["PUBLIC_URL"].rstrip("/") + links.HIDDEN
    return [
        _told(row, rules.rule(row.rule_id), link=hidden)
        for row in sorted(rows, key=lambda row: row.safe_on)
    ]


def _links(now: datetime, *, real: bool = True) -> Links:
    steps = purposes.deciding(book.current().procedures)
    return Links(str(current_app.config["PUBLIC_URL"]), now, real, steps)


def _waiting(boxes: Mapping[str, Mailbox]) -> int:
    """Return how many answers wait, if somebody who looks at them is written to."""
    asked = any(box.role in OFFICE for box in boxes.values())
    return answers.open_count() if asked else 0


def _own() -> dict[str, OfficeText]:
    return texts.in_use(wording.NAMES)


def _key(box: Mailbox, rows: Sequence[Any], today: date) -> str:
    """Name the letter by what it says, to which address and on which day.

    Not by row numbers alone: a restored backup gives them out again.
    """
    said = [
        (row.person_id or f"building/{row.building_id}", row.rule_id, row.fact_ref, row.round,
         row.stage)
        for row in rows
    ]  # fmt: skip
    digest = hashlib.sha256(repr((box.address, rows[0].total, said)).encode()).hexdigest()
    return f"reminders:{box.recipient}:{today}:{digest[:32]}"


def _item(row: Any, writing: _Writing, key: str, box: Mailbox) -> render.Item:
    rule = writing.rules.rule(row.rule_id)
    return _told(row, rule, link=writing.links.of(key, box, row, rule))


def _told(row: Any, rule: Rule, *, link: str | None) -> render.Item:
    ends = (row.data or {}).get("expires_on") or (row.data or {}).get("ends_on")
    return render.Item(
        uid=event_uid(row.obligation_id), round=row.round, name_zh=row.name_zh,
        name_en=row.name_en, unit=row.unit, title=_title(row, rule), what_to_do=rule.what_to_do,
        penalty=rule.penalty, source={"zh": rule.source, "en": rule.source_en},
        advice=rule.role == "advice", private=rule.role == "private",
        safe_on=row.safe_on, statutory_on=row.statutory_on,
        due_at=row.due_at, provisional=row.provisional,
        number_end=row.number[-4:] if row.number else None,
        expires_on=date.fromisoformat(ends) if ends else None, link=link,
    )  # fmt: skip


def _title(row: Any, rule: Rule) -> Words:
    """Return the rule's title, with the room or the hazard where a register names one."""
    zh = f"{rule.title.zh}：{row.detail_zh}" if row.detail_zh else rule.title.zh
    en = row.detail_en or row.detail_zh
    return Words(zh, f"{rule.title.en}: {en}" if en else rule.title.en)
