"""The desk reads inspections, sees what could not be applied, records tests, edits the template."""

import zipfile
from io import BytesIO

import pytest

from tests import seeds
from tests.files.pictures import picture
from tests.inspections.phones import Phone, make_building, named, rooms_of, signature
from tracker.accounts import service as accounts
from tracker.core import clock
from tracker.core.db import db
from tracker.inspections import templates
from tracker.inspections.models import BuildingTest
from tracker.inspections.template import as_content, shipped

TEMPLATE = "/inspections/template/edit"


@pytest.fixture
def desk(app, signed_in):
    """An officer's browser; a finished inspection of a building, and one entry with a fault."""
    seeds.make_accounts(at=clock.now())
    building = make_building(gas=True, lift=True)
    phone = Phone(accounts.get("inspector@example.org").id, clock=clock.now())
    room = rooms_of(building)[0].id
    phone.send(
        phone.begin(building),
        phone.item("E06", "fail", room=room, note="松动", photos=[named("p")]),
        phone.item("F01", "pass"), phone.item("X99", "pass"),
        phone.op("signature.add", inspection=named("one"), signature=named("s"), side="inspected",
                 name="王楼长", department="", image=signature()),
        phone.finish(accompanied_by="王楼长"), now=clock.now(), skew=86_400,
    )  # fmt: skip
    db.session.commit()
    db.session.remove()
    return signed_in("officer")


def text(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_list_shows_inspections_and_what_could_not_be_applied(desk):
    page = text(desk.get("/inspections?kind=joint"))

    assert page.count(f'href="/inspections/{named("one")}"') == 1
    assert "The item is not in the version of the template that was used." in page
    assert f'href="/inspections/{named("one")}"' not in text(desk.get("/inspections?kind=daily"))
    assert f'href="/inspections/{named("one")}"' not in text(desk.get("/inspections?month=2020-01"))


def test_inspection_shows_items_photos_signatures_and_the_wrong_clock(desk):
    page = text(desk.get(f"/inspections/{named('one')}"))

    for words in ("松动", "photo on its way", "Signature of 王楼长", "phone clock wrong by 1 day",
                  "as shipped"):  # fmt: skip
        assert words in page, words
    picture_of = desk.get(f"/inspections/{named('one')}/signatures/{named('s')}")
    assert (picture_of.status_code, picture_of.mimetype) == (200, "image/png")


def test_what_still_cannot_be_applied_is_said(desk):
    page = text(desk.open("/inspections", method="GET"))
    assert "Apply again" in page

    desk.post("/inspections/apply", token_from="/inspections")

    assert "Nothing could be applied yet" in text(desk.get("/inspections"))


def test_recorded_test_plans_the_next(desk):
    fields = {"building": "1", "rule": "INS-LIFT", "done_on": "2026-03-09", "done_by": "特检院",
              "paper": (BytesIO(picture()), "label.jpg")}  # fmt: skip

    answer = desk.post("/inspections/tests", token_from="/inspections/plans", **fields)

    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = text(desk.get("/inspections/plans"))
    assert "特检院" in page
    assert desk.get("/inspections/tests/1/paper").mimetype == "image/jpeg"


@pytest.mark.parametrize(
    "change", [{"done_on": ""}, {"done_on": "2099-01-01"}, {"rule": "INS-DAILY"}, {"building": "9"}]
)
def test_test_that_cannot_be_is_refused_with_what_was_typed(desk, change):
    fields = {"building": "1", "rule": "INS-LIFT", "done_on": "2026-03-09", "done_by": "特检院"}

    answer = desk.post("/inspections/tests", token_from="/inspections/plans", **(fields | change))

    assert answer.status_code == 422
    assert 'value="特检院"' in answer.get_data(as_text=True)
    assert db.session.query(BuildingTest).count() == 0


def boxes(**changes):
    """Return what a browser sends of the form, with changes of its first item."""
    sent = {"seen": templates.current().id, "count": "60", "act": "save", "note": "改"}
    for number, item in enumerate(as_content(templates.current())["items"]):
        told = {"code": item["code"], "zh": item["title"]["zh"], "en": item["title"]["en"],
                "severity": item["severity"], "place": item["place"],
                "basis": item.get("basis", ""), "picture": item.get("picture", ""),
                "help_zh": item["help"]["zh"], "help_en": item["help"]["en"],
                **{key: "yes" for key in ("photo", "patrol") if item.get(key)},
                **dict.fromkeys(item.get("applies", {}), "yes")}  # fmt: skip
        sent |= {f"{number}-{key}": value for key, value in told.items()}
    db.session.remove()
    return sent | changes


def test_template_saved_unchanged_says_the_same(desk):
    desk.post(TEMPLATE, token_from=TEMPLATE, **boxes())

    assert templates.current().number == 1
    assert as_content(templates.current()) == as_content(shipped())


def test_next_version_changes_adds_and_leaves_out(desk):
    new = {"57-code": "F17", "57-zh": "消防沙", "57-en": "Sand", "57-severity": "L",
           "57-place": "building"}  # fmt: skip
    changes = {"0-zh": "配电箱", "1-remove": "yes", "0-file": (BytesIO(picture()), "x.jpg")}

    desk.post(TEMPLATE, token_from=TEMPLATE, **boxes(**new, **changes))

    items = templates.current().items
    assert (len(items), items["E01"].title.zh, "E02" in items) == (56, "配电箱", False)
    assert [*items].index("F17") == [*items].index("F16") + 1
    assert items["E01"].picture is not None
    db.session.remove()
    assert "消防沙" in text(desk.get("/inspections/template"))


def test_preview_saves_nothing(desk):
    page = text(
        desk.post(TEMPLATE, token_from=TEMPLATE, **boxes(**{"act": "preview", "0-zh": "甲"}))
    )

    assert "So it would look" in page
    assert 'value="甲"' in page
    assert templates.current().id == shipped().id


def test_slip_in_the_form_is_named(desk):
    answer = desk.post(TEMPLATE, token_from=TEMPLATE, **boxes(**{"0-code": "E02"}))

    assert answer.status_code == 422
    assert "stands twice" in answer.get_data(as_text=True)


def test_period_is_taken_along_as_one_archive(desk):
    answer = desk.get("/inspections/archive?first=2020-01-01&last=2099-12-31")

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as found:
        assert f"inspections/{named('one')}.json" in found.namelist()


@pytest.mark.parametrize("query", ["", "?first=2026-01-02&last=2026-01-01", "?first=x&last=y"])
def test_archive_of_no_period_is_refused(desk, query):
    assert desk.get("/inspections/archive" + query).status_code == 422


@pytest.mark.parametrize(("role", "sees"), [("officer", True), ("inspector", True), ("head", True),
                                            ("unit_secretary", False)])  # fmt: skip
def test_board_tells_what_is_due_of_buildings(app, office, signed_in, role, sees):
    page = text(signed_in(role).get("/"))

    assert ('href="/inspections/plans">All plans' in page) == sees
    assert ("Daily fire patrol" in page or "Fire drill" in page or "Monthly" in page) == sees
