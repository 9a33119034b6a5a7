"""Invented staff: the same each time, in every state of life, and fit to be recorded."""

from datetime import UTC, date, datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.demo import people
from tracker.demo.lives import LIVES
from tracker.facts.models import Person

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_same_arguments_make_the_same_people():
    first = people.make_people(40, seed=7, today=TODAY)

    assert first == people.make_people(40, seed=7, today=TODAY)
    assert first != people.make_people(40, seed=8, today=TODAY)


def test_every_state_of_life_is_dealt_out():
    made = people.make_people(len(LIVES), seed=7, today=TODAY)

    assert {one.profile["status"] for one in made} == {"active", "recruiting", "departed"}
    assert {one.profile.get("identity", "foreigner") for one in made} == {
        "foreigner", "hmt", "permanent_resident"
    }  # fmt: skip
    assert {kind for one in made for kind, _fields in one.facts} == {
        "passport", "contract", "work_permit", "residence_permit", "accommodation", "entry",
        "application", "birth", "health_certificate", "no_criminal_record", "hmt_residence_card",
        "permanent_residence_card", "settlement",
    }  # fmt: skip


def test_addresses_reach_nobody():
    made = people.make_people(40, seed=7, today=TODAY)

    assert {one.profile["email"].partition("@")[2] for one in made} == {"example.org"}


def test_invented_people_can_be_recorded(app):
    people.record(people.make_people(60, seed=7, today=TODAY), by="test", at=NOW)

    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 60
