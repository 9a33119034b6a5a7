"""Journeys: a trip declared on a phone, passports out and late back, security asks."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.browser.conftest import sign_in
from tests.browser.served import served
from tests.browser.test_pages import sideways, violations
from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.custody import service as custody
from tracker.whereabouts import declaring
from tracker.whereabouts import service as trips

pytestmark = pytest.mark.browser


def fill(app, count=1) -> list[int]:
    """Record experts with passports and permits, and an account of each role."""
    today, now = clock.today(), clock.now()
    with app.app_context():
        people = [make_person(name_en=f"EXPERT {n:02}", email=f"e{n}@example.org",
                              phone=f"+86 27 0000 {n:04}") for n in range(count)]  # fmt: skip
        for n, person in enumerate(people):
            record(person, "passport", number=f"EA{n:05}", issued_on=today - timedelta(900),
                   expires_on=today + timedelta(2000))  # fmt: skip
            make_residence_permit(person, number=f"RP{n:05}", issued_on=today - timedelta(300),
                                  expires_on=today + timedelta(20))  # fmt: skip
        seeds.make_accounts(at=now)
        ids = [person.id for person in people]
        pipeline.refresh(ids, today=today, now=now)
        db.session.commit()
        db.session.remove()
    return ids


def test_expert_declares_a_trip_on_a_phone_and_is_told_what_clashes(own_office, open_page):
    fill(own_office)
    today = clock.today()
    with served(own_office) as address:
        page = open_page(address, size="phone", language="zh")
        sign_in(page, "expert")
        page.get_by_role("link", name="报备外出").tap()
        page.select_option("#scope", "country")
        page.fill("#leaves_on", (today + timedelta(10)).isoformat())
        page.fill("#returns_on", (today + timedelta(40)).isoformat())
        page.fill("#destination", "里昂")
        page.fill("#country", "法国")
        page.select_option("#purpose", "family")
        page.locator("main form .btn").first.tap()

        told = page.locator("#heed").inner_text()
        assert "目前尚未登记" in told
        assert "居留许可" in told
        assert [*violations(page), *sideways(page)] == []
        page.get_by_role("button", name="仍然报备").tap()

        page.wait_for_url("**/whereabouts/trips/1")
        assert page.locator("h1").inner_text() == "里昂, 法国"
        assert "居留许可" in page.locator(".heeds").first.inner_text()


def test_officer_hands_out_twelve_passports_and_gets_one_back_late(own_office, open_page):
    ids = fill(own_office, 12)
    with own_office.app_context():
        for person_id in ids:
            custody.lodge(person_id, ["passport/1"], cabinet_id=None, by="account:2",
                          at=clock.now() - timedelta(30), form_id="seed")  # fmt: skip
        db.session.commit()
    with served(own_office) as address:
        page = open_page(address)
        page.goto("/language/en")
        sign_in(page, "officer")
        page.goto("/custody")
        for box in page.locator("input[name=items]").all():
            box.check()
        assert page.locator("[data-ticked]").inner_text() == "12"
        page.fill("#reason", "visas for a conference")
        page.get_by_role("button", name="Hand out", exact=True).click()
        page.wait_for_url("**/custody?view=out")
        assert page.locator(".custody tbody tr").count() == 12

        with own_office.app_context():  # ten days pass
            day = (clock.today() - timedelta(3)).isoformat()
            db.session.execute(sa.text("UPDATE custody_event SET due_on = :day WHERE kind = 'out'"),
                               {"day": day})  # fmt: skip
            db.session.commit()
        page.goto("/custody?view=late")
        page.fill("#number", "ea 00007")
        page.press("#number", "Enter")

        page.wait_for_url("**/custody?view=late")
        assert "EXPERT 07" in page.locator(".note.good").inner_text()
        assert page.locator(".custody tbody tr").count() == 11
        assert violations(page) == []


def test_security_reads_who_is_where_and_nothing_about_health(own_office, open_page):
    ids = fill(own_office, 3)
    today, now = clock.today(), clock.now()
    with own_office.app_context():
        told = declaring.Declared("country", today - timedelta(2), today + timedelta(5), "Lyon",
                                  "FRA", "+33 4 00 00", "conference")  # fmt: skip
        trips.declare(ids[0], told, (), form_id="a" * 32, by="link", at=now)
        db.session.commit()
    with served(own_office) as address:
        page = open_page(address, size="phone")
        page.goto("/language/en")
        sign_in(page, "inspector")
        page.locator("main").get_by_role("link", name="Who is where").tap()
        page.wait_for_url("**/whereabouts/today")

        assert page.locator(".where tbody tr").count() == 1
        shown = page.locator(".where").inner_text()
        assert ("Lyon, France" in shown, "+33 4 00 00" in shown) == (True, True)
        page.select_option("#place", "all")
        page.get_by_role("button", name="Show").tap()
        page.wait_for_url("**place=all**")
        assert page.locator(".where tbody tr").count() == 3
        text = page.content()
        for secret in ("EA000", "RP000", "ealth check", "xaminat"):
            assert secret not in text
        answer = page.goto("/whereabouts")
        assert answer is not None
        assert answer.status == 403
        assert [*violations(page), *sideways(page)] == []
