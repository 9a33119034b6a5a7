"""The way in: letters are queued with fixed bytes, taken back, tried again or closed.

Flushes; the caller commits, so that the plan and its letters are one transaction.
"""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.outbox.message import Draft, Sender, build
from tracker.outbox.models import Letter, LetterContent

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
#: States in which it is certain that no copy has left.
_AT_HOME = ("queued", "deferred")
_CONTENT: Any = LetterContent.__table__


def enqueue(drafts: Sequence[Draft], *, now: datetime, send_after: datetime) -> dict[str, int]:
    """Queue letters and return their ids by key; a key that is known keeps its letter.

    `send_after` holds for letters that are not urgent.
    """
    if not drafts:
        return {}
    insert: Any = _INSERT[db.engine.dialect.name](Letter.__table__)
    rows = [_row(draft, now, now if draft.urgent else send_after) for draft in drafts]
    contents = {row["key"]: row.pop("content") for row in rows}
    known = _ids(contents)
    db.session.connection().execute(insert.on_conflict_do_nothing(index_elements=["key"]), rows)
    ids = _ids(contents)
    new = [
        {"letter_id": ids[key], "content": content}
        for key, content in contents.items()
        if key not in known
    ]
    if new:
        db.session.connection().execute(sa.insert(_CONTENT), new)
    return ids


def _ids(keys: Collection[str]) -> dict[str, int]:
    found = db.session.execute(sa.select(Letter.key, Letter.id).where(Letter.key.in_(keys)))
    return {key: letter_id for key, letter_id in found}  # noqa: C416 - rows are not pairs to mypy


def withdrawable(recipients: Collection[str]) -> list[int]:
    """Return the letters to these recipients of which certainly no copy has left."""
    return list(
        db.session.scalars(
            sa.select(Letter.id)
            .where(
                Letter.recipient.in_(recipients),
                Letter.finished_at.is_(None),
                *_never_out(),
            )
            .order_by(Letter.id)
        )
    )


def withdraw(letter_ids: Collection[int], *, now: datetime, reason: str) -> set[int]:
    """Take letters back and return those that were; one that may be out already stays."""
    if not letter_ids:
        return set()
    taken = (
        sa.update(Letter)
        .where(Letter.id.in_(letter_ids), *_never_out())
        .values(state="superseded", reply=reason, finished_at=now)
        .returning(Letter.id)
    )
    return set(db.session.scalars(taken, execution_options={"synchronize_session": False}))


def retry(letter_id: int, *, now: datetime) -> None:
    """Send a refused or unknown letter again: the same bytes, the same Message-ID."""
    content = db.session.get(LetterContent, letter_id)
    if content is not None and not content.content:
        raise Conflict("This letter could not be built. Mend what its answer names first.")
    _change(
        letter_id, ("refused", "unknown"), state="queued", send_after=now, queued_at=now,
        unknown_outcomes=0, finished_at=None, closed_at=None, closed_by=None,
    )  # fmt: skip


def close(letter_id: int, *, by: str, now: datetime) -> None:
    """Note that a person has dealt with a letter that was refused or whose fate is unknown."""
    _change(letter_id, ("refused", "unknown"), closed_at=now, closed_by=by,
            send_after=now + timedelta(days=36500))  # fmt: skip


def message_id(key: str) -> str:
    """Return the Message-ID that this installation gives to a key, always the same."""
    config = current_app.config
    digest = hmac.new(config["SECRET_KEY"].encode(), key.encode(), hashlib.sha256).hexdigest()
    return f"<{digest[:40]}@{domain()}>"


def domain() -> str:
    """Return the domain that letters show: the configured one, else the sender's."""
    config = current_app.config
    return str(config["MAIL_DOMAIN"] or config["MAIL_DEFAULT_SENDER"].rpartition("@")[2])


def _never_out() -> tuple[sa.ColumnElement[bool], ...]:
    return (Letter.state.in_(_AT_HOME), Letter.unknown_outcomes == 0)


def _row(draft: Draft, now: datetime, send_after: datetime) -> dict[str, Any]:
    config = current_app.config
    identity = message_id(draft.key)
    sender = Sender(config["MAIL_DEFAULT_SENDER"], config["MAIL_SENDER_NAME"])
    row = {
        "key": draft.key, "message_id": identity, "recipient": draft.recipient,
        "address": draft.address[:254], "subject": draft.subject, "priority": int(not draft.urgent),
        "queued_at": now, "send_after": send_after, "attempts": 0, "unknown_outcomes": 0,
        "state": "queued", "content": b"", "reply": None, "finished_at": None,
    }  # fmt: skip
    try:
        row["content"] = build(draft, sender, message_id=identity, now=now)
    except Invalid as error:
        # One wrong address must not keep the others' letters back; it shows on Delivery.
        row |= {"state": "refused", "reply": str(error)[:500], "finished_at": now}
    return row


def _change(letter_id: int, states: Collection[str], **values: object) -> None:
    changed = db.session.execute(
        sa.update(Letter).where(Letter.id == letter_id, Letter.state.in_(states)).values(**values),
        execution_options={"synchronize_session": "fetch"},
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        if db.session.get(Letter, letter_id) is None:
            raise NotFound("There is no such letter.")
        raise Conflict("Only a refused letter, or one with unknown outcome, can be changed so.")
