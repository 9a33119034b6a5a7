"""What cabinets report: signed, kept once each, put in their place in time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from tracker import pipeline
from tracker.accounts import audit
from tracker.api.answers import Unauthorized
from tracker.api.blueprint import Blueprint
from tracker.api.bodies import limit_body
from tracker.core import clock
from tracker.core.db import db
from tracker.custody import cabinets, office, reported
from tracker.custody.models import HOLDERS
from tracker.custody.reported import STATES, Reported
from tracker.facts.kinds import reckonable

KEY, SIGNATURE = "X-Cabinet-Key", "X-Cabinet-Signature"
MOST = 100
bp = Blueprint(
    "custody",
    "Events of cabinets that keep passports and permits.\n\n"
    "**Signing.** The office enters the cabinet on the page *Cabinets* and gets the name of a key "
    f"and a secret, shown once. Send the name as `{KEY}` and as `{SIGNATURE}` the text `sha256=` "
    "with the hexadecimal HMAC-SHA256 of the exact bytes of the body, keyed by the characters of "
    "the secret. A rotated key works seven days longer, a revoked one not at all; what is wrong "
    "with a signature is always answered 401 and nothing is kept.\n\n"
    "**Once.** Give each event an `id` of its own and keep it until it is answered; then sending "
    "again is safe, alone or among others. `kept`: new. `known`: kept before. `differs`: this "
    "`id` was used for something else; what was kept first stands, and the office is told. "
    "`unknown_item`: kept, but no document of ours has this number; the office sorts it out. "
    "Delete an event from the queue once it is in an answer, whatever its state.\n\n"
    "**Order.** `sequence` grows by one with each event and never begins anew. Send late and in "
    "any order: each event takes its place, and where a document is follows from the newest. "
    "`at` is the cabinet's own clock, `sent_at` the same clock when sending: if that differs from "
    "ours by more than two minutes the times are corrected, the answer says so "
    "(`clock_off_seconds`), and so does the page of cabinets.",
)


class EventSchema(Schema):
    """A document put in or taken out."""

    component = "CabinetEvent"
    id = fields.String(required=True, validate=validate.Regexp(r"^[!-~]{1,64}$"))
    sequence = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**53 - 1))
    at = fields.AwareDateTime(required=True, validate=lambda at: reckonable(at.date()))
    action = fields.String(required=True, validate=validate.OneOf(("in", "out")))
    document = fields.String(
        required=True, validate=validate.Length(1, 60),
        metadata={"description": "The number of the document, or that on its sleeve."},
    )  # fmt: skip
    holder = fields.String(validate=validate.OneOf(HOLDERS), load_default="person")
    to_whom = fields.String(validate=validate.Length(max=120), load_default="")
    reason = fields.String(validate=validate.Length(max=200), load_default="")
    due_on = fields.Date(
        load_default=None, allow_none=True, validate=reckonable,
        metadata={"description": "When it is due back; the office's usual time if left out."},
    )  # fmt: skip


class EventsSchema(Schema):
    """What a cabinet has to tell."""

    component = "CabinetEvents"
    sent_at = fields.AwareDateTime(required=True, validate=lambda at: reckonable(at.date()))
    events = fields.List(
        fields.Nested(EventSchema), required=True, validate=validate.Length(1, MOST)
    )


class ResultSchema(Schema):
    """What became of one event."""

    component = "CabinetResult"
    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class ResultsSchema(Schema):
    """What became of the events, in the order in which they were sent."""

    component = "CabinetResults"
    results = fields.List(fields.Nested(ResultSchema), required=True)
    clock_off_seconds = fields.Integer(
        required=True,
        metadata={"description": "How far the cabinet's clock is behind ours (minus: ahead)."},
    )


def signed(view: Callable[..., Response]) -> Callable[..., Response]:
    """Run a view in one transaction if a cabinet signed the body, before anything of it is read."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Response:
        limit_body()
        cabinet = cabinets.signed_by(
            request.headers.get(KEY, ""), request.headers.get(SIGNATURE, ""),
            request.get_data(), now=clock.now(),
        )  # fmt: skip
        if cabinet is None:
            db.session.rollback()
            raise Unauthorized(_("Sign the body with a key that is good: see the description."))
        g.cabinet_id = cabinet.id
        try:
            answer = view(*args, **kwargs)
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        return answer

    return run


@bp.signed(
    "/custody/events", ResultsSchema(), body=EventsSchema(), by=signed,
    reason="a cabinet signs what it sends with a key of its own",
)  # fmt: skip
def report_events(body: dict[str, Any]) -> dict[str, Any]:
    """Report what was put into a cabinet and taken out."""
    now = clock.now()
    events = [_event(each) for each in body["events"]]
    outcome = reported.take_down(
        g.cabinet_id, events, sent_at=body["sent_at"], now=now,
        days=office.due_back_after_days(),
    )  # fmt: skip
    if outcome.person_ids:
        pipeline.refresh(outcome.person_ids, today=clock.today(), now=now)
    strange = [uid for uid, state in outcome.states.items() if state == "differs"]
    if strange:
        audit.record(actor=f"cabinet:{g.cabinet_id}", action="cabinet events differ", at=now,
                     subject=f"cabinet:{g.cabinet_id}", details={"events": strange})  # fmt: skip
    return {
        "results": [{"id": each.uid, "state": outcome.states[each.uid]} for each in events],
        "clock_off_seconds": outcome.clock_off,
    }


def _event(told: dict[str, Any]) -> Reported:
    return Reported(
        told["id"], told["sequence"], told["at"], told["action"], told["document"],
        told["holder"], told["to_whom"], told["reason"], told["due_on"],
    )  # fmt: skip
