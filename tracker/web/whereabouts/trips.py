"""The trips of those the reader may see: lists, each one's page, returns confirmed."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import pipeline
from tracker.accounts import audit
from tracker.accounts.scope import scope_of
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.web import forms
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.editing import within
from tracker.web.editing.sheet import actor
from tracker.web.forms import asked, page_number
from tracker.web.paths import same_site
from tracker.web.whereabouts import heeded, shown
from tracker.whereabouts import declaring, queries, service
from tracker.whereabouts.clashes import Clash, Journey
from tracker.whereabouts.models import Trip

bp = Blueprint("trips", __name__)
TRIP = "/whereabouts/trips/" + within.ID.format("trip_id")
PAGE = 100
#: Who confirms, puts off and calls off: the office, the unit, the traveller.
HANDS = (*OFFICE, "unit_secretary", "expert")


@bp.get("/whereabouts")
@roles(*READERS, "unit_secretary")
def show() -> ResponseReturnValue:
    """Show one list of trips."""
    today, scope = clock.today(), scope_of(viewer())
    view = asked("view") if asked("view") in queries.VIEWS else "away"
    page = page_number()
    found = queries.listing(scope, view, today=today, offset=(page - 1) * PAGE, most=PAGE + 1)
    return render_template(
        "whereabouts/list.html", trips=found[:PAGE], view=view, page=page, today=today,
        more=len(found) > PAGE, counts=queries.counts(scope, today=today),
        warnings=shown.warnings, may_change=viewer().role in (*OFFICE, "unit_secretary"),
    )  # fmt: skip


@bp.get(TRIP)
@roles(*READERS, "unit_secretary", "expert")
def show_one(trip_id: int) -> ResponseReturnValue:
    """Show a trip: what was declared, what was warned of, what is so today."""
    trip = _mine(queries.get(trip_id))
    return _page(trip)


@bp.post(TRIP + "/back")
@roles(*HANDS)
def back(trip_id: int) -> ResponseReturnValue:
    """Confirm the return, today unless another day is given."""

    def act(trip: Trip, today: date) -> None:
        day = declaring.checked_return(
            request.form.get("returned_on", ""), trip.leaves_on, today=today
        )
        service.confirm(trip, day, by=actor(), at=clock.now())

    return _change(trip_id, "trip: back", act, _("The return is noted."))


@bp.post(TRIP + "/later")
@roles(*HANDS)
def later(trip_id: int) -> ResponseReturnValue:
    """Plan the return for another day."""

    def act(trip: Trip, today: date) -> None:
        day = _day(request.form.get("returns_on", ""))
        journey = Journey(trip.scope, trip.leaves_on, day)
        service.extend(trip, day, heeded.of(trip.person_id, journey, today=today), today=today)

    return _change(trip_id, "trip: later", act, _("The new day of the return is noted."))


@bp.post(TRIP + "/cancel")
@roles(*HANDS)
def cancel(trip_id: int) -> ResponseReturnValue:
    """Call a trip off."""

    def act(trip: Trip, _today: date) -> None:
        service.cancel(trip, by=actor(), at=clock.now())

    return _change(trip_id, "trip: called off", act, _("The trip is called off."))


def _change(
    trip_id: int, action: str, act: Callable[[Trip, date], None], said: str
) -> ResponseReturnValue:
    """Do something about a trip the reader may see, derive what follows, and go back."""
    forms.refuse_nul()
    now, today = clock.now(), clock.today()
    trip = _mine(service.for_change(trip_id))
    try:
        act(trip, today)
    except TrackerError as error:
        db.session.rollback()
        return _page(queries.get(trip_id), error.messages), error.status
    audit.record(actor=actor(), action=action, subject=f"person:{trip.person_id}", at=now,
                 details={"trip": trip.id})  # fmt: skip
    pipeline.refresh([trip.person_id], today=today, now=now)
    db.session.commit()
    flash(said)
    return redirect(same_site(request.form.get("next")) or _home(trip), 303)


def _home(trip: Trip) -> str:
    if viewer().role == "expert":
        return url_for("person.show", person_id=trip.person_id)
    return url_for("trips.show_one", trip_id=trip.id)


def _mine(trip: Trip) -> Trip:
    within.person(trip.person_id)
    return trip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(returns_on=_("Write the day like 2026-11-30.")) from None


def _page(trip: Trip, errors: dict[str, list[str]] | None = None) -> str:
    today = clock.today()
    journey = Journey(trip.scope, trip.leaves_on, trip.returns_on)
    now: list[Clash] = [] if trip.over else heeded.of(trip.person_id, journey, today=today)
    recorded = shown.warnings(trip)
    return render_template(
        "whereabouts/trip.html", trip=trip, today=today, errors=errors or {},
        recorded=recorded, since=[text for text in map(heeded.told, now) if text not in recorded],
        may_change=viewer().role in HANDS,
    )  # fmt: skip
