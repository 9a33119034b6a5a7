"""Addresses that a mail server refused, beside the people they belong to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.models import Person
from tracker.outbox.models import Letter
from tracker.web import recipients

# Written out, not bound: only then do both databases use the partial index.
_REFUSED = sa.text("letter.state = 'refused'")
#: Addresses that the Delivery page lists.
MOST = 100


@dataclass(frozen=True, slots=True)
class Address:
    """One refused address: whose, how many letters, since when, and what the server said."""

    recipient: str
    name: str
    person_id: int | None
    address: str
    letters: int
    last_at: datetime | None
    reply: str


def addresses() -> list[Address]:
    """Return the refused addresses that nobody has dealt with, the newest refusal first."""
    newest = _newest().subquery()
    rows = db.session.execute(
        sa.select(Letter, newest.c.letters)
        .join(newest, newest.c.id == Letter.id)
        .order_by(Letter.id.desc())
        .limit(MOST)
    ).all()
    names = recipients.names_of(row.Letter for row in rows)
    return [_address(row.Letter, row.letters, names) for row in rows]


def of_person(person: Person) -> Address | None:
    """Return the refusal that still concerns a person's present address."""
    newest = _newest(f"person:{person.id}").subquery()
    row = db.session.execute(
        sa.select(Letter, newest.c.letters)
        .join(newest, newest.c.id == Letter.id)
        .where(Letter.address == person.email)
        .order_by(Letter.id.desc())
    ).first()
    return _address(row.Letter, row.letters, {}) if row else None


def _newest(recipient: str | None = None) -> sa.Select[Any]:
    of_one = [Letter.recipient == recipient] if recipient else []
    wanted: tuple[Any, ...] = (sa.func.max(Letter.id).label("id"), sa.func.count().label("letters"))
    return (
        sa.select(*wanted)
        .where(_REFUSED, Letter.closed_at.is_(None), *of_one)
        .group_by(Letter.recipient, Letter.address)
    )


def _address(letter: Letter, letters: int, names: dict[str, str]) -> Address:
    kind, _colon, number = letter.recipient.partition(":")
    return Address(
        recipient=letter.recipient, name=names.get(letter.recipient, letter.recipient),
        person_id=int(number) if kind == "person" else None, address=letter.address,
        letters=letters, last_at=letter.finished_at, reply=letter.reply or "",
    )  # fmt: skip
