"""Who is where on a day."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import make_person, record
from tests.whereabouts.test_trips import RETURNS, TODAY, at, declare
from tracker.core.clock import CAMPUS
from tracker.whereabouts import service, where

EARLY = datetime(2026, 1, 6, tzinfo=UTC)


def found(day, today=TODAY):
    return {each.person_id: each for each in where.everybody(day, today=today)}


def test_somebody_is_away_from_the_day_of_leaving_to_that_of_the_return(app):
    person = make_person(phone="13900000000")
    record(person, "accommodation", EARLY, building="东院外专楼",
           moved_in_at=datetime(2026, 1, 6, tzinfo=CAMPUS))  # fmt: skip
    declare(person)

    places = {day: found(day)[person.id].place for day in (
        date(2026, 11, 25), date(2026, 11, 26), RETURNS, date(2026, 12, 5)
    )}  # fmt: skip
    there = found(RETURNS)[person.id]

    assert list(places.values()) == ["here", "country", "country", "here"]
    assert (there.lives, there.phone, there.country) == ("东院外专楼", "13900000000", "FRA")
    assert where.countries([there]) == [("FRA", 1)]


def test_whoever_did_not_say_they_are_back_counts_as_away(app):
    person = make_person()
    trip = declare(person)
    later = date(2026, 12, 6)

    silent = found(later, today=later)[person.id]
    service.confirm(trip, date(2026, 12, 5), by="link", at=at(later))

    assert (silent.place, silent.late) == ("country", True)
    assert found(later, today=later)[person.id].place == "here"
    assert found(date(2026, 12, 4), today=later)[person.id].place == "country"


def test_who_has_departed_or_is_still_to_come_is_not_on_the_list(app):
    make_person(status="recruiting")
    gone = make_person(status="departed", email="g@example.org")
    here = make_person(status="on_leave", email="h@example.org")

    assert list(found(TODAY)) == [here.id]
    assert gone.id not in found(TODAY)


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ({}, True), ({"place": "away"}, True), ({"place": "here"}, False),
        ({"country": "FRA"}, True), ({"country": "DEU"}, False), ({"unit": "物理学院"}, True),
        ({"unit": "化学学院"}, False), ({"building": "西院"}, False),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(app, wanted, taken):
    person = make_person()
    declare(person)

    assert where.Wanted(**wanted).takes(found(RETURNS)[person.id]) is taken
