"""Read trips: those of one person, and the lists of the office."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.facts.models import Person
from tracker.whereabouts.models import Trip

#: Away today, not confirmed though they should be back, still to come, back or called off.
VIEWS = ("away", "late", "coming", "over")
_GOES = Trip.cancelled_at.is_(None)
_NOT_BACK = sa.and_(_GOES, Trip.returned_on.is_(None))


def get(trip_id: int) -> Trip:
    """Return a trip; NotFound if there is none."""
    found = db.session.get(Trip, trip_id)
    if found is None:
        raise NotFound(_("There is no such trip."))
    return found


def of_person(person_id: int) -> list[Trip]:
    """Return the trips of a person that are still kept, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Trip)
            .filter_by(person_id=person_id)
            .order_by(Trip.leaves_on.desc(), Trip.id.desc())
        )
    )


def listing(
    scope: Scope, view: str, *, today: date, offset: int = 0, most: int = 100
) -> list[Trip]:
    """Return trips of one list within `scope` with their persons, the next to end first."""
    wanted = (
        _within(scope, view, today, sa.select(Trip))
        .options(sa.orm.contains_eager(Trip.person))
        .order_by(Trip.returns_on.desc() if view == "over" else Trip.returns_on, Trip.id)
    )
    return list(db.session.scalars(wanted.offset(offset).limit(most)))


def counts(scope: Scope, *, today: date) -> dict[str, int]:
    """Return how many trips there are in each list."""
    return {
        view: db.session.scalar(_within(scope, view, today, sa.select(sa.func.count(Trip.id)))) or 0
        for view in VIEWS
    }


def away_between(scope: Scope, first: date, last: date, *, most: int) -> list[Trip]:
    """Return the trips that touch some days, the first to leave first."""
    wanted = _of(scope, sa.select(Trip)).where(
        _GOES, Trip.leaves_on <= last, sa.func.coalesce(Trip.returned_on, Trip.returns_on) >= first
    )
    wanted = wanted.options(sa.orm.contains_eager(Trip.person))
    return list(db.session.scalars(wanted.order_by(Trip.leaves_on, Trip.id).limit(most)))


def on_day(day: date, *, today: date) -> list[Trip]:
    """Return the trips because of which somebody was or will be away on a day.

    Up to today whoever did not say that they are back counts as away.
    """
    still = Trip.returns_on >= day
    if day <= today:
        still = sa.or_(still, Trip.returned_on.is_(None))
    return list(
        db.session.scalars(
            sa.select(Trip)
            .where(
                _GOES, Trip.leaves_on <= day, still,
                sa.or_(Trip.returned_on.is_(None), Trip.returned_on > day),
            )
            .order_by(Trip.leaves_on, Trip.id)
        )
    )  # fmt: skip


def _within(scope: Scope, view: str, today: date, select: sa.Select[Any]) -> sa.Select[Any]:
    recently = today - timedelta(days=90)
    which: dict[str, Sequence[sa.ColumnElement[bool]]] = {
        "away": (_NOT_BACK, Trip.leaves_on <= today, Trip.returns_on >= today),
        "late": (_NOT_BACK, Trip.returns_on < today),
        "coming": (_NOT_BACK, Trip.leaves_on > today),
        "over": (~_NOT_BACK, Trip.returns_on >= recently),
    }
    return _of(scope, select).where(*which[view])


def _of(scope: Scope, select: sa.Select[Any]) -> sa.Select[Any]:
    joined = select.select_from(Trip).join(Person, Person.id == Trip.person_id)
    if scope.everybody:
        return joined
    if scope.unit_id is not None:
        return joined.where(Person.unit_id == scope.unit_id)
    return joined.where(Person.id == (scope.person_id or 0))
