"""Links in letters: made with the letter, found by their token, ended. Flushes only.

Only a hash of the token is kept. Whether a link works is asked when it is opened, not written:
it ends with its letter, with its person's departure, with its duty, and when a newer one about
the same duty has left.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.models import Account
from tracker.answers.models import Answer, AnswerLink
from tracker.core.db import db
from tracker.core.inserting import insert_rows
from tracker.core.stored import instant_value
from tracker.facts.models import Person
from tracker.outbox.models import Letter

PATH = "/answer/"
#: A link where none may be shown: whoever has it can answer for its reader.
HIDDEN = PATH + "…"
#: Notices have links of their own kind in letters (tracker/notices).
_IN_TEXT = re.compile(r"(/answer/|/notices/mine/)[\w-]{43}")
#: A letter in these states may be with its reader; one in those never will be.
_OUT, _NEVER_OUT = ("claimed", "accepted", "unknown"), ("superseded", "cancelled")
_COLUMNS = ("token_hash", "purpose", "person_id", "obligation_id", "recipient", "letter_id",
            "made_at", "expires_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class New:
    """A link that stands in a letter about to be queued."""

    token: str
    purpose: str
    person_id: int
    obligation_id: int
    recipient: str
    expires_at: datetime


def new_token() -> str:
    """Return 256 random bits as an address can hold them."""
    return secrets.token_urlsafe(32)


def keep(made: Iterable[tuple[int, New]], *, now: datetime) -> None:
    """Keep the links of letters, each with its letter's number."""
    rows = [
        (hashed(each.token), each.purpose, each.person_id, each.obligation_id, each.recipient,
         letter_id, instant_value(now), instant_value(each.expires_at))
        for letter_id, each in made
    ]  # fmt: skip
    if rows:
        insert_rows(AnswerLink.__tablename__, _COLUMNS, rows)


def find(token: str, *, lock: bool = False) -> AnswerLink | None:
    """Return the link of a token, whether it works or not; `lock`: until the transaction ends."""
    wanted = sa.select(AnswerLink).where(AnswerLink.token_hash == hashed(token))
    return db.session.scalar(wanted.with_for_update(of=AnswerLink) if lock else wanted)


def works(link: AnswerLink, *, now: datetime) -> bool:
    """Tell whether a link opens anything; the reason for no is nobody's to know."""
    if link.ended_at is not None or link.expires_at <= now:
        return False
    alive = sa.select(sa.literal(1)).where(
        sa.exists().where(Letter.id == link.letter_id, Letter.state.not_in(_NEVER_OUT)),
        sa.exists().where(Person.id == link.person_id, Person.status != "departed"),
        sa.exists(_DUTY), ~sa.exists().where(Answer.link_id == link.id), ~_newer_out(link),
        _reader_is_still_there(link),
    )  # fmt: skip
    return db.session.execute(alive, {"duty": link.obligation_id}).first() is not None


def working_of(person_id: int, *, now: datetime) -> int:
    """Return how many links about a person nobody has used or ended yet."""
    return db.session.scalar(sa.select(sa.func.count()).where(*_waiting(person_id, now))) or 0


def end_all(person_id: int, *, by: str, at: datetime) -> int:
    """Let every link about a person lead nowhere from now on; return how many."""
    ended = sa.update(AnswerLink).where(*_waiting(person_id, at)).values(ended_at=at, ended_by=by)
    result: Any = db.session.execute(ended, execution_options={"synchronize_session": "fetch"})
    return int(result.rowcount)


def masked(text: str) -> str:
    """Return a letter's text without what makes its links work."""
    return _IN_TEXT.sub(r"\1…", text)


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


#: Derived by a higher stage, so it is known here by its table alone.
_DUTY = sa.text("SELECT 1 FROM obligation WHERE id = :duty AND state IN ('open', 'filed')").columns(
    sa.column("one", sa.Integer)
)


def _waiting(person_id: int, now: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        AnswerLink.person_id == person_id, AnswerLink.ended_at.is_(None),
        AnswerLink.expires_at > now,
        ~sa.exists().where(Answer.link_id == AnswerLink.id),
    ]  # fmt: skip


def _newer_out(link: AnswerLink) -> sa.ColumnElement[bool]:
    newer = sa.orm.aliased(AnswerLink)
    return (
        sa.exists()
        .where(newer.obligation_id == link.obligation_id, newer.recipient == link.recipient,
               newer.id > link.id, Letter.id == newer.letter_id, Letter.state.in_(_OUT))
    )  # fmt: skip


def _reader_is_still_there(link: AnswerLink) -> sa.ColumnElement[bool]:
    """Whoever has left a unit does not decide for it any more."""
    kind, _colon, number = link.recipient.partition(":")
    if kind != "account":
        return sa.true()
    return sa.exists().where(
        Account.id == int(number), Account.active, Person.id == link.person_id,
        Account.unit_id == Person.unit_id,
    )  # fmt: skip
