"""Trips: declared once, confirmed, chased, and gone when they are kept no longer."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import make_person
from tracker import pipeline
from tracker.accounts import service as accounts
from tracker.accounts.models import AuditEntry
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.obligations.models import Obligation
from tracker.reminders.models import Reminder
from tracker.rules.model import RulesError
from tracker.whereabouts import declaring, keeping, links, service
from tracker.whereabouts.clashes import Clash
from tracker.whereabouts.models import Trip

#: A Tuesday; the trip ends on Friday 4 December.
TODAY = date(2026, 11, 24)
LEAVES, RETURNS = date(2026, 11, 26), date(2026, 12, 4)
TYPED = {
    "scope": "country", "leaves_on": "2026-11-26", "returns_on": "2026-12-04",
    "destination": "Lyon", "country": "FRA", "contact": "+33 0 00", "purpose": "conference",
}  # fmt: skip


def at(day, hour=2):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def declare(person, form="a" * 32, warnings=(), **changes):
    told = declaring.checked(TYPED | changes, today=TODAY)
    return service.declare(person.id, told, warnings, form_id=form, by="link", at=at(TODAY))


def refresh(person, day=TODAY):
    pipeline.refresh([person.id], today=day, now=at(day))


def duty(person):
    return db.session.scalars(sa.select(Obligation).filter_by(person_id=person.id)).one()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scope": "moon"}, "scope"), ({"leaves_on": "tomorrow"}, "leaves_on"),
        ({"returns_on": "2026-11-25"}, "returns_on"), ({"destination": " "}, "destination"),
        ({"country": "CHN"}, "country"), ({"country": ""}, "country"),
        ({"leaves_on": "2028-11-26"}, "leaves_on"), ({"purpose": ""}, "purpose"),
        ({"contact": "1" * 121}, "contact"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_beside_its_box(changes, field):
    with pytest.raises(Invalid) as caught:
        declaring.checked(TYPED | changes, today=TODAY)

    assert field in caught.value.messages


def test_within_the_country_nobody_is_asked_which():
    assert declaring.checked(TYPED | {"scope": "city"}, today=TODAY).country == "CHN"


def test_a_form_sent_twice_declares_one_trip(app):
    person = make_person()
    warning = Clash("ends", "passport", last=RETURNS)

    first, second = declare(person, warnings=[warning]), declare(person, warnings=[warning])

    assert first.id == second.id
    assert first.warnings == [
        {"code": "ends", "about": "passport", "first": None, "last": "2026-12-04"}
    ]


def test_two_trips_cannot_cover_the_same_days_but_may_follow_each_other(app):
    person = make_person()
    declare(person)

    with pytest.raises(Conflict):
        declare(person, "b" * 32, leaves_on="2026-12-03", returns_on="2026-12-09")

    assert declare(person, "c" * 32, leaves_on="2026-12-04", returns_on="2026-12-09").id


def test_a_return_is_due_on_the_next_working_day_and_met_once_confirmed(app):
    person = make_person()
    trip = declare(person)
    refresh(person)
    asked = (duty(person).rule_id, duty(person).safe_on, duty(person).state)

    service.confirm(trip, RETURNS, by="link", at=at(RETURNS))
    service.confirm(trip, date(2026, 12, 5), by="account:1", at=at(date(2026, 12, 5)))
    refresh(person, date(2026, 12, 5))

    assert asked == ("TRIP-BACK", date(2026, 12, 7), "open")  # Monday after Friday the 4th
    assert (duty(person).state, trip.returned_on, trip.returned_by) == ("met", RETURNS, "link")


def test_a_trip_called_off_is_chased_no_more(app):
    person = make_person()
    trip = declare(person)
    refresh(person)

    service.cancel(trip, by="link", at=at(TODAY))
    refresh(person)

    assert duty(person).state == "ended"
    with pytest.raises(Conflict):
        service.confirm(trip, RETURNS, by="link", at=at(RETURNS))


def test_whoever_is_not_back_is_asked_then_the_unit_then_the_office(app):
    person = make_person()
    for role in ("unit_secretary", "officer"):
        accounts.create_account(
            email=f"{role}@example.org", name=role, role=role, at=at(TODAY),
            unit_id=person.unit_id if role == "unit_secretary" else None,
        )  # fmt: skip
    declare(person)
    refresh(person)
    told = {}
    for day in (date(2026, 12, 4), date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 10)):
        pipeline.plan_day(today=day, now=at(day))
        rows = db.session.execute(sa.select(Reminder.recipient).filter_by(planned_on=day))
        told[day.day] = sorted(row.recipient for row in rows)

    traveller = f"person:{person.id}"
    assert told == {
        4: [], 7: [traveller], 8: ["account:1"], 10: ["account:1", "account:2", traveller],
    }  # fmt: skip


def test_trips_are_deleted_sixty_days_after_the_return_with_what_tells_of_them(app):
    person, other = make_person(), make_person(name_en="OTHER Ann", email="ann@example.org")
    service.confirm(declare(person), RETURNS, by="link", at=at(RETURNS))
    declare(other, "b" * 32)  # nobody ever confirms it
    refresh(person)
    refresh(other)
    last = RETURNS + timedelta(60)

    kept = pipeline.purge_trips(today=last, now=at(last))
    gone = pipeline.purge_trips(today=last + timedelta(1), now=at(last))
    later = pipeline.purge_trips(today=RETURNS + timedelta(91), now=at(last))

    assert (kept, gone, later) == (0, 1, 1)
    assert db.session.scalars(sa.select(Trip)).all() == []
    assert db.session.scalars(sa.select(Obligation)).all() == []
    trail = db.session.scalars(sa.select(AuditEntry).filter_by(action="trips deleted"))
    assert [(each.actor, each.subject, each.details) for each in trail] == [
        ("scheduler", "trips", {"trips": 1})
    ] * 2


@pytest.mark.parametrize("days", [29, 91, 0])
def test_keeping_trips_too_short_or_too_long_is_refused(days):
    with pytest.raises(RulesError, match="not between 30 and 90"):
        keeping.kept_for({"kept_days_after_return": days}, name="office.yaml")


@pytest.mark.parametrize("days", [30, 90])
def test_the_bounds_themselves_are_taken(days):
    kept = keeping.kept_for({"kept_days_after_return": days}, name="office.yaml")

    assert kept == timedelta(days)


def test_a_newer_link_ends_the_older_and_departure_ends_all(app):
    person = make_person()
    old = links.make(person, by="account:1", at=at(TODAY))
    new = links.make(person, by="account:1", at=at(TODAY))

    found = [links.find(token, now=at(TODAY)) for token in (old, new, "x")]
    a_year_on = links.find(new, now=at(TODAY) + links.GOOD_FOR)
    person.status = "departed"

    assert [each and each.person_id for each in found] == [None, person.id, None]
    assert a_year_on is None
    assert links.find(new, now=at(TODAY)) is None
