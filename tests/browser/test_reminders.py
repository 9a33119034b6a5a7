"""Reminders under control in a real browser: hold a letter, change a ladder, word a letter."""

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tracker.core import clock
from tracker.core.db import db
from tracker.reminders.models import Decision, OfficeText

pytestmark = pytest.mark.browser


@pytest.fixture
def office(own_office):
    """Seventeen people in every state of life, at an address."""
    with own_office.app_context():
        seeds.fill(17, today=clock.today(), now=clock.now())
        db.session.remove()
    with served(own_office) as address:
        yield address


def stored(app, statement):
    with app.app_context():
        found = db.session.scalars(statement).all()
        db.session.remove()
    return found


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_letter_is_read_and_held(own_office, office, open_page, size):
    page = open_page(office, size=size)
    sign_in(page, "officer")
    page.goto("/language/en")
    page.goto("/reminders")

    page.locator("td.acts-cell a").last.click()
    frame = page.frame_locator("iframe.mail").locator("body")
    frame.wait_for()
    page.locator("details.choice summary", has_text="Hold").first.click()
    page.locator("details.choice[open] input[name=reason]").fill("in hospital")
    page.locator("details.choice[open] button").click()

    page.get_by_text("Held. Letters that waited were taken back.").wait_for()
    assert page.locator(".decision.held").count() >= 1
    assert stored(own_office, sa.select(Decision.reason)) == ["in hospital"]


def test_changed_ladder_shows_its_effect_before_it_is_saved(own_office, office, open_page):
    page = open_page(office)
    sign_in(page, "officer")
    page.goto("/language/en")
    page.goto("/reminders/ladder")

    page.locator("details.ladder summary").first.click()
    page.locator("input[name='filing.1.days']").fill("60")
    page.locator("#effect .figures").wait_for()
    nothing_yet = stored(own_office, sa.select(OfficeText.name))
    page.locator("input[name='filing.1.days']").fill("soon")
    page.get_by_role("button", name="Show the effect").click()
    page.locator(".wrong").wait_for()
    mistake = page.locator(".wrong").inner_text()
    page.locator("input[name='filing.1.days']").fill("60")
    page.locator("#effect .figures").wait_for()
    page.get_by_role("button", name="Save the ladder").click()

    page.get_by_text("The ladder is in use from the next planning on.").wait_for()
    assert nothing_yet == []
    assert mistake == "Write the days as a whole number from 0 to 400."
    assert stored(own_office, sa.select(OfficeText.name)) == ["ladder"]


def test_mistake_in_a_letter_is_named_while_it_is_typed(own_office, office, open_page):
    page = open_page(office)
    sign_in(page, "officer")
    page.goto("/language/en")
    page.goto("/reminders/letters/expert.en")
    text = page.locator("#text").input_value()

    page.locator("#text").fill(text.replace("reader.name", "reader.nmae"))
    page.locator("#mistakes-text .wrong").wait_for()
    mistake = page.locator("#mistakes-text .wrong").inner_text()
    page.locator("#text").fill(text.replace("Dear", "Good day"))
    page.locator("#look pre", has_text="Good day").wait_for()
    page.frame_locator("iframe.mail").locator("body", has_text="things about").wait_for()
    page.get_by_role("button", name="Check and save").click()

    page.get_by_text("Saved. Letters written from now on read so.").wait_for()
    assert mistake == "Line 1: There is no reader.nmae. Did you mean reader.name?"
    assert stored(own_office, sa.select(OfficeText.name)) == ["expert.en.txt"]
