"""The calendar by keyboard and on a phone, and an address for a calendar program."""

import re
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.factories import make_person, make_residence_permit
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db

pytestmark = pytest.mark.browser


def test_days_are_walked_and_months_turned_by_keyboard(office_address, open_page):
    page = open_page(office_address)
    sign_in(page, "officer")
    page.goto("/calendar?month=2026-10")
    page.locator('.box h2 a[href$="2026-10-14"]').focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("PageDown")

    assert focused == "/calendar/2026-10-22"
    page.wait_for_url("**/calendar?month=2026-11")


def test_phone_lists_only_days_with_something(office_address, open_page):
    page = open_page(office_address, size="phone")
    sign_in(page, "officer")
    page.goto("/calendar")

    shown = page.locator(".box:visible")

    assert 0 < shown.count() < 28
    for box in shown.all():
        assert box.locator(".entry").count() or box.locator(".off, .makeup").count() or (
            box.get_attribute("id") == "today"
        )  # fmt: skip


def test_address_made_on_the_page_is_read_by_a_calendar(own_office, open_page):
    with own_office.app_context():
        alice = make_person()
        make_residence_permit(alice, expires_on=clock.today() + timedelta(100))
        seeds.make_accounts(at=clock.now())
        pipeline.refresh([alice.id], today=clock.today(), now=clock.now())
        db.session.commit()
        db.session.remove()
    with served(own_office) as address:
        page = open_page(address, size="phone")
        sign_in(page, "expert")
        page.goto("/language/en?next=/calendar")
        page.get_by_role("link", name="Subscribe").click()
        page.get_by_label("What you call it").fill("My phone")
        page.get_by_role("button", name="Make the address").click()
        made = page.locator("#address").input_value()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()

        connection = HTTPConnection(urlsplit(address).netloc)
        connection.request("GET", re.sub(r"^http:..[^/]+", "", made))
        events = Calendar.from_ical(connection.getresponse().read()).events
        connection.close()
        page.get_by_role("button", name="Revoke My phone").click()
        expect(page.get_by_text("works no longer")).to_be_visible()

    assert [str(event["SUMMARY"]) for event in events] == ["居留证件延期"]
