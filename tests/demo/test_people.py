"""Invented staff: the same each time, in every state of life, at addresses of nobody."""

from datetime import date

from tracker.demo import people
from tracker.demo.lives import LIVES

TODAY = date(2026, 11, 23)


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
        "permanent_residence_card", "settlement", "arrival", "leaving", "project", "award",
    }  # fmt: skip


def test_addresses_reach_nobody():
    made = people.make_people(40, seed=7, today=TODAY)

    assert {one.profile["email"].partition("@")[2] for one in made} == {"example.org"}
