"""One person's checks as the health desk works with them: each reading is on the trail."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from tracker.accounts.scope import keeps_health
from tracker.core import clock
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.files import service as files
from tracker.files import store
from tracker.health import results, schedules
from tracker.health.models import RESULTS, HealthRound
from tracker.health.results import SHELF, Booking
from tracker.web import forms
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.editing import aside, within
from tracker.web.headers import LOCKED
from tracker.web.health_checks import personal
from tracker.web.health_checks.within import actor, for_the_desk, note, note_reading

bp = Blueprint("person_health", __name__)
PAGE = within.PERSON + "/health"
_Number = validate.Range(0, 2**31 - 1)


def optional_text(longest: int) -> fields.String:
    """Return a box that may be empty."""
    return fields.String(load_default="", validate=validate.Length(max=longest))


class RoundForm(forms.Form):
    """Which round of which schedule."""

    schedule = fields.Integer(required=True, validate=_Number)
    number = fields.Integer(required=True, validate=_Number)


class BookingForm(RoundForm):
    """When and where."""

    booked_on = forms.OptionalDay()
    time = optional_text(5)
    place = optional_text(120)
    note = optional_text(300)
    due_on = forms.OptionalDay()


class ResultForm(RoundForm):
    """On which day, with which result."""

    done_on = forms.OptionalDay()
    result = fields.String(required=True, validate=validate.OneOf(RESULTS))


@bp.get(PAGE)
@roles(*OFFICE)
@for_the_desk
def show(person_id: int) -> ResponseReturnValue:
    """Show a person's rounds, results, exemptions and consent; the reading is noted first."""
    return personal.page(person_id)


@bp.post(PAGE + "/booking")
@roles(*OFFICE)
@for_the_desk
def book(person_id: int) -> ResponseReturnValue:
    """Note when and where a person is to be examined."""

    def work() -> str:
        typed = forms.typed(BookingForm())
        booking = Booking(
            at=_instant(typed), place=typed["place"].strip(), note=typed["note"].strip(),
            due_on=typed["due_on"],
        )  # fmt: skip
        schedule = schedules.get(typed["schedule"])
        results.book(schedule, typed["number"], person_id, booking, by=actor(), at=clock.now())
        note("health check booked", f"person:{person_id}", schedule=schedule.id)
        return _("The appointment is noted.")

    return personal.do(person_id, work)


@bp.post(PAGE + "/result")
@roles(*OFFICE)
@for_the_desk
def record(person_id: int) -> ResponseReturnValue:
    """Record the day and the result of an examination."""

    def work() -> str:
        typed = forms.typed(ResultForm())
        if typed["done_on"] is None:
            raise Invalid(done_on=_("Give the day like 2026-11-30."))
        schedule = schedules.get(typed["schedule"])
        results.record(schedule, typed["number"], person_id, done_on=typed["done_on"],
                       result=typed["result"], by=actor(), at=clock.now())  # fmt: skip
        note("health result recorded", f"person:{person_id}", schedule=schedule.id)
        return _("The result is recorded.")

    return personal.do(person_id, work)


@bp.post(PAGE + "/certificate")
@roles(*OFFICE)
@for_the_desk
def certify(person_id: int) -> ResponseReturnValue:
    """Keep the certificate of a round where only the health desk and the person find it."""
    sent = aside.received()

    def work() -> str:
        typed = forms.typed(RoundForm())
        row = results.of_round(typed["schedule"], typed["number"], [person_id]).get(person_id)
        if row is None:
            raise Invalid(file=_("Record the result first."))
        if sent is None:
            raise Invalid(file=_("Choose a file first."))
        with files.uploading() as written:
            dropped = results.certify(row, sent.data, title=sent.title, by=actor(),
                                      at=clock.now(), written=written)  # fmt: skip
            note("health certificate kept", f"person:{person_id}", schedule=row.schedule_id)
            db.session.commit()
        for name in dropped:
            store.drop(name)
        return _("The certificate is kept.")

    return personal.do(person_id, work)


@bp.post(PAGE + "/clear")
@roles(*OFFICE)
@for_the_desk
def clear(person_id: int) -> ResponseReturnValue:
    """Take away what was recorded of a round by mistake."""
    dropped: list[str] = []

    def work() -> str:
        typed = forms.typed(RoundForm())
        row = results.of_round(typed["schedule"], typed["number"], [person_id]).get(person_id)
        if row is None:
            raise NotFound
        dropped.extend(results.clear(row, by=actor(), at=clock.now()))
        note("health round cleared", f"person:{person_id}", schedule=typed["schedule"])
        return _("Nothing is recorded of this round any more.")

    answer = personal.do(person_id, work)
    for name in dropped:
        store.drop(name)
    return answer


@bp.get("/health/certificates/" + within.ID.format("file_id"))
@roles(*OFFICE, "expert")
def certificate(file_id: int) -> Response:
    """Hand out a certificate to the person or, noting it, to the health desk."""
    row = files.get(file_id, SHELF)
    of_round = db.session.query(HealthRound).filter_by(attachment_id=row.id).first()
    account, person_id = viewer(), row.person_id
    own = account.role == "expert" and account.person_id == person_id
    if of_round is None or of_round.purge_on is not None or not (own or keeps_health(account)):
        raise NotFound
    if not own:
        note_reading(person_id)
        row = files.get(file_id, SHELF)
    answer = send_file(
        store.present(store.path_of(row.stored_as)), mimetype=row.media_type, as_attachment=True,
        download_name=row.title, etag=row.sha256, max_age=0,
    )  # fmt: skip
    answer.headers.update(LOCKED)
    return answer


def _instant(typed: dict[str, Any]) -> datetime | None:
    if typed["booked_on"] is None:
        return None
    try:
        text = f"{typed['booked_on'].isoformat()}T{typed['time'] or '08:00'}"
        return datetime.fromisoformat(text).replace(tzinfo=CAMPUS)
    except ValueError:
        raise Invalid(time=_("Write the time like 08:30.")) from None
