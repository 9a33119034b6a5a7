"""The way in: letters are queued with fixed bytes, taken back, tried again or closed.

Flushes; the caller commits, so that the plan and its letters are one transaction.
"""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.outbox.message import Draft, Sender, build, mailbox
from tracker.outbox.models import WAITING, Letter, LetterContent

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
# Written out, not bound: only then do both databases use the partial index.
_UNFINISHED = sa.text("letter.finished_at IS NULL")
#: States in which it is certain that no copy has left.
_AT_HOME = ("queued", "deferred")
_CONTENT: Any = LetterContent.__table__


def enqueue(drafts: Sequence[Draft], *, now: datetime, send_after: datetime) -> dict[str, int]:
    """Queue letters and return their ids by key; a key that is known keeps its letter.

    `send_after` holds for letters that are not urgent. Invalid if the sender's settings are wrong:
    then no letter could be built.
    """
    if not drafts:
        return {}
    check_sender()
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


def known(drafts: Sequence[Draft]) -> set[str]:
    """Return the keys of drafts that are letters already."""
    return set(_ids([draft.key for draft in drafts]))


def _ids(keys: Collection[str]) -> dict[str, int]:
    found = db.session.execute(sa.select(Letter.key, Letter.id).where(Letter.key.in_(keys)))
    return {key: letter_id for key, letter_id in found}  # noqa: C416 - rows are not pairs to mypy


def overdue_for(today: date) -> list[str]:
    """Return the recipients of letters that have not left and tell another day's numbers."""
    return list(
        db.session.scalars(
            sa.select(Letter.recipient)
            .where(_UNFINISHED, *_never_out(), Letter.as_of != today)
            .distinct()
            .order_by(Letter.recipient)
        )
    )


def withdrawable(recipients: Collection[str]) -> list[int]:
    """Return the letters about duties to these recipients of which certainly no copy has left."""
    return list(
        db.session.scalars(
            sa.select(Letter.id)
            .where(_UNFINISHED, Letter.recipient.in_(recipients), *_never_out(),
                   Letter.as_of.is_not(None))
            .order_by(Letter.id)
        )
    )  # fmt: skip


def withdraw(
    letter_ids: Collection[int], *, now: datetime, reason: str
) -> list[tuple[int, str, datetime]]:
    """Take letters back; one that may be out already stays.

    Returns id, recipient and time of queueing of those taken. They give their keys back: what
    they said may be said again by another letter.
    """
    if not letter_ids:
        return []
    taken = (
        sa.update(Letter)
        .where(Letter.id.in_(letter_ids), *_never_out())
        .values(state="superseded", reply=reason, finished_at=now,
                key=Letter.key + "/" + sa.cast(Letter.id, sa.String))
        .returning(Letter.id, Letter.recipient, Letter.queued_at)
    )  # fmt: skip
    rows = db.session.execute(taken, execution_options={"synchronize_session": False})
    return [(row.id, row.recipient, row.queued_at) for row in rows]


def forgo(*, now: datetime, reason: str) -> int:
    """End everything that waits, unsent; return how many letters."""
    ended = (
        sa.update(Letter)
        .where(_UNFINISHED, Letter.state.in_(WAITING))
        .values(state="superseded", reply=reason, finished_at=now)
    )
    result: Any = db.session.execute(ended, execution_options={"synchronize_session": False})
    return int(result.rowcount)


def was_built(letter_id: int) -> bool:
    """Tell whether a letter has bytes to be sent: one from an unusable address has none."""
    content = db.session.get(LetterContent, letter_id)
    return content is not None and bool(content.content)


def replace(letter_id: int, *, now: datetime) -> None:
    """End a letter that could not be built, for what it was to say is written anew."""
    _change(
        letter_id, ("refused",), state="superseded", finished_at=now,
        key=Letter.key + "/" + sa.cast(Letter.id, sa.String),
    )  # fmt: skip


def retry(letter_id: int, *, now: datetime) -> None:
    """Send a refused or unknown letter again: the same bytes, the same Message-ID."""
    if not was_built(letter_id) and db.session.get(Letter, letter_id) is not None:
        raise Conflict(_("This letter could not be built. Mend what its answer names first."))
    _change(
        letter_id, ("refused", "unknown"), state="queued", send_after=now, queued_at=now,
        unknown_outcomes=0, finished_at=None, closed_at=None, closed_by=None,
    )  # fmt: skip


def close(letter_id: int, *, by: str, now: datetime) -> None:
    """Note that a person has dealt with a letter that was refused or whose fate is unknown."""
    _change(
        letter_id, ("refused", "unknown"), closed_at=now, closed_by=by,
        finished_at=sa.func.coalesce(Letter.finished_at, now),
    )  # fmt: skip


def close_all(letter_ids: Collection[int], *, by: str, now: datetime) -> None:
    """Note that letters that were refused are dealt with in another way."""
    db.session.execute(
        sa.update(Letter).where(Letter.id.in_(letter_ids)).values(closed_at=now, closed_by=by),
        execution_options={"synchronize_session": False},
    )


def check_sender() -> None:
    """Raise Invalid if the settings name a sender from whom no letter can come."""
    mailbox(sender())


def sender() -> Sender:
    """Return from whom letters come."""
    config = current_app.config
    return Sender(config["MAIL_DEFAULT_SENDER"], config["MAIL_SENDER_NAME"])


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
    identity = message_id(draft.key)
    row = {
        "key": draft.key, "message_id": identity, "recipient": draft.recipient,
        "address": _storable(draft.address)[:254], "subject": _storable(draft.subject)[:300],
        "priority": int(not draft.urgent), "queued_at": draft.since or now,
        "send_after": send_after, "attempts": 0, "unknown_outcomes": 0, "as_of": draft.as_of,
        "state": "queued", "content": b"", "reply": None, "finished_at": None,
    }  # fmt: skip
    try:
        row["content"] = build(draft, sender(), message_id=identity, now=now)
    except Invalid as error:
        # One wrong address must not keep the others' letters back; it shows on Delivery.
        reason = f"cannot be built: {error}"
        row |= {"state": "refused", "reply": _storable(reason)[:500], "finished_at": now}
    return row


def _storable(text: str) -> str:
    """Return text that every database holds, whatever it is made of."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def _change(letter_id: int, states: Collection[str], **values: object) -> None:
    changed = db.session.execute(
        sa.update(Letter).where(Letter.id == letter_id, Letter.state.in_(states)).values(**values),
        execution_options={"synchronize_session": "fetch"},
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        if db.session.get(Letter, letter_id) is None:
            raise NotFound("There is no such letter.")
        raise Conflict(_("Only a refused letter, or one with unknown outcome, can be changed so."))
