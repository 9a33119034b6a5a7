"""Cases by the interface: the same services, scopes and guards as the pages."""

from tests.factories import make_person, make_residence_permit
from tracker.core.db import db

REISSUE = "residence_permit_reissue"


def somebody() -> int:
    """Return somebody new who holds a residence permit."""
    person = make_person(name_en="NEWCOMER Nora", email="n@example.org")
    make_residence_permit(person)
    found: int = person.id
    db.session.commit()
    db.session.remove()
    return found


def test_a_case_is_opened_once_moved_and_its_papers_changed(officer):
    body = {"person_id": somebody(), "procedure": REISSUE, "told": ["same_post"]}

    opened = officer.post("/cases", body, headers={"Idempotency-Key": "k1"})
    again = officer.post("/cases", body, headers={"Idempotency-Key": "k1"})
    other = officer.post("/cases", body)
    case, tag = opened.json, {"If-Match": opened.headers["ETag"]}
    path, code = f"/cases/{case['id']}", case["papers"][0]["code"]
    checked = officer.ask("PATCH", f"{path}/papers/{code}", json={"state": "checked"}, headers=tag)
    stale = officer.post(f"{path}/moves", {"to": "collecting"}, headers=tag)
    now = {"If-Match": checked.headers["ETag"]}
    moved = officer.post(f"{path}/moves", {"to": "collecting"}, headers=now)

    assert [each.status_code for each in (opened, again, other, checked, stale, moved)] == [
        201, 201, 409, 200, 412, 200
    ]  # fmt: skip
    assert again.json["id"] == case["id"]
    assert checked.json["papers"][0]["state"] == "checked"
    assert [(e["code"], e["to_state"]) for e in moved.json["events"]] == [
        (None, "planning"), (code, "checked"), (None, "collecting")
    ]  # fmt: skip
    assert (moved.json["waits_for"], moved.json["slack"] is None) == ("person", False)
    now = {"If-Match": moved.headers["ETag"]}
    officer.post(f"{path}/moves", {"to": "withdrawn", "reason": "no longer"}, headers=now)
    assert [each["id"] for each in officer.get("/cases?closed=true").json] == [case["id"]]


def test_cases_are_listed_within_the_scope(program, officer):
    expert = program("expert")

    all_of_them = officer.get("/cases?page_size=200").json
    mine = expert.get("/cases").json
    theirs = next(each["id"] for each in all_of_them if each["person_id"] != 1)

    assert [each["id"] for each in mine] == [c["id"] for c in all_of_them if c["person_id"] == 1]
    assert expert.get(f"/cases/{theirs}").status_code == 404
    assert all(each["closed_at"] is None for each in all_of_them)
    states = {each["state"] for each in officer.get("/cases?state=planning").json}
    assert states == {"planning"}
