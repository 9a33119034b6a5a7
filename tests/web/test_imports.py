"""Imports in the browser: looked through, confirmed, taken in, taken back; broken off honestly."""

import csv
import io
import threading
import time
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from tests import seeds
from tests.factories import make_person, record
from tests.web.conftest import Browser
from tracker import work
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import ImportBatch, Person
from tracker.work import Task

HEADINGS = [
    "中文名",
    "护照姓名",
    "国籍",
    "护照号码",
    "护照有效期至",
    "聘用单位",
    "居留许可有效期至",
]
ALICE = ["马爱丽", "MARTIN Alice", "FRA", "P100", "2031-05-01", "物理学院", "2027-03-01"]
BOB = ["", "BOBSON Bob", "USA", "P200", "2030-01-31", "化学学院", "2027-04-01"]
WRONG = ["", "CARTER Eve", "USA", "P300", "03/04/2027", "化学学院", ""]


def sheet(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode("utf-8-sig")


def send(browser: Browser, content: bytes, name: str = "staff.csv"):
    return browser.post("/imports", token_from="/imports", file=(io.BytesIO(content), name))


def settled(browser: Browser, path: str) -> str:
    """Return a page once nothing on it is running any more."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        page = browser.get(path).get_data(as_text=True)
        if "data-progress" not in page:
            for worker in threading.enumerate():  # its last connection goes back to the pool
                if worker.name.startswith("task-"):
                    worker.join(10)
            return page
        time.sleep(0.05)
    raise AssertionError(f"{path} never settled")


def checked(browser: Browser, content: bytes) -> tuple[str, str]:
    """Send a file and wait; return the path of its page and the page."""
    answer = send(browser, content)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"], settled(browser, answer.headers["Location"])


def people() -> int:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
    db.session.remove()
    return count or 0


@pytest.fixture
def officer(app: Flask, signed_in) -> Browser:
    seeds.make_accounts(at=clock.now())
    db.session.commit()
    db.session.remove()
    return signed_in("officer")


def test_roster_is_shown_confirmed_taken_in_and_taken_back(app, officer):
    path, preview = checked(officer, sheet(ALICE, BOB, WRONG))
    nothing = people()

    officer.post(f"{path}/apply", token_from=path)
    result = settled(officer, path)
    both = people()
    batch = db.session.scalars(sa.select(ImportBatch)).one()
    counts, by = dict(batch.counts), batch.imported_by
    db.session.remove()
    officer.post(f"/imports/batches/{batch.id}/undo", token_from=f"/imports/batches/{batch.id}")
    undone = settled(officer, f"/imports/batches/{batch.id}")

    assert "2 people would be added" in preview
    assert "2027-04-03" in preview
    assert (nothing, both, people()) == (0, 2, 0)
    assert counts == {"rows": 3, "created": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert by.startswith("account:")
    assert "Imported." in result
    assert "2 people were removed" in undone


def test_difference_shows_each_changed_cell(app, officer):
    make_person(name_zh="马爱丽", unit="物理学院")
    alice = db.session.scalars(sa.select(Person)).one()
    record(alice, "passport", number="P100", expires_on=clock.today() + timedelta(900))
    db.session.commit()
    db.session.remove()
    row = ["马爱丽", "MARTIN Alice", "FRA", "P100", "", "历史学院", ""]

    _path, page = checked(officer, sheet(row))

    assert "1 changed" in page
    assert ("物理学院" in page, "历史学院" in page) == (True, True)


def test_difference_is_paged(app, officer):
    rows = [["", f"NO {n}", "DEU", f"X{n}", "", "学院", ""] for n in range(45)]

    path, first = checked(officer, sheet(*rows))

    third = officer.get(f"{path}?list=created&page=3").get_data(as_text=True)
    assert (first.count("<b>NO "), third.count("<b>NO ")) == (20, 5)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_mistakes_are_downloaded_and_nothing_in_them_is_a_formula(app, officer, ending):
    evil = ["=1+1", "=HYPERLINK(1)", "", "P1", "", "x", ""]
    path, _page = checked(officer, sheet(evil))

    answer = officer.get(f"{path}/errors.{ending}")

    if ending == "csv":
        rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
        assert rows[1][3].startswith("'=")
    else:
        cells = list(openpyxl.load_workbook(io.BytesIO(answer.get_data())).active.rows)[1]
        assert (cells[1].value, cells[3].data_type) == (2, "s")
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("staff.pdf", b"%PDF", 422), ("", b"", 422), ("staff.xlsx", b"", 303)],
)
def test_wrong_files_are_refused(app, officer, name, content, status):
    answer = send(officer, content, name)

    assert answer.status_code == status
    if status == 303:
        page = settled(officer, answer.headers["Location"])
        assert "This file cannot be imported. Nothing was changed." in page


def test_confirming_twice_imports_once(app, officer):
    path, _page = checked(officer, sheet(ALICE))

    for _ in range(3):
        assert officer.post(f"{path}/apply", token_from=path).status_code == 303
    settled(officer, path)

    kinds = sa.select(sa.func.count()).where(Task.kind == "roster_apply")
    assert db.session.scalar(kinds) == 1
    assert people() == 1


def test_thrown_away_file_is_gone(app, officer):
    path, _page = checked(officer, sheet(ALICE))
    folder = Path(app.config["HOME"]) / "imports" / path.rpartition("/")[2]
    kept = sorted(each.name for each in folder.iterdir())

    officer.post(f"{path}/discard", token_from=path)

    assert "roster" in kept
    assert not folder.exists()
    assert "not kept any more" in officer.get(path).get_data(as_text=True)
    assert officer.post(f"{path}/apply", token_from="/imports").status_code == 409


def test_upload_is_readable_to_the_service_only_and_gone_after_the_import(app, officer):
    path, _page = checked(officer, sheet(ALICE, WRONG))
    folder = Path(app.config["HOME"]) / "imports" / path.rpartition("/")[2]
    modes = {oct(each.stat().st_mode & 0o777) for each in folder.iterdir()}

    officer.post(f"{path}/apply", token_from=path)
    settled(officer, path)

    assert (modes, oct(folder.stat().st_mode & 0o777)) == ({"0o600"}, "0o700")
    assert {each.stem for each in folder.iterdir()} == {"rejected"}
    assert officer.get(f"{path}/errors.csv").status_code == 200


def test_import_broken_off_says_so_and_continues(app, officer):
    path, _page = checked(officer, sheet(ALICE, BOB))
    long_ago = clock.now() - work.PATIENCE - timedelta(seconds=1)
    check = db.session.scalars(sa.select(Task)).one()
    killed = work.begin(
        kind="roster_apply", about="staff.csv", by="account:1", at=long_ago, parent=check
    )
    killed.done = 1
    db.session.commit()
    db.session.remove()

    broken = officer.get(path).get_data(as_text=True)
    officer.post(f"{path}/apply", token_from=path)
    result = settled(officer, path)

    assert "broken off after 1 rows" in broken
    assert "Imported." in result
    assert people() == 2


def test_undo_that_others_build_on_is_refused_with_names(app, officer):
    path, _page = checked(officer, sheet(ALICE))
    officer.post(f"{path}/apply", token_from=path)
    settled(officer, path)
    alice = db.session.scalars(sa.select(Person)).one()
    record(
        alice, "passport", at=clock.now(), number="P101", issued_on=clock.today(),
        expires_on=clock.today() + timedelta(3000),
    )  # fmt: skip
    batch_id = db.session.scalar(sa.select(ImportBatch.id))
    db.session.commit()
    db.session.remove()

    officer.post(f"/imports/batches/{batch_id}/undo", token_from=f"/imports/batches/{batch_id}")
    page = settled(officer, f"/imports/batches/{batch_id}")

    assert "MARTIN Alice" in page
    assert people() == 1


def test_progress_is_told_to_a_waiting_page(app, officer):
    path, _page = checked(officer, sheet(ALICE))
    number = path.rpartition("/")[2]

    told = officer.get(f"/imports/progress/{number}").get_json()

    assert told == {"standing": "done", "done": 1, "percent": 100, "text": "1 row so far"}


def test_empty_workbook_is_one_the_import_reads(app, officer):
    answer = officer.get("/imports/template.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert "中文名" in str(book.active.cell(1, 2).value)


def test_list_tells_who_imported_what(app, officer):
    path, _page = checked(officer, sheet(ALICE))
    officer.post(f"{path}/apply", token_from=path)
    settled(officer, path)

    page = officer.get("/imports").get_data(as_text=True)

    assert [text in page for text in ("staff.csv", "测试 officer", "1 new, 0 changed")] == [
        True
    ] * 3


@pytest.mark.parametrize("path", ["/imports/9", "/imports/progress/9", "/imports/9/errors.csv",
                                  "/imports/batches/9"])  # fmt: skip
def test_unknown_uploads_are_missing(app, officer, path):
    assert officer.get(path).status_code == 404


def test_empty_board_leads_an_officer_to_the_import(app, officer):
    assert 'href="/imports"' in officer.get("/").get_data(as_text=True).partition("<main")[2]


def test_mistakes_are_told_in_the_language_of_who_sent_the_file(app, officer):
    officer.get("/language/zh")

    _path, preview = checked(officer, sheet(WRONG))

    assert "请先写年份，例如 2026-11-30。" in preview
