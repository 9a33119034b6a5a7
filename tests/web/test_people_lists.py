"""Views that are kept, lists that are taken along, and what a page of many people costs."""

import csv
import io
from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests import seeds
from tests.factories import make_person, record
from tests.web.conftest import Browser
from tracker import pipeline
from tracker.accounts.models import Account, AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.directory.models import SavedView
from tracker.facts.models import Person

CANARY = "KANARIE77"


@pytest.fixture
def staff(app):
    """Two of physics, one of history; the secretary is of physics."""
    for name, unit in (("MARTIN Alice", "物理学院"), ("BERTIN Odile", "历史学院"),
                       ("=CMD|x", "物理学院")):  # fmt: skip
        person = make_person(name_zh=None, name_en=name, unit=unit)
        record(person, "passport", number=CANARY + name[:1], expires_on=date(2030, 1, 1))
    ids = list(db.session.scalars(sa.select(Person.id)))
    seeds.make_accounts(at=clock.now())
    pipeline.refresh(ids, today=clock.today(), now=clock.now())
    db.session.commit()
    db.session.remove()


def exported(browser: Browser, kind: str, query: str = "") -> list[list[str]]:
    answer = browser.post("/people/export", token_from="/people", format=kind, query=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("role", "names", "numbers"),
    [("officer", ["=CMD|x", "BERTIN Odile", "MARTIN Alice"], True),
     ("head", ["=CMD|x", "BERTIN Odile", "MARTIN Alice"], False),
     ("unit_secretary", ["=CMD|x", "MARTIN Alice"], False)],
)  # fmt: skip
def test_list_holds_what_its_reader_may_see(staff, signed_in, role, kind, names, numbers):
    rows = exported(signed_in(role), kind)

    named = rows[0].index("name as in passport")
    assert sorted(row[named].lstrip("'") for row in rows[1:]) == names
    assert (CANARY in str(rows)) == numbers


def test_taking_a_list_along_is_noted_without_what_was_searched(staff, signed_in):
    exported(signed_in("officer"), "csv", f"q={CANARY}M&status=all")

    entry = db.session.scalar(sa.select(AuditEntry).filter_by(action="list exported"))
    assert entry.details == {"format": "csv", "people": 1, "filter": "status=all",
                             "searched": True}  # fmt: skip


@pytest.mark.parametrize("kind", ["pdf", ""])
def test_unknown_kind_of_file_is_refused(staff, signed_in, kind):
    answer = signed_in("officer").post("/people/export", token_from="/people", format=kind)

    assert answer.status_code == 422


def test_view_is_kept_under_its_name_without_the_search(staff, signed_in):
    browser = signed_in("officer")
    browser.post("/people/views", token_from="/people?unit=1", name="物理", query="unit=1&q=x")
    browser.post("/people/views", token_from="/people?unit=1", name="物理", query="unit=2")

    page = browser.get("/people").get_data(as_text=True)
    assert 'href="/people?unit=2"' in page
    assert [v.query for v in db.session.scalars(sa.select(SavedView))] == ["unit=2"]


@pytest.mark.parametrize(
    ("role", "shared", "reader", "sees"),
    [("officer", "yes", "head", True), ("officer", "", "head", False),
     ("head", "yes", "officer", False), ("officer", "yes", "unit_secretary", False),
     ("unit_secretary", "", "unit_secretary", True)],
)  # fmt: skip
def test_view_shows_to_whom_it_was_offered(staff, signed_in, role, shared, reader, sees):
    signed_in(role).post(
        "/people/views", token_from="/people?category=B", name="ours", query="category=B",
        shared=shared,
    )  # fmt: skip

    page = signed_in(reader).get("/people").get_data(as_text=True)
    assert ('href="/people?category=B"' in page) == sees


@pytest.mark.parametrize(
    ("name", "query"), [("", "unit=1"), ("x" * 61, "unit=1"), ("empty", ""), ("only", "q=li")]
)
def test_view_without_name_or_filter_is_refused_in_words(staff, signed_in, name, query):
    answer = signed_in("officer").post(
        "/people/views", token_from="/people?unit=1", name=name, query=query
    )

    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedView)) == 0


def test_foreign_view_is_missing_to_whoever_deletes_it(staff, signed_in):
    signed_in("head").post("/people/views", token_from="/people?unit=1", name="a", query="unit=1")

    refused = signed_in("officer").post("/people/views/1/delete", token_from="/people")
    kept = db.session.scalar(sa.select(sa.func.count()).select_from(SavedView))
    db.session.remove()
    done = signed_in("head").post("/people/views/1/delete", token_from="/people")

    assert (refused.status_code, kept, done.status_code) == (404, 1, 303)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedView)) == 0


@pytest.mark.parametrize(
    "path", ["/people", "/people?sort=-next&status=all", "/accounts", "/audit"]
)
def test_page_asks_as_often_for_one_row_as_for_many(app, signed_in, path):
    person = make_person(email="a1@example.org")
    seeds.make_accounts(at=clock.now())
    pipeline.refresh([person.id], today=clock.today(), now=clock.now())
    db.session.commit()
    db.session.remove()
    browser = signed_in("admin")
    first = asked_for(browser, path)

    many = [make_person(email=f"b{n}@example.org", unit=f"学院{n % 3}").id for n in range(60)]
    pipeline.refresh(many, today=clock.today(), now=clock.now())
    db.session.commit()
    db.session.remove()

    assert asked_for(browser, path) == first


def test_page_of_long_names_stays_small(app, signed_in):
    seeds.make_accounts(at=clock.now())
    for n in range(60):
        make_person(name_zh="字" * 60, name_en=f"{'N' * 150} {n}", unit=f"{n}" + "院" * 50)
    db.session.commit()
    db.session.remove()

    assert len(signed_in("officer").get("/people").get_data()) < 200_000


def asked_for(browser: Browser, path: str) -> int:
    """Return how many statements an answer takes."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def test_secretary_keeps_to_the_unit_even_with_a_foreign_filter(staff, signed_in):
    unit_id = db.session.scalar(sa.select(Person.unit_id).where(Person.name_en == "BERTIN Odile"))
    assert db.session.scalar(sa.select(Account.unit_id).filter_by(role="unit_secretary")) != unit_id
    db.session.remove()

    rows = exported(signed_in("unit_secretary"), "csv", f"unit={unit_id}&status=all")

    assert len(rows) == 1
