"""Somebody leaves, told by one form; a notice goes from the desk to a phone and comes back read."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.outbox.models import Letter

pytestmark = pytest.mark.browser
LAST = clock.today() + timedelta(30)


@pytest.fixture
def address(own_office):
    """Alice at work for another year, and an account of each role."""
    with own_office.app_context():
        alice, ends = make_person(), clock.today() + timedelta(365)
        begun = ends - timedelta(365)
        record(alice, "work_permit", number="W1", issued_on=begun, expires_on=ends)
        make_residence_permit(alice, expires_on=ends)
        record(alice, "contract", starts_on=begun, ends_on=ends)
        seeds.make_accounts(at=clock.now())
        pipeline.refresh([alice.id], today=clock.today(), now=clock.now())
        db.session.commit()
        db.session.remove()
    with served(own_office) as place:
        yield place


def test_leaving_is_told_once_and_everything_follows(address, open_page):
    desk = open_page(address)
    sign_in(desk, "officer")
    desk.goto("/language/en")
    desk.goto("/people/1")
    desk.get_by_role("link", name="Something happened").click()
    desk.get_by_role("link", name="Is leaving").click()
    desk.fill("#on", LAST.isoformat())
    desk.select_option("#reason", "resignation")
    desk.select_option("#afterwards", "new_employer")

    foreseen = desk.locator("#foreseen .starts b")
    foreseen.filter(has_text="Cancellation of the work permit").first.wait_for()
    duties = set(foreseen.all_inner_texts())
    desk.locator(".sheet-form button[value=save]").click()

    desk.wait_for_url("**/people/1")
    assert {"Report to the police", "Room handed back", "Departure to be confirmed"} <= duties
    clocks = desk.locator(".clocks-of .clock .of")
    assert clocks.all_inner_texts() == [
        "Room handed back", "Departure to be confirmed", "Report to the police",
        "Cancellation of the work permit", "Change of the registered items of the residence permit",
    ]  # fmt: skip
    assert desk.locator("section.cases .lines li").count() == 2
    desk.goto("/leaving")
    assert desk.locator(".move h3").all_inner_texts() == ["MARTIN Alice 马爱丽"]


def test_a_notice_from_writing_to_read(address, own_office, open_page):
    desk, phone = open_page(address), open_page(address, size="phone")
    sign_in(desk, "officer")
    desk.goto("/language/en")
    desk.goto("/notices/desk/new")
    for name, text in (("title_zh", "国庆放假"), ("body_zh", "放假七天。"),
                       ("title_en", "Holiday"), ("body_en", "**Closed** for a week.")):  # fmt: skip
        desk.fill(f"#{name}", text)
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("button", name="Publish version 1").click()
    desk.get_by_role("button", name="Send 1 letter").click()
    desk.get_by_text("1 letter waits to leave").wait_for()

    phone.goto(_link_in_the_letter(own_office))
    assert phone.locator(".notice-text strong").first.inner_text() == "Closed"
    phone.get_by_role("button", name="I have read it").tap()
    phone.get_by_text("Thank you. The office knows").wait_for()
    phone.goto("/notices")
    assert phone.locator(".notices h2").all_inner_texts() == ["Holiday"]
    desk.reload()
    assert desk.locator(".rate").inner_text().strip() == "100%"


def _link_in_the_letter(office) -> str:
    with office.app_context():
        letter = db.session.scalars(sa.select(Letter)).one()
        message = message_from_bytes(letter.content, policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found = re.search(r"/notices/mine/[\w-]{43}", body.get_content())
        db.session.remove()
    assert found is not None
    return found[0]
