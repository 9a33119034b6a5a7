"""Health checks: schedules with counts, a person's rounds for who may read them, results in."""

from typing import Any

from marshmallow import Schema, fields, validate

from tracker.accounts.scope import keeps_health
from tracker.api.blueprint import Blueprint
from tracker.api.changes import actor, note, visible
from tracker.core import clock
from tracker.core.errors import Forbidden
from tracker.core.i18n import gettext as _
from tracker.facts import kinds
from tracker.health import consents, results, schedules, standing
from tracker.health.models import KINDS, RESULTS, TOLD, HealthSchedule
from tracker.health.rounds import Round
from tracker.web.access import OFFICE, viewer
from tracker.web.health_checks import overview
from tracker.web.health_checks.within import note_reading, refresh, round_of

bp = Blueprint("health", "Health checks: schedules, rounds and results")
_Id = validate.Range(1, 2**31 - 1)
_PLAIN = ("id", "title_zh", "title_en", "kind", "starts_on", "ends_on", "every", "every_unit",
          "basis", "citation", "by_law", "tell_units")  # fmt: skip


class ScheduleSchema(Schema):
    """A schedule, and how many stand where in the round last due."""

    component = "HealthSchedule"
    id = fields.Integer(required=True)
    title_zh = fields.String(required=True)
    title_en = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    every = fields.Integer(required=True, allow_none=True)
    every_unit = fields.String(required=True, allow_none=True)
    basis = fields.String(required=True)
    citation = fields.String(required=True)
    by_law = fields.Boolean(
        required=True, metadata={"description": "It goes on without consent."}
    )  # fmt: skip
    tell_units = fields.String(required=True, validate=validate.OneOf(TOLD))
    round = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class RoundSchema(Schema):
    """A round of a person. A result is there only while it may be kept."""

    component = "HealthRound"
    schedule_id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(standing.STATES))
    booked_at = fields.AwareDateTime(required=True, allow_none=True)
    place = fields.String(required=True)
    note = fields.String(required=True)
    done_on = fields.Date(required=True, allow_none=True)
    result = fields.String(required=True, allow_none=True, validate=validate.OneOf(RESULTS))


class PersonHealth(Schema):
    """A person's consent and rounds."""

    person_id = fields.Integer(required=True)
    consent_version = fields.String(required=True, allow_none=True)
    consent_given_on = fields.Date(required=True, allow_none=True)
    rounds = fields.List(fields.Nested(RoundSchema), required=True)


class ResultSchema(Schema):
    """One person's day and result, as a clinic reports it."""

    component = "HealthResult"
    person_id = fields.Integer(required=True, strict=True, validate=_Id)
    done_on = fields.Date(required=True, validate=kinds.reckonable)
    result = fields.String(required=True, validate=validate.OneOf(RESULTS))


class Results(Schema):
    """What a clinic reports of a round."""

    component = "HealthResults"
    results = fields.List(
        fields.Nested(ResultSchema), required=True, validate=validate.Length(1, 500)
    )


class Refusal(Schema):
    """Why nothing was recorded of a person."""

    component = "HealthRefusal"
    person_id = fields.Integer(required=True)
    why = fields.String(required=True)


class Recorded(Schema):
    """How many were recorded, and who was not; no result comes back."""

    component = "HealthRecorded"
    recorded = fields.Integer(required=True)
    refused = fields.List(fields.Nested(Refusal), required=True)


@bp.read("/health/schedules", ScheduleSchema(many=True), scope="people:read",
         to=(*OFFICE, "head"))  # fmt: skip
def list_schedules() -> Any:
    """List the health schedules with counts, the ones that run longest first."""
    return [_shown(each) for each in schedules.everything()]


@bp.read("/people/<id:person_id>/health", PersonHealth(), scope="people:read",
         to=(*OFFICE, "expert"))  # fmt: skip
def read_person_health(person_id: int) -> Any:
    """Read a person's rounds and results; the audit trail keeps that somebody else did."""
    person = visible(person_id)
    if viewer().role != "expert":
        _require_desk()
        note_reading(person_id)
        person = visible(person_id)
    consent = consents.standing(person_id)
    return {
        "person_id": person_id,
        "consent_version": consent.version if consent else None,
        "consent_given_on": consent.given_on if consent else None,
        "rounds": [
            _round(each) for each in overview.of_person(person, today=clock.today())
        ],
    }  # fmt: skip


@bp.write("POST", "/health/schedules/<id:schedule_id>/rounds/<int(max=1000):number>/results",
          Recorded(), scope="people:write", to=OFFICE, body=Results())  # fmt: skip
def record_results(body: dict[str, Any], schedule_id: int, number: int) -> Any:
    """Record what a clinic reports of a round; whoever is refused is named with the reason."""
    _require_desk()
    schedule = schedules.get(schedule_id)
    each = round_of(schedule, number)
    asked = {line.person_id for line in standing.lines(schedule, each, on=clock.today())}
    told = {row["person_id"]: (row["done_on"], row["result"]) for row in body["results"]}
    refused = {
        who: _("This person is not asked in this round.") for who in told if who not in asked
    }
    known = {who: told[who] for who in told if who in asked}
    refused |= results.record_many(schedule, number, known, by=actor(), at=clock.now())
    saved = sorted(set(told) - set(refused))
    refresh(saved)
    note("health results recorded", f"health_schedule:{schedule_id}", round=number,
         count=len(saved))  # fmt: skip
    return {
        "recorded": len(saved),
        "refused": [{"person_id": who, "why": why} for who, why in sorted(refused.items())],
    }


def _require_desk() -> None:
    if not keeps_health(viewer()):
        raise Forbidden(_("Only accounts that work with health checks read and record results."))


def _shown(schedule: HealthSchedule) -> dict[str, Any]:
    today = clock.today()
    each = standing.rhythm_of(schedule).latest(today) or Round(0, schedule.starts_on)
    on = min(today, schedule.ends_on)
    return {name: getattr(schedule, name) for name in _PLAIN} | {
        "round": each.number, "due_on": each.due_on,
        "counts": standing.counts(schedule, each, on=on),
    }  # fmt: skip


def _round(each: overview.Shown) -> dict[str, Any]:
    row = each.row
    return {
        "schedule_id": each.schedule.id, "number": each.round.number, "due_on": each.due_on,
        "state": each.state, "booked_at": row.booked_at if row else None,
        "place": row.place if row else "", "note": row.note if row else "",
        "done_on": row.done_on if row else None, "result": row.result if row else None,
    }  # fmt: skip
