"""Letters and what became of them; holds; is the machinery at work."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from marshmallow import RAISE, Schema, fields, validate

from tracker import pipeline
from tracker.api import paging
from tracker.api.blueprint import Blueprint
from tracker.api.changes import actor, note
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.outbox import queue, status
from tracker.outbox.models import Hold, Letter
from tracker.web import running
from tracker.web.access import OFFICE, READERS
from tracker.web.delivery import TABS, text_of
from tracker.web.recipients import names_of

bp = Blueprint("letters", "Letters, holds, and whether they leave")
OF_LETTER = "/letters/<id:letter_id>"


class LettersQuery(paging.Paged):
    """Which letters."""

    state = fields.String(validate=validate.OneOf(TABS))
    person_id = fields.Integer(validate=validate.Range(1, 2**31 - 1))


class LetterSchema(Schema):
    """One letter, as lists show it."""

    component = "Letter"
    id = fields.Integer(required=True)
    message_id = fields.String(required=True)
    recipient = fields.String(required=True, metadata={"example": "person:7"})
    name = fields.String(required=True)
    address = fields.String(required=True)
    subject = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(TABS))
    priority = fields.Integer(required=True)
    queued_at = fields.AwareDateTime(required=True)
    send_after = fields.AwareDateTime(required=True)
    attempts = fields.Integer(required=True)
    reply = fields.String(required=True, allow_none=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_by = fields.String(required=True, allow_none=True)


class AttemptSchema(Schema):
    """One try to hand it over, and what the server said."""

    component = "Attempt"
    attempt = fields.Integer(required=True)
    ended_at = fields.AwareDateTime(required=True)
    outcome = fields.String(required=True)
    reply = fields.String(required=True, allow_none=True)


class WholeLetter(LetterSchema):
    """A letter with its text and every try."""

    component = "WholeLetter"
    text = fields.String(required=True)
    tries = fields.List(fields.Nested(AttemptSchema), required=True)


class HoldSchema(Schema):
    """Why nothing leaves, or left for a while."""

    component = "Hold"
    id = fields.Integer(required=True)
    cause = fields.String(required=True)
    detail = fields.String(required=True)
    since_at = fields.AwareDateTime(required=True)
    retry_at = fields.AwareDateTime(required=True, allow_none=True)
    released_at = fields.AwareDateTime(required=True, allow_none=True)
    released_by = fields.String(required=True, allow_none=True)


class HoldsQuery(paging.Paged):
    """Which holds."""

    standing = fields.Boolean(
        load_default=False, metadata={"description": "Only those that stand now."}
    )


class Release(Schema):
    """How a hold ends."""

    class Meta:
        unknown = RAISE

    forgo = fields.Boolean(
        load_default=False,
        metadata={"description": "Put the waiting letters aside, as they may have gone out."},
    )


class StatusSchema(Schema):
    """Whether reminders leave."""

    component = "Status"
    scheduler_alive = fields.Boolean(required=True)
    scheduler_seen_at = fields.AwareDateTime(required=True, allow_none=True)
    planned_for = fields.Date(required=True, allow_none=True)
    planned_at = fields.AwareDateTime(required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    problems = fields.Integer(required=True)
    hold_id = fields.Integer(required=True, allow_none=True)


@bp.read("/letters", LetterSchema(many=True), scope="letters:read", to=READERS,
         query=LettersQuery(), headers=paging.HEADERS)  # fmt: skip
def list_letters(query: dict[str, Any]) -> Any:
    """List letters, the newest first."""
    wanted = [Letter.state == query["state"]] if "state" in query else []
    if "person_id" in query:
        wanted.append(Letter.recipient == f"person:{query['person_id']}")
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Letter).where(*wanted)) or 0
    offset, limit = paging.bounds(query)
    ordered = sa.select(Letter).where(*wanted).order_by(Letter.id.desc())
    letters = db.session.scalars(ordered.offset(offset).limit(limit)).all()
    return _shown(letters), paging.headers(query, total)


@bp.read(OF_LETTER, WholeLetter(), scope="letters:read", to=OFFICE)
def read_letter(letter_id: int) -> Any:
    """Read one letter: its text, and each try to deliver it."""
    return _whole(letter_id)


@bp.write("POST", OF_LETTER + "/retry", WholeLetter(), scope="letters:write", to=OFFICE)
def retry_letter(letter_id: int) -> Any:
    """Send a letter that failed once more."""
    pipeline.send_again(letter_id, now=clock.now())
    note("letter sent again", f"letter:{letter_id}")
    return _whole(letter_id)


@bp.write("POST", OF_LETTER + "/close", WholeLetter(), scope="letters:write", to=OFFICE)
def close_letter(letter_id: int) -> Any:
    """Note that a person has dealt with a letter that failed."""
    queue.close(letter_id, by=actor(), now=clock.now())
    note("letter closed", f"letter:{letter_id}")
    return _whole(letter_id)


@bp.read("/holds", HoldSchema(many=True), scope="letters:read", to=READERS, query=HoldsQuery(),
         headers=paging.HEADERS)  # fmt: skip
def list_holds(query: dict[str, Any]) -> Any:
    """List holds, the newest first."""
    wanted = [Hold.released_at.is_(None)] if query["standing"] else []
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Hold).where(*wanted)) or 0
    offset, limit = paging.bounds(query)
    ordered = sa.select(Hold).where(*wanted).order_by(Hold.id.desc())
    return db.session.scalars(ordered.offset(offset).limit(limit)).all(), paging.headers(
        query, total
    )


@bp.read("/holds/<id:hold_id>", HoldSchema(), scope="letters:read", to=READERS)
def read_hold(hold_id: int) -> Any:
    """Read one hold."""
    return _hold(hold_id)


@bp.write("POST", "/holds/<id:hold_id>/release", HoldSchema(),
          scope="letters:write", to=OFFICE, body=Release())  # fmt: skip
def release_hold(body: dict[str, Any], hold_id: int) -> Any:
    """Let letters leave again."""
    cause = _hold(hold_id).cause
    note("hold released", f"hold:{hold_id}", cause=cause, forgone=body["forgo"])
    return pipeline.release(hold_id, by=actor(), now=clock.now(), forgo=body["forgo"])


@bp.read("/status", StatusSchema(), scope="letters:read", to=READERS)
def read_status() -> Any:
    """Tell whether reminders leave, and what waits for a person."""
    found = running.look(now=clock.now())
    return {
        "scheduler_alive": found.alive, "scheduler_seen_at": found.seen_at,
        "planned_for": found.planned.ran_for if found.planned else None,
        "planned_at": found.planned.ran_at if found.planned else None,
        "waiting": found.waiting, "problems": found.problems,
        "hold_id": found.hold.id if found.hold else None,
    }  # fmt: skip


def _shown(letters: Sequence[Letter]) -> list[dict[str, Any]]:
    names = names_of(letters)
    own = [name for name in LetterSchema().fields if name != "name"]
    return [
        {name: getattr(letter, name) for name in own}
        | {"name": names.get(letter.recipient, letter.recipient)}
        for letter in letters
    ]


def _whole(letter_id: int) -> dict[str, Any]:
    letter = db.session.get(Letter, letter_id)
    if letter is None:
        raise NotFound
    tries = status.attempts(letter_id)
    return _shown([letter])[0] | {"text": text_of(letter), "tries": tries}


def _hold(hold_id: int) -> Hold:
    found = db.session.get(Hold, hold_id)
    if found is None:
        raise NotFound
    return found
