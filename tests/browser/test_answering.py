"""From a letter to the record: an expert answers on a phone, an officer takes it over."""

from datetime import timedelta

import pytest

from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.browser.test_pages import sideways, violations
from tests.files.pictures import picture
from tests.web.letters_with_links import alice_is_told
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import queries

pytestmark = pytest.mark.browser
TODAY = clock.today()
ENDS = TODAY + timedelta(days=405)
PHOTO = {"name": "permit.jpg", "mimeType": "image/jpeg", "buffer": picture()}


@pytest.fixture
def letter(own_office):
    """An office with Alice, who has a letter; yields its address and her link."""
    with own_office.app_context():
        link = alice_is_told()
        db.session.remove()
    with served(own_office) as address:
        yield address, link


def test_new_permit_comes_by_phone_and_an_officer_records_it(own_office, open_page, letter):
    address, link = letter
    phone = open_page(address, size="phone")
    phone.goto(link)
    phone.get_by_role("link", name="I have the new document").tap()
    phone.fill("#number", "R2")
    phone.fill("#issued_on", TODAY.isoformat())
    phone.fill("#expires_on", "2020-01-01")
    phone.set_input_files("#file", PHOTO)
    phone.get_by_role("button", name="Send the answer").tap()
    phone.wait_for_selector("#expires_on-wrong")
    assert phone.get_by_label("Still chosen: permit.jpg").is_checked()
    phone.fill("#expires_on", ENDS.isoformat())
    phone.get_by_role("button", name="Send the answer").tap()

    phone.wait_for_selector("text=Thank you: the office has your answer")
    assert [*violations(phone), *sideways(phone)] == []
    answer = phone.goto(link)
    assert answer is not None
    assert answer.status == 404

    desk = open_page(address)
    sign_in(desk, "officer")
    desk.goto("/language/en?next=/")
    desk.get_by_role("link", name="1 answer by link waits for you").click()
    desk.get_by_role("link", name="Look at it").click()
    desk.wait_for_selector(".effects .stops")
    assert desk.locator(".heard .gallery img").count() == 1
    desk.get_by_role("button", name="Record the document").click()
    desk.wait_for_selector("text=No answer is waiting")

    with own_office.app_context():
        held = [each.number for each in queries.in_force(1) if each.kind == "residence_permit"]
        db.session.remove()
    assert held == ["R2"]
