"""An officer takes in a new building and lets a family move in; the clock and the list follow."""

import pytest

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.factories import make_person, record
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db

pytestmark = pytest.mark.browser


@pytest.fixture
def address(own_office):
    """An office with Alice and her child, and no building."""
    with own_office.app_context():
        alice = make_person()
        child = make_person(name_en="MARTIN Zoe", name_zh=None)
        record(child, "family_tie", sponsor=str(alice.id), relation="child")
        seeds.make_accounts(at=clock.now())
        pipeline.refresh([alice.id, child.id], today=clock.today(), now=clock.now())
        db.session.commit()
        db.session.remove()
    with served(own_office) as served_at:
        yield served_at


def test_add_a_building_move_a_family_in_and_see_the_24_hours(open_page, address):
    page = open_page(address)
    sign_in(page, "officer")
    page.goto("/language/en")
    page.get_by_role("link", name="Safety").click()
    page.get_by_role("link", name="Add 东院外专楼").click()
    page.fill("#campus", "东院")
    page.get_by_label("Gas", exact=True).check()
    page.get_by_role("button", name="Add the building").click()
    page.fill("#numbers", "301-320, 3F corridor")
    page.fill("#beds", "2")
    page.get_by_role("button", name="Add the rooms").click()
    doors = page.locator(".door").count()

    page.goto("/people/1")
    page.get_by_role("link", name="Move", exact=True).click()
    page.select_option("#room", label="305 (2)")
    page.get_by_role("button", name="Move in").click()
    saved = page.locator(".saved").inner_text()
    page.goto("/buildings/1/residents")
    rows = page.locator(".residents tbody tr")
    states = [rows.nth(number).locator(".state").inner_text() for number in range(rows.count())]
    page.goto("/buildings/1")
    full = page.locator("a.door-full").inner_text()

    assert doors == 21
    assert "2 people moved into 东院外专楼 305." in saved
    assert "Starts: Accommodation registration within 24 hours" in saved
    assert [state.split("\n")[0] for state in states] == ["Not registered", "Not registered"]
    assert ["hours left" in state for state in states] == [True, True]
    assert full.split() == ["305", "2/2"]
