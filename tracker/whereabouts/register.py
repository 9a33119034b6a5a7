"""What is due because of a trip: that somebody says the traveller is back."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.models import Person
from tracker.rules.book import RuleBook
from tracker.rules.register import Rows, due
from tracker.rules.standing import OPEN
from tracker.whereabouts.models import Trip

BACK = "TRIP-BACK"
CONFIRMED = "The return is confirmed."
PREFIX = "trip/"


def rows(person_ids: Sequence[int], book: RuleBook, *, today: date) -> Rows:
    """Return the returns to be confirmed by these persons, by person, rule and trip.

    Nothing else of the trip goes into them: they outlive it.
    """
    if not book.has(BACK):
        return {}
    trips = db.session.scalars(
        sa.select(Trip)
        .join(Person, Person.id == Trip.person_id)
        .where(
            Trip.person_id.in_(person_ids), Trip.cancelled_at.is_(None),
            Person.status != "departed",
        )
    )  # fmt: skip
    return {
        (trip.person_id, BACK, f"{PREFIX}{trip.id}"): due(
            BACK, trip.returns_on, book, state="open" if trip.returned_on is None else "met",
            reason=OPEN if trip.returned_on is None else CONFIRMED,
        )
        for trip in trips
    }  # fmt: skip
