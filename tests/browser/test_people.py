"""Finding somebody, keeping a view, taking a list along, and keeping to one's own unit."""

import csv
import re
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.factories import make_person, make_residence_permit
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db

pytestmark = pytest.mark.browser


@pytest.fixture
def office(own_office: Flask):
    """Three people of two units; the secretary is of physics."""
    with own_office.app_context():
        people = [
            make_person(name_zh="吕爱丽", name_en="MUELLER Alice", unit="物理学院"),
            make_person(name_zh="单雄信", name_en="SHAN Xiongxin", unit="历史学院"),
            make_person(name_zh=None, name_en="BERTIN Odile", unit="物理学院", nationality="DEU"),
        ]
        make_residence_permit(people[0])
        seeds.make_accounts(at=clock.now())
        pipeline.refresh([p.id for p in people], today=clock.today(), now=clock.now())
        db.session.commit()
        db.session.remove()
    with served(own_office) as address:
        yield address


def enter(page: Page, role: str) -> None:
    """Sign in and read English."""
    sign_in(page, role)
    page.goto("/language/en")


@pytest.mark.parametrize("typed", ["lü ai", "lv3ai4", "alice MÜLLER"])
def test_officer_finds_somebody_and_opens_the_page(open_page, office, typed):
    page = open_page(office)
    enter(page, "officer")

    page.get_by_role("link", name="People").click()
    page.get_by_role("searchbox").fill(typed)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("table.people tbody tr")).to_have_count(1)
    page.get_by_role("link", name=re.compile("MUELLER Alice")).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("吕爱丽")


def test_officer_keeps_a_view_and_takes_it_along(open_page, office, tmp_path):
    page = open_page(office)
    enter(page, "officer")

    page.goto("/people")
    page.get_by_text("More filters and order").click()
    page.get_by_label("Nationality").select_option("DEU")
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("Keep this filter as a view").click()
    page.get_by_label("Name of the view").fill("Germans")
    page.get_by_role("button", name="Save the view").click()
    page.get_by_role("link", name="Everybody").click()
    expect(page.locator("table.people tbody tr")).to_have_count(3)
    page.get_by_role("link", name="Germans").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel file").click()

    file = tmp_path / "list.xlsx"
    download.value.save_as(file)
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    assert [row[rows[0].index("name as in passport")] for row in rows[1:]] == ["BERTIN Odile"]


def test_secretary_sees_and_takes_along_only_the_own_unit(open_page, office, tmp_path):
    page = open_page(office, size="phone")
    enter(page, "unit_secretary")

    page.goto("/people?status=all")
    shown = page.locator("table.people tbody .who").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV file").click()
    download.value.save_as(tmp_path / "list.csv")

    with Path(tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted("SHAN" in text for text in shown) == [False, False]
    assert sorted(row["name as in passport"] for row in rows) == ["BERTIN Odile", "MUELLER Alice"]
    assert "passport number" not in rows[0]


def test_somebody_invited_chooses_a_password_and_is_in(open_page, office):
    page = open_page(office)
    enter(page, "admin")

    page.goto("/accounts/new")
    page.get_by_label("E-mail").fill("lin@example.org")
    page.get_by_label("Name").fill("Lin")
    page.get_by_label("Role").select_option("unit_secretary")
    page.get_by_label("Unit").select_option("历史学院")
    page.get_by_role("button", name="Add the account").click()
    page.get_by_role("button", name="Show it here once").click()
    link = page.locator("code.path").inner_text()
    invited = open_page(office, size="phone")
    invited.goto("/password/" + link.rpartition("/")[2])
    invited.get_by_label("Password").fill("seven other kitchen words")
    invited.get_by_role("button", name="Set the password and sign in").click()
    invited.goto("/people")

    expect(invited.locator("table.people tbody tr")).to_have_count(1)
    expect(invited.locator("table.people tbody")).to_contain_text("SHAN Xiongxin")
