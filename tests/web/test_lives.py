"""“Something happened”: the forms show what they change; an administrator alone deletes records."""

from datetime import timedelta

import sqlalchemy as sa

from tests.web.calendars import refresh
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import queries, service
from tracker.facts.models import Person
from tracker.lives import moving
from tracker.web.lives.happened import EVENTS

DAY = clock.today() + timedelta(9)


def fields(**typed: str) -> dict[str, str]:
    revision = str(db.session.scalar(sa.select(Person.revision).filter_by(id=1)))
    db.session.remove()
    return {"revision": revision, "base": "99", **typed}


def test_leaving_shows_what_starts_before_it_is_saved(two_units, signed_in):
    officer = signed_in("officer")
    told = {"on": DAY.isoformat(), "reason": "resignation", "afterwards": "leaves_china"}

    look = officer.post("/people/1/happened/leaving", do="look", **fields(**told))
    saved = officer.post("/people/1/happened/leaving", **fields(**told))

    assert look.get_data(as_text=True).count('class="starts"') >= 3
    assert saved.status_code == 303
    page = officer.get("/people/1").get_data(as_text=True)
    assert "Recorded: Is leaving." in page
    assert page.count('<li class="clock open">') == 4
    assert "MARTIN Alice" in officer.get("/leaving").get_data(as_text=True)


def test_every_event_has_a_form_with_its_boxes(two_units, signed_in):
    officer = signed_in("officer")

    chooser = officer.get("/people/1/happened").get_data(as_text=True)
    forms = {name: officer.get(f"/people/1/happened/{name}") for name in EVENTS}

    assert [name for name in EVENTS if f"/happened/{name}?" not in chooser] == []
    assert {answer.status_code for answer in forms.values()} == {200}
    assert [name for name in EVENTS if 'name="on"' not in forms[name].get_data(as_text=True)] == []


def test_an_arrival_without_its_hour_is_asked_for_it(two_units, signed_in):
    officer = signed_in("officer")
    told = {"on": clock.today().isoformat(), "visa": "Z", "address": "东院 301"}

    answer = officer.post("/people/1/happened/arrived", **fields(**told))

    assert answer.status_code == 422
    assert 'id="moved_in_at-wrong"' in answer.get_data(as_text=True)
    assert [v.kind for v in queries.in_force(1) if v.kind == "entry"] == []


def test_the_secretary_sees_arrivals_of_the_unit_alone(two_units, signed_in):
    for number in (1, 2):
        person = queries.person(number)
        service.record(person, "arrival", {"on": DAY}, by="test", at=clock.now())
        refresh(person)
    db.session.remove()

    page = signed_in("unit_secretary").get("/arriving").get_data(as_text=True)

    assert ("MARTIN Alice" in page, "BOBSON" in page) == (True, False)


def test_only_an_administrator_who_is_sure_deletes_a_record(two_units, signed_in):
    left = clock.today() - timedelta(1100)
    person = queries.person(1)
    service.depart(person, departed_on=left, by="test", at=clock.now())
    refresh(person)
    db.session.remove()
    admin = signed_in("admin")

    refused = signed_in("officer").post("/people/1/closing", sure="yes")
    unsure = admin.post("/people/1/closing")
    listed = admin.get("/closing").get_data(as_text=True)
    done = admin.post("/people/1/closing", sure="yes")

    assert (refused.status_code, unsure.status_code, done.status_code) == (403, 422, 303)
    assert "/people/1/closing" in listed
    assert admin.get("/people/1").status_code == 404


def test_clocks_of_one_rule_count_from_the_latest():
    def row(safe_on, state="open"):
        return type("Row", (), {"rule_id": "ACC-24H", "state": state, "safe_on": safe_on,
                                "due_at": None})  # fmt: skip

    today = clock.today()
    late, soon = row(today - timedelta(1)), row(today)

    assert [c.state for c in moving.clocks_of([late, soon], moving.ARRIVING, today=today)] == [
        "open"
    ]
    assert [c.state for c in moving.clocks_of([late], moving.ARRIVING, today=today)] == ["late"]
    assert moving.clocks_of([row(today, "ended")], moving.ARRIVING, today=today) == ()


def test_projects_are_entered_listed_and_taken_along(two_units, signed_in):
    officer = signed_in("officer")
    told = {"programme": "=国家外国专家项目", "number": "G1", "people": "BOBSON Bob\nMARTIN Alice"}

    wrong = officer.post("/projects/new", programme="", people="Nobody")
    saved = officer.post("/projects/new", **told)

    assert (wrong.status_code, saved.status_code) == (422, 303)
    assert officer.get("/projects").get_data(as_text=True).count("/people/") == 2
    lines = officer.post("/projects/list.csv").get_data(as_text=True).splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["'=国家外国专家项目"] * 2
    assert officer.post("/projects/list.xlsx").data[:2] == b"PK"
    secretary = signed_in("unit_secretary").get("/projects").get_data(as_text=True)
    assert ("BOBSON" in secretary, "MARTIN" in secretary) == (False, True)
