"""Declare trips, confirm returns, call trips off. Flushes; the caller commits."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.facts.queries import person_for_change
from tracker.whereabouts import clashes
from tracker.whereabouts.clashes import Clash
from tracker.whereabouts.declaring import LONGEST, Declared
from tracker.whereabouts.models import Trip

#: How records name somebody who used a personal link.
BY_LINK = "link"


def declare(
    person_id: int, told: Declared, warnings: Sequence[Clash], *, form_id: str, by: str,
    at: datetime,
) -> Trip:  # fmt: skip
    """Record a trip with what was warned of; the same form again returns the trip it made.

    Conflict where the person is away already on some of these days.
    """
    person_for_change(person_id)
    if (known := of_form(person_id, form_id)) is not None:
        return known
    overlapping = sa.select(Trip.id).where(
        Trip.person_id == person_id, Trip.cancelled_at.is_(None),
        Trip.leaves_on < told.returns_on,
        sa.func.coalesce(Trip.returned_on, Trip.returns_on) > told.leaves_on,
    )  # fmt: skip
    if db.session.scalar(overlapping.limit(1)) is not None:
        raise Conflict(leaves_on=_("Another trip covers some of these days. Call it off first."))
    trip = Trip(
        person_id=person_id, scope=told.scope, leaves_on=told.leaves_on,
        returns_on=told.returns_on, destination=told.destination, country=told.country,
        contact=told.contact, purpose=told.purpose, warnings=clashes.stored(warnings),
        form_id=form_id, declared_at=at, declared_by=by,
    )  # fmt: skip
    db.session.add(trip)
    db.session.flush()
    return trip


def of_form(person_id: int, form_id: str) -> Trip | None:
    """Return what a form has declared already."""
    return db.session.scalar(sa.select(Trip).filter_by(person_id=person_id, form_id=form_id))


def for_change(trip_id: int) -> Trip:
    """Return a trip as it is now, kept from others until the transaction ends."""
    found = db.session.get(Trip, trip_id, populate_existing=True, with_for_update={"of": Trip})
    if found is None:
        raise NotFound(_("There is no such trip."))
    return found


def confirm(trip: Trip, returned_on: date, *, by: str, at: datetime) -> None:
    """Note that somebody is back; said twice, the first word stands."""
    if trip.cancelled_at is not None:
        raise Conflict(_("This trip was called off."))
    if trip.returned_on is None:
        trip.returned_on, trip.returned_at, trip.returned_by = returned_on, at, by
        db.session.flush()


def extend(trip: Trip, returns_on: date, warnings: Sequence[Clash], *, today: date) -> None:
    """Plan the return for another day, with what is warned of then."""
    if trip.over:
        raise Conflict(_("This trip is over."))
    if not max(trip.leaves_on, today) <= returns_on <= trip.leaves_on + LONGEST:
        raise Invalid(returns_on=_("Give a day from today on, not before the day of leaving."))
    trip.returns_on, trip.warnings = returns_on, clashes.stored(warnings)
    db.session.flush()


def cancel(trip: Trip, *, by: str, at: datetime) -> None:
    """Call a trip off; Conflict once somebody is back from it."""
    if trip.returned_on is not None:
        raise Conflict(_("This trip is over."))
    if trip.cancelled_at is None:
        trip.cancelled_at, trip.cancelled_by = at, by
        db.session.flush()
