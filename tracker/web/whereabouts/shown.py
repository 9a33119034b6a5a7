"""Trips as other pages of the office show them."""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.accounts.scope import scope_of
from tracker.core import clock
from tracker.web.access import viewer
from tracker.web.whereabouts import heeded
from tracker.whereabouts import clashes, links, queries
from tracker.whereabouts.models import Trip, TripLink

#: Names on the board; the rest is counted.
MOST = 8


@dataclass(frozen=True, slots=True)
class OfPerson:
    """The trips of a person that are still kept, and their personal link, if one works."""

    trips: list[Trip]
    link: TripLink | None


@dataclass(frozen=True, slots=True)
class Week:
    """Who is away this week: the first of them, and how many there are."""

    trips: list[Trip]
    count: int


def of_person(person_id: int) -> OfPerson:
    """Return what is known of a person's trips."""
    now = clock.now()
    return OfPerson(queries.of_person(person_id), links.working_of(person_id, now=now))


def this_week(today: date) -> Week:
    """Return who of those the reader may see is away between today and Sunday."""
    sunday = today + timedelta(days=6 - today.weekday())
    found = queries.away_between(scope_of(viewer()), today, sunday, most=500)
    return Week(found[:MOST], len(found))


def warnings(trip: Trip) -> list[str]:
    """Return what was told when a trip was declared."""
    return [heeded.told(each) for each in clashes.read(trip.warnings)]
