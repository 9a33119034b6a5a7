"""An officer at work: a renewal with its scan, undone again; two officers on one passport."""

from datetime import timedelta

import pytest

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.factories import make_person, make_residence_permit
from tests.files.pictures import picture
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db

pytestmark = pytest.mark.browser
TODAY = clock.today()
ENDS, NEXT = TODAY + timedelta(days=60), TODAY + timedelta(days=425)


@pytest.fixture
def address(own_office):
    """An office with Alice, whose permit ends in sixty days."""
    with own_office.app_context():
        person = make_person()
        make_residence_permit(person, expires_on=ENDS, issued_on=ENDS - timedelta(days=365))
        seeds.make_accounts(at=clock.now())
        pipeline.refresh([person.id], today=TODAY, now=clock.now())
        db.session.commit()
        db.session.remove()
    with served(own_office) as served_at:
        yield served_at


def come_in(page, role):
    sign_in(page, role)
    page.goto("/language/en")


def test_find_a_person_and_record_a_renewal(open_page, address):
    page = open_page(address)
    come_in(page, "officer")
    page.goto("/people")
    page.fill("#q", "mart")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="MARTIN").click()
    page.get_by_role("navigation", name="Edit this person").get_by_role(
        "link", name="New: Residence permit"
    ).click()

    page.fill("#number", "R2")
    page.fill("#issued_on", TODAY.isoformat())
    page.fill("#expires_on", NEXT.isoformat())
    page.set_input_files(
        "#file", {"name": "permit.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.wait_for_selector(".effects .starts")
    foreseen = [page.locator(f".effects .{word}").count() for word in ("stops", "starts")]
    page.get_by_role("button", name="Save", exact=True).click()

    assert foreseen == [2, 2]
    saved = page.locator(".saved")
    assert "Residence permit recorded." in saved.inner_text()
    assert "Stops: Extension of the residence permit" in saved.inner_text()
    thumb = page.locator(".gallery img")
    thumb.scroll_into_view_if_needed()
    assert thumb.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert page.get_by_text("R2").count() >= 1

    saved.get_by_role("button", name="Undo").click()

    assert "Undone: it is as it was before." in page.locator(".saved").inner_text()
    assert page.locator(".document", has_text="Residence permit").get_by_text("R1").count() == 1


def test_mistake_keeps_what_was_typed_and_the_scan(open_page, address):
    page = open_page(address, size="phone")
    come_in(page, "officer")
    page.goto("/people/1/record/residence_permit")
    page.fill("#number", "R2")
    page.fill("#issued_on", NEXT.isoformat())
    page.fill("#expires_on", TODAY.isoformat())
    page.set_input_files(
        "#file", {"name": "permit.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )

    page.get_by_role("button", name="Save", exact=True).click()

    assert page.locator("#expires_on-wrong").inner_text().startswith("This is before")
    assert page.input_value("#number") == "R2"
    assert "Still chosen: permit.jpg" in page.locator(".kept").inner_text()

    page.fill("#issued_on", TODAY.isoformat())
    page.fill("#expires_on", NEXT.isoformat())
    page.get_by_role("button", name="Save", exact=True).click()

    assert page.locator(".gallery").get_by_text("permit.jpg").count() >= 1


def test_two_editors_choose_field_by_field(open_page, address):
    alice, bob = open_page(address), open_page(address)
    for page, role in ((alice, "officer"), (bob, "admin")):
        come_in(page, role)
        page.goto("/people/1/documents/residence_permit/1")
    bob.fill("#number", "R-BOB")
    bob.fill("#purpose", "work")
    bob.get_by_role("button", name="Save the correction").click()
    bob.wait_for_selector(".saved")

    alice.fill("#number", "R-ALICE")
    alice.get_by_role("button", name="Save the correction").click()
    alice.wait_for_selector(".difference")
    undecided = alice.get_by_text("please choose").count()
    alice.get_by_label("Mine R-ALICE").check()
    alice.get_by_role("button", name="Save this choice").click()

    assert undecided == 1
    permit = alice.locator(".document", has_text="Residence permit").inner_text()
    assert ["R-ALICE" in permit, "work" in permit] == [True, True]
