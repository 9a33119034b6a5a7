"""Finding people, and what each role reads about them."""

from datetime import date

import pytest

from tests import seeds
from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db

CANARY = "KANARIE77"


@pytest.fixture
def alice(app):
    person = make_person()
    record(person, "passport", number=CANARY, issued_on=date(2025, 1, 1),
           expires_on=date(2030, 1, 1))  # fmt: skip
    make_residence_permit(person, number=CANARY + "R")
    make_person(name_zh="江海", name_en="BERTIN Odile", unit="历史学院", status="departed",
                departed_on=date(2026, 1, 1), email="o@example.org")  # fmt: skip
    seeds.make_accounts(at=clock.now())
    pipeline.refresh([person.id], today=clock.today(), now=clock.now())
    person_id = person.id
    db.session.commit()
    db.session.remove()
    return person_id


@pytest.mark.parametrize(
    ("query", "found"),
    [("", {"MARTIN"}), ("status=all", {"MARTIN", "BERTIN"}), ("q=爱", {"MARTIN"}),
     ("q=mart", {"MARTIN"}), ("q=odile", {"BERTIN"}), ("q=%25", set()), ("q=_", set()),
     (f"q={CANARY.lower()}", {"MARTIN"}), (f"q={CANARY[:-1]}", set()), ("unit=2", set()),
     ("unit=2&status=all", {"BERTIN"}), ("unit=x", {"MARTIN"}), ("status=nonsense", {"MARTIN"}),
     ("page=99999999999", {"MARTIN"}), ("page=-1", {"MARTIN"})],
)  # fmt: skip
def test_search_finds_by_name_number_unit_and_status(alice, signed_in, query, found):
    page = signed_in("officer").get(f"/people?{query}").get_data(as_text=True)

    assert {name for name in ("MARTIN", "BERTIN") if name in page} == found


@pytest.mark.parametrize(
    ("role", "reads"),
    [("admin", True), ("officer", True), ("expert", True), ("head", False), ("auditor", False),
     ("unit_secretary", False)],
)  # fmt: skip
def test_document_numbers_show_to_those_who_need_them(alice, signed_in, role, reads):
    page = signed_in(role).get(f"/people/{alice}").get_data(as_text=True)

    assert (CANARY in page) == reads
    assert ("••••IE77" in page) != reads


@pytest.mark.parametrize("role", ["head", "auditor", "unit_secretary"])
def test_search_is_no_oracle_for_numbers(alice, signed_in, role):
    page = signed_in(role).get(f"/people?q={CANARY}").get_data(as_text=True)

    assert "MARTIN" not in page


def test_person_page_tells_why(alice, signed_in):
    page = signed_in("officer").get(f"/people/{alice}").get_data(as_text=True)

    assert [text in page for text in (
        "Extension of the residence permit", "Exit and Entry Administration Law 32",
        "read in the law itself", "Residence permit KANARIE77R", "counted from",
        "Apply at the exit-entry administration", "Nothing recorded settles this yet.",
    )] == [True] * 7  # fmt: skip


@pytest.mark.parametrize(
    ("on", "shown"),
    [("2025-06-01", ["Passport"]), ("2026-01-01", ["Passport", "Residence permit"])],
)
def test_documents_are_shown_as_of_any_day(alice, signed_in, on, shown):
    page = signed_in("officer").get(f"/people/{alice}?on={on}").get_data(as_text=True)

    cards = page.partition('id="papers"')[2].partition('id="particulars"')[0]
    headings = [name for name in ("Passport", "Residence permit") if f"<h3>{name}</h3>" in cards]
    assert headings == shown


@pytest.mark.parametrize("on", ["yesterday", "2026-13-01", "<script>alert(1)</script>"])
def test_day_that_is_none_is_refused_in_words(alice, signed_in, on):
    answer = signed_in("officer").get("/people/1", query_string={"on": on})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "is not a date. Write it like 2026-11-30." in page
    assert "<script" not in page


def test_what_people_typed_stays_text(app, signed_in):
    seeds.make_accounts(at=clock.now())
    person = make_person(name_en="<img src=x onerror=alert(1)> {{7*7}}", unit="<b>x</b>")
    db.session.commit()

    browser = signed_in("officer")
    pages = [
        browser.get(path).get_data(as_text=True) for path in ("/people", f"/people/{person.id}")
    ]

    assert [("<img src=x" in page, "<b>x</b>" in page, "{{7*7}}" in page) for page in pages] == [
        (False, False, True)
    ] * 2


def test_nul_in_an_address_is_refused(alice, signed_in):
    assert signed_in("officer").get("/people?q=%00").status_code == 400
