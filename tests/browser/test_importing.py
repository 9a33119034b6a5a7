"""A roster from the file to the board and back, and the first day of an installation."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.factories import make_person, record
from tracker.core import clock
from tracker.core.db import db

pytestmark = pytest.mark.browser
HEADINGS = "中文名,护照姓名,国籍,护照号码,聘用单位,居留许可有效期至"


def roster(folder: Path) -> Path:
    """Write a list with one changed, one new and one wrong row."""
    ends = (clock.today() + timedelta(60)).isoformat()
    rows = [
        "马爱丽,MARTIN Alice,法国,P100,历史学院,",
        f",BOBSON Bob,美国,P200,化学学院,{ends}",
        ",CARTER Eve,美国,P300,化学学院,03/04/2027",
    ]
    path = folder / "外教名单.csv"
    path.write_text("\n".join([HEADINGS, *rows]), encoding="gb18030")
    return path


def send(page: Page, path: Path) -> None:
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Look through it").click()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible(timeout=20_000)


@pytest.fixture
def staffed(own_office: Flask) -> Flask:
    """An office with Alice on record and an account of each role."""
    with own_office.app_context():
        alice = make_person(name_zh="马爱丽")
        record(alice, "passport", number="P100", expires_on=clock.today() + timedelta(900))
        seeds.make_accounts(at=clock.now())
        db.session.commit()
        db.session.remove()
    return own_office


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_roster_is_imported_and_taken_back(staffed, open_page, tmp_path, size):
    with served(staffed) as address:
        page = open_page(address, size=size)
        sign_in(page, "officer")
        page.goto("/language/en?next=/imports")
        send(page, roster(tmp_path))

        expect(page.locator(".mistakes")).to_contain_text("2027-04-03")
        page.get_by_role("link", name="Changed 1").click()
        expect(page.locator(".changes .old")).to_contain_text("物理学院")
        expect(page.locator(".changes .new")).to_contain_text("历史学院")
        page.get_by_role("button", name="Import these people").click()
        expect(page.get_by_text("Imported.")).to_be_visible(timeout=20_000)
        page.get_by_role("link", name="To the board").click()
        expect(page.locator("main")).to_contain_text("BOBSON Bob")

        page.goto("/imports")
        page.get_by_role("link", name="外教名单.csv").click()
        page.locator(".undo summary").click()
        page.get_by_role("button", name="Undo this import now").click()
        expect(page.get_by_text("1 person was removed, 1 is as before.")).to_be_visible(
            timeout=20_000
        )
        page.goto("/people")
        expect(page.locator("main")).not_to_contain_text("BOBSON Bob")
        expect(page.locator("main")).to_contain_text("物理学院")


def test_first_day_leads_from_the_token_to_the_board(own_office, open_page, tmp_path):
    with served(own_office) as address:
        page = open_page(address)
        page.goto("/")
        token = Path(page.locator("code.path").inner_text()).read_text().strip()
        page.fill("#token", token)
        page.fill("#name", "First Admin")
        page.fill("#email", "first@example.org")
        page.fill("#password", seeds.PASSWORD)
        page.get_by_role("button", name="Make the account").click()

        page.locator("main").get_by_role("link", name="Import a roster").click()
        send(page, roster(tmp_path))
        page.get_by_role("button", name="Import these people").click()
        expect(page.get_by_text("Imported.")).to_be_visible(timeout=20_000)
        page.get_by_role("link", name="To the board").click()

        expect(page.locator("main")).to_contain_text("BOBSON Bob")
        expect(page.locator("main")).to_contain_text("Extension of the residence permit")
