"""Facts by the interface: in force, as at a day, recorded, corrected; nothing is overwritten."""

import pytest

PERMIT = {"number": "W-99", "issued_on": "2026-02-01", "expires_on": "2027-01-31"}


def test_renewed_permit_takes_the_place_of_the_old_one(officer):
    officer.post("/people/3/facts", {"kind": "work_permit", "fields": PERMIT})
    renewed = {"number": "W-100", "issued_on": "2027-01-15", "expires_on": "2028-01-31"}

    answer = officer.post("/people/3/facts", {"kind": "work_permit", "fields": renewed})

    assert answer.status_code == 201
    assert answer.json["fields"] == renewed
    assert officer.get(answer.headers["Location"].removeprefix("/api")).json == answer.json
    now = officer.get("/people/3/facts?kind=work_permit").json
    then = officer.get("/people/3/facts?kind=work_permit&on=2026-06-01").json
    assert [each["id"] for each in now] == [answer.json["id"]]
    assert [each["fields"]["number"] for each in then] == ["W-99"]


def test_correction_keeps_the_old_version_withdrawn(officer):
    made = officer.post("/people/3/facts", {"kind": "visa", "fields": {"expires_on": "2026-09-30"}})
    path = f"/people/3/facts/{made.json['id']}"
    body = {"kind": "visa", "fields": {"expires_on": "2026-10-31"}}

    answer = officer.ask("PUT", path, json=body, headers=officer.tag(3))
    again = officer.ask("PUT", path, json=body, headers=officer.tag(3))

    assert (answer.json["ref"], answer.json["version"]) == (made.json["ref"], 2)
    assert again.status_code == 409
    history = officer.get("/people/3/facts?kind=visa&history=true").json
    told = [(each["version"], each["withdrawn_at"] is None) for each in history[:2]]
    assert told == [(2, True), (1, False)]


def test_correction_needs_the_state_it_was_made_for(officer):
    fact = officer.get("/people/3/facts").json[0]
    tag = officer.tag(3)
    officer.post("/people/3/facts", {"kind": "work_permit", "fields": PERMIT})
    body = {"kind": "passport", "fields": {"number": "X1"}}

    stale = officer.ask("PUT", f"/people/3/facts/{fact['id']}", json=body, headers=tag)
    without = officer.ask("PUT", f"/people/3/facts/{fact['id']}", json=body)

    assert (stale.status_code, without.status_code) == (412, 428)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"kind": "work_permit", "fields": {}}, ["fields.expires_on"]),
        ({"kind": "work_permit", "fields": PERMIT | {"expires_on": "2025-01-01"}},
         ["fields.expires_on"]),
        ({"kind": "work_permit", "fields": PERMIT | {"colour": "blue"}}, ["fields.colour"]),
        ({"kind": "profile", "fields": {"nationality": "FRA"}}, ["kind"]),
        ({"kind": "work_permit", "fields": [1]}, ["fields"]),
        ({"kind": "entry", "fields": {"on": "2026-01-01", "stay_days": 10**30}},
         ["fields.stay_days"]),
        ({"kind": "birth"}, ["fields"]),
        ({"kind": ["birth"], "fields": {}}, ["kind"]),
    ],
)  # fmt: skip
def test_wrong_fact_is_refused_by_field(officer, body, fields):
    answer = officer.post("/people/3/facts", body)

    assert answer.status_code == 422
    assert sorted(answer.json["error"]["fields"]) == fields


def test_same_fact_twice_is_a_conflict(officer):
    officer.post("/people/3/facts", {"kind": "work_permit", "fields": PERMIT})

    answer = officer.post("/people/3/facts", {"kind": "work_permit", "fields": PERMIT})

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "conflict"


def test_fact_of_another_person_is_missing(officer):
    fact = officer.get("/people/3/facts").json[0]

    assert officer.get(f"/people/4/facts/{fact['id']}").status_code == 404


def test_deadlines_follow_a_new_permit(officer):
    body = {
        "kind": "residence_permit",
        "fields": {"issued_on": "2026-03-01", "expires_on": "2031-03-01", "number": "R-77"},
    }

    answer = officer.post("/people/3/facts", body)
    found = officer.get("/obligations?person_id=3&rule=RP-EXT").json

    assert [each["fact"] for each in found] == [answer.json["ref"]]
