"""Two editors: nobody's work is lost, field by field."""

import pytest

from tests.web.test_editing import (  # noqa: F401 - fixtures
    ENDS,
    TODAY,
    alice,
    base,
    in_force,
    officer,
    renewal,
    revision,
)
from tracker.core.db import db
from tracker.facts import queries

PERMIT = "/people/1/documents/residence_permit/1"
ISSUED = "2026-01-01"


@pytest.fixture
def theirs(officer):  # noqa: F811
    """Somebody corrected number and purpose while this form lay open; returns its `base`."""
    opened = base("residence_permit")
    officer.post(PERMIT, base=opened, revision="1", number="R-THEIRS", issued_on=ISSUED,
                 expires_on=ENDS.isoformat(), purpose="work")  # fmt: skip
    return opened


def mine(**fields):
    return {"number": "R-MINE", "issued_on": ISSUED, "expires_on": "2030-01-01", "purpose": "",
            "revision": "1", "do": "save"} | fields  # fmt: skip


def test_stale_save_shows_mine_theirs_and_as_it_was(officer, theirs):  # noqa: F811
    answer = officer.post(PERMIT, base=theirs, **mine())

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert [value in page for value in ("R-MINE", "R-THEIRS", "R1", "1 Jan 2030")] == [True] * 4
    picked = {
        name: side
        for name in ("number", "expires_on", "purpose")
        for side in ("mine", "theirs", "was")
        if f'id="pick-{name}-{side}" value="{side}" checked' in page
    }
    assert picked == {"expires_on": "mine", "purpose": "theirs"}
    assert in_force("residence_permit")[0][0] == "R-THEIRS"


def test_choice_of_each_field_is_saved(officer, theirs):  # noqa: F811
    picks = {"pick-number": "mine", "pick-expires_on": "mine", "pick-purpose": "theirs",
             "pick-issued_on": "was"}  # fmt: skip
    answer = officer.post(PERMIT, base=base("residence_permit"), was=theirs, **mine(), **picks)

    number, version, data = in_force("residence_permit")[0]
    assert answer.status_code == 303
    assert (number, version, data["purpose"], data["expires_on"]) == (
        "R-MINE", 3, "work", "2030-01-01",
    )  # fmt: skip
    assert data["issued_on"] == (ENDS.replace(year=ENDS.year - 1)).isoformat()


def test_third_editor_is_shown_before_the_choice_is_saved(officer, theirs):  # noqa: F811
    second = base("residence_permit")
    officer.post(PERMIT, base=second, **mine(number="R-THIRD"))

    answer = officer.post(PERMIT, base=second, was=theirs, **mine(), **{"pick-number": "mine"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert ["R-THIRD" in page, "R-MINE" in page] == [True, True]


def test_other_document_changed_meanwhile_is_no_conflict(officer):  # noqa: F811
    opened, seen = base("residence_permit"), revision()
    officer.post("/people/1/record/birth", on=ISSUED, revision=seen, base="99")

    answer = officer.post(PERMIT, base=opened, **mine(revision=seen))

    assert answer.status_code == 303


def test_both_recorded_the_same_renewal(officer):  # noqa: F811
    seen, newest = revision(), str(max(v.id for v in queries.history(1)))
    db.session.remove()
    officer.post("/people/1/record/residence_permit", **renewal(number="R-THEIRS", base=newest))

    answer = officer.post(
        "/people/1/record/residence_permit", **renewal(number="R-MINE", revision=seen, base=newest)
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert 'action="/people/1/documents/residence_permit/2"' in page
    assert 'formaction="/people/1/record/residence_permit"' in page
    assert [number for number, *_ in in_force("residence_permit")] == ["R-THEIRS"]


def test_something_else_recorded_meanwhile_is_shown_and_the_form_kept(officer):  # noqa: F811
    seen, newest = revision(), str(max(v.id for v in queries.history(1)))
    db.session.remove()
    officer.post("/people/1/record/birth", on=ISSUED, revision=seen, base=newest)

    answer = officer.post(
        "/people/1/record/residence_permit", **renewal(revision=seen, base=newest)
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Meanwhile this was recorded: Birth of a child (测试 officer)." in page
    assert 'value="R2"' in page
    assert f'name="revision" value="{revision()}"' in page


def test_particulars_conflict_keeps_what_else_the_form_held(officer):  # noqa: F811
    opened = base("profile")
    common = {"name_en": "MARTIN Alice", "nationality": "FRA", "revision": "1"}
    officer.post("/people/1/edit", base=opened, phone="1", **common)

    answer = officer.post(
        "/people/1/edit", base=opened, phone="2", how="wrong", since=TODAY.isoformat(), **common
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert 'name="how" value="wrong"' in page
    assert 'name="phone" value="2"' in page
