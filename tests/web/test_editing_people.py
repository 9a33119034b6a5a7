"""A person's particulars, departure and duties: who may change what, and what follows."""

from datetime import date

import pytest

from tests.web.test_editing import (  # noqa: F401 - fixtures
    NEXT,
    TODAY,
    alice,
    base,
    duty,
    in_force,
    officer,
    renewal,
    revision,
)
from tracker.facts import queries


def test_secretary_changes_how_people_are_reached_and_nothing_else(alice, signed_in):  # noqa: F811
    secretary = signed_in("unit_secretary")
    form = secretary.get("/people/1/edit").get_data(as_text=True)
    secretary.post(
        "/people/1/edit", base=base("profile"), revision=revision(), email="new@example.org",
        phone="1", address="", language="zh", status="departed", name_en="HACKED", how="wrong",
    )  # fmt: skip

    _number, _version, data = in_force("profile")[0]
    assert 'name="nationality"' not in form
    assert (data["email"], data["name_en"], data["status"]) == (
        "new@example.org", "MARTIN Alice", "active",
    )  # fmt: skip


def test_secretary_undoes_only_their_own_change(alice, signed_in, app):  # noqa: F811
    signed_in("officer").post("/people/1/record/residence_permit", **renewal())
    secretary = signed_in("unit_secretary")

    secretary.post("/people/1/undo", revision=revision())

    assert in_force("residence_permit")[0][0] == "R2"
    assert "Only the international office" in secretary.get("/people/1").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/people/2/edit", "/people/99/edit"])
def test_people_of_other_units_are_missing_to_a_secretary(alice, signed_in, path):  # noqa: F811
    secretary = signed_in("unit_secretary")

    assert secretary.get(path).status_code == 404
    assert secretary.post(path, email="x@example.org").status_code == 404


def test_changed_particulars_hold_from_their_day_on(officer):  # noqa: F811
    answer = officer.post(
        "/people/1/edit", base=base("profile"), revision="1", how="changed", since="2026-09-01",
        name_zh="马爱丽", name_en="MARTIN Alice", nationality="德国", unit="数学学院",
    )  # fmt: skip

    assert answer.status_code == 303, answer.get_data(as_text=True)
    before = next(v for v in queries.in_force(1, date(2026, 8, 31)) if v.kind == "profile")
    now = next(v for v in queries.in_force(1) if v.kind == "profile")
    assert (before.data["nationality"], now.data["nationality"]) == ("FRA", "DEU")
    assert "email" not in now.data


def test_departure_shows_what_it_ends_then_ends_it(officer):  # noqa: F811
    fields = {"departed_on": TODAY.isoformat(), "revision": revision(), "base": "99"}
    look = officer.post("/people/1/depart", do="look", **fields).get_data(as_text=True)

    saved = officer.post("/people/1/depart", **fields)

    assert look.count('class="stops"') >= 1
    assert saved.status_code == 303
    assert [state for _id, state in duty("RP-EXT")] == ["ended"]


def test_departure_on_a_day_to_come_is_refused(officer):  # noqa: F811
    answer = officer.post(
        "/people/1/depart", departed_on=NEXT.isoformat(), revision=revision(), base="99"
    )

    assert answer.status_code == 422
    assert "Record the departure when it has come" in answer.get_data(as_text=True)


def test_waiver_needs_a_ground(officer):  # noqa: F811
    path = f"/people/1/duties/{duty('RP-EXT')[0][0]}/settle"
    fields = {"outcome": "waived", "on": TODAY.isoformat(), "revision": revision(), "base": "99"}

    without = officer.post(path, **fields)
    with_one = officer.post(path, note="granted by phone", **fields)

    assert (without.status_code, with_one.status_code) == (422, 303)
    assert duty("RP-EXT")[0][1] == "settled"


def test_filed_application_quiets_the_duty(officer):  # noqa: F811
    path = f"/people/1/duties/{duty('RP-EXT')[0][0]}/filed"

    answer = officer.post(
        path, accepted_on=TODAY.isoformat(), receipt_number="A 1", revision=revision(), base="99"
    )

    assert answer.status_code == 303
    assert duty("RP-EXT")[0][1] == "filed"


def test_new_person_is_entered_and_documents_are_next(officer):  # noqa: F811
    answer = officer.post(
        "/people/new", name_en="NEU Person", nationality="Germany", unit="物理学院"
    )

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/record")


def test_namesake_is_asked_about_once(officer):  # noqa: F811
    fields = {"name_en": "martin alice", "nationality": "FRA"}

    asked = officer.post("/people/new", **fields)
    entered = officer.post("/people/new", another="yes", **fields)

    assert (asked.status_code, entered.status_code) == (409, 303)
    assert "This is another person of the same name." in asked.get_data(as_text=True)
