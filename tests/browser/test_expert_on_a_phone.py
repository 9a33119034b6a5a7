"""An expert opens their page from a letter, on a phone, and finds what to do next."""

from datetime import datetime, timedelta

import pytest

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.browser.test_pages import sideways, violations
from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db

pytestmark = pytest.mark.browser


def fill(app) -> int:
    """Record an expert whose window is open, and somebody else; return whose page it is."""
    today = clock.today()
    with app.app_context():
        person = make_person()
        record(person, "passport", number="EE1234567", issued_on=today - timedelta(900),
               expires_on=today + timedelta(2000))  # fmt: skip
        make_residence_permit(person, issued_on=today - timedelta(300),
                              expires_on=today + timedelta(60))  # fmt: skip
        record(person, "accommodation", building="东院外专楼", registered_on=today,
               moved_in_at=datetime.combine(today, datetime.min.time(), clock.CAMPUS))  # fmt: skip
        make_person(name_zh="别人", name_en="OTHER Olga", email="o@example.org")
        seeds.make_accounts(at=clock.now())
        pipeline.refresh([person.id], today=today, now=clock.now())
        person_id = person.id
        db.session.commit()
        db.session.remove()
    return person_id


def test_expert_finds_what_to_do_next_on_a_phone(own_office, open_page):
    person_id = fill(own_office)
    with served(own_office) as address:
        page = open_page(address, size="phone", language="zh")

        page.goto(f"/people/{person_id}")
        page.fill("#email", "expert@example.org")
        page.fill("#password", seeds.PASSWORD)
        page.locator("main form button").tap()

        page.wait_for_url(f"{address}/people/{person_id}")
        assert page.locator("h2").first.inner_text() == "下一步要办"
        card = page.locator(".next")
        assert card.locator("h3").inner_text() == "居留证件延期"
        assert "护照和现居留许可" in card.locator(".bring").inner_text()
        assert not card.locator(".steps").is_visible()
        card.locator("summary").tap()
        assert "往前 30 个自然日" in card.locator(".steps").inner_text()
        assert page.get_by_role("link", name="officer@example.org").get_attribute("href") == (
            "mailto:officer@example.org"
        )
        assert page.locator("svg.slim").is_visible()
        assert not page.locator("svg.wide").is_visible()
        assert [*violations(page), *sideways(page)] == []


def test_expert_sees_nothing_of_others(own_office, open_page):
    person_id = fill(own_office)
    with served(own_office) as address:
        page = open_page(address, size="phone")
        sign_in(page, "expert")
        page.wait_for_url(f"{address}/people/{person_id}")

        assert page.get_by_text("OTHER Olga").count() == 0
        assert page.get_by_role("link", name="Board").count() == 0
        answer = page.goto(f"/people/{person_id + 1}")
        assert answer is not None
        assert answer.status == 404
