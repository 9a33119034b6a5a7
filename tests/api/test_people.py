"""People and their facts by the interface: read, created, changed with care for other editors."""

import json

import pytest
import sqlalchemy as sa

from tracker.accounts.models import Account, AuditEntry
from tracker.core.db import db
from tracker.facts.models import FactVersion, Person
from tracker.obligations.models import Obligation

NEW = {"name_zh": "白露", "name_en": "WHITE Lucy", "nationality": "GBR", "unit": "物理学院"}


def test_list_comes_in_pages_that_cover_everybody_once(officer):
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
    db.session.remove()

    pages = [officer.get(f"/people?page_size=5&page={page}") for page in (1, 2, 3, 4)]

    ids = [person["id"] for page in pages for person in page.json]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == total == 17
    assert json.loads(pages[1].headers["X-Pagination"]) == {
        "total": 17, "page": 2, "page_size": 5, "pages": 4,
    }  # fmt: skip
    assert pages[1].headers["Link"] == (
        '</api/people?page_size=5&page=1>; rel="first", </api/people?page_size=5&page=1>; '
        'rel="prev", </api/people?page_size=5&page=3>; rel="next", '
        '</api/people?page_size=5&page=4>; rel="last"'
    )


def test_list_is_sorted_both_ways_with_what_is_missing_last(officer):
    for name, field in (("nationality", "nationality"), ("next", "next_safe_on"),
                        ("expiry", "expires_on")):  # fmt: skip
        up = [each[field] for each in officer.get(f"/people?sort={name}").json]
        down = [each[field] for each in officer.get(f"/people?sort=-{name}").json]
        known = [value for value in up if value is not None]

        assert up == sorted(known) + [None] * (17 - len(known))
        assert down == sorted(known, reverse=True) + [None] * (17 - len(known))


def test_list_is_filtered(officer):
    everybody = officer.get("/people").json
    person = everybody[0]

    for name in ("status", "nationality", "unit_id"):
        found = officer.get(f"/people?{name}={person[name]}").json
        assert found == [each for each in everybody if each[name] == person[name]]
    assert officer.get(f"/people?q={person['name_en'].lower()}").json == [person]


def test_passport_number_finds_a_person_only_for_those_who_may_read_it(officer, program):
    passport = db.session.scalars(sa.select(FactVersion).filter_by(kind="passport")).first()
    number, person_id = passport.number, passport.person_id
    db.session.remove()

    found = officer.get(f"/people?q={number.lower()}").json
    blind = program("auditor").get(f"/people?q={number}").json

    assert [each["id"] for each in found] == [person_id]
    assert blind == []


def test_new_person_is_created_with_deadlines_and_trail(officer):
    answer = officer.post("/people", NEW)

    person_id = answer.json["id"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/people/{person_id}"
    assert answer.headers["ETag"] == f'"{person_id}-1"'
    assert answer.json["profile"] == NEW | {
        "identity": "foreigner", "status": "active", "language": "both",
    }  # fmt: skip
    assert officer.get(f"/people/{person_id}").json == answer.json
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.subject) == ("person created", f"person:{person_id}")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "nationality"),
        (NEW | {"nationality": "France"}, "nationality"),
        (NEW | {"born_on": "1066-10-14"}, "born_on"),
        (NEW | {"born_on": "yesterday"}, "born_on"),
        (NEW | {"status": "gone"}, "status"),
        (NEW | {"name_zh": "白" * 121}, "name_zh"),
        (NEW | {"shoe_size": 42}, "shoe_size"),
        ({"nationality": "GBR"}, "name_en"),
    ],
)
def test_wrong_person_is_refused_by_field(officer, body, field):
    answer = officer.post("/people", body)

    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "invalid"
    assert list(answer.json["error"]["fields"]) == [field]


def test_change_needs_the_state_it_was_made_for(officer):
    tag = officer.tag(3)
    body = {"email": "new@example.org"}

    without = officer.ask("PATCH", "/people/3", json=body)
    first = officer.ask("PATCH", "/people/3", json=body, headers=tag)
    second = officer.ask("PATCH", "/people/3", json={"email": "x@example.org"}, headers=tag)
    strange = officer.ask("PATCH", "/people/3", json=body, headers={"If-Match": "3-1"})

    assert [each.status_code for each in (without, first, second, strange)] == [428, 200, 412, 400]
    assert second.json["error"]["code"] == "stale"
    assert officer.get("/people/3").json["email"] == "new@example.org"


def test_change_that_changes_nothing_makes_no_version(officer):
    before = officer.get("/people/3")

    answer = officer.ask(
        "PATCH", "/people/3", json={"email": before.json["email"]}, headers=officer.tag(3)
    )

    assert answer.json == before.json


def test_null_takes_a_particular_away(officer):
    officer.ask("PATCH", "/people/3", json={"email": "a@example.org"}, headers=officer.tag(3))

    answer = officer.ask("PATCH", "/people/3", json={"email": None}, headers=officer.tag(3))

    assert answer.json["email"] is None
    assert "email" not in answer.json["profile"]


def test_departure_ends_what_is_open(officer):
    open_ = sa.select(sa.func.count()).select_from(Obligation).filter_by(state="open")
    answer = officer.post(
        "/people/4/departure", {"departed_on": "2026-01-31"}, headers=officer.tag(4)
    )
    again = officer.post(
        "/people/4/departure", {"departed_on": "2026-01-31"}, headers=officer.tag(4)
    )

    assert answer.json["status"] == "departed"
    assert answer.json["profile"]["departed_on"] == "2026-01-31"
    assert again.status_code == 409
    rules = {
        row.rule_id
        for row in db.session.scalars(sa.select(Obligation).filter_by(person_id=4, state="open"))
    }
    assert {"RP-EXT", "WP-EXT-OPEN"} & rules == set()
    assert db.session.scalar(open_) > 0


def test_secretary_and_expert_see_their_own_only(program):
    secretary = db.session.scalar(sa.select(Account).filter_by(role="unit_secretary"))
    unit_id = secretary.unit_id
    foreign = db.session.scalar(
        sa.select(sa.func.min(Person.id)).where(Person.unit_id != unit_id)
    )  # fmt: skip
    db.session.remove()

    of_unit, expert = program("unit_secretary"), program("expert")

    assert {each["unit_id"] for each in of_unit.get("/people").json} == {unit_id}
    assert [each["id"] for each in of_unit.get("/units").json] == [unit_id]
    missing = of_unit.get("/people/999999")
    for path in (f"/people/{foreign}", f"/people/{foreign}/facts", f"/people/{foreign}/facts/1"):
        assert (of_unit.get(path).status_code, of_unit.get(path).json) == (404, missing.json)
    assert expert.get("/people/1").status_code == 200
    assert expert.get("/people/2").status_code == 404
    assert expert.get("/people").status_code == 403


def test_numbers_are_masked_for_those_who_may_not_read_them(officer, program):
    def numbers(program_of):
        facts = program_of.get("/people/1/facts").json
        return {each["id"]: each["fields"].get("number") for each in facts}

    whole, own = numbers(officer), numbers(program("expert"))
    masked = numbers(program("head")).values()

    assert whole == own
    assert any(whole.values())
    assert [number for number in masked if number and not number.startswith("••••")] == []
