"""Pages that tell of duties tell of the steps of a case like of any other."""

from datetime import timedelta

import pytest

from tests import seeds
from tests.factories import make_person, record
from tests.web.conftest import Browser
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db


@pytest.fixture
def desk(app):
    """An officer, signed in, and somebody whose renewal is under way."""
    today = clock.today()
    person = make_person()
    for kind in ("work_permit", "residence_permit"):
        record(person, kind, number=f"N-{kind}", issued_on=today - timedelta(300),
               expires_on=today + timedelta(70))  # fmt: skip
    pipeline.refresh([person.id], today=today, now=clock.now())
    pipeline.plan_day(today=today, now=clock.now())
    seeds.make_accounts(at=clock.now())
    number = person.id
    db.session.commit()
    db.session.remove()
    browser = Browser(app.test_client())
    browser.get("/language/en")
    browser.sign_in("officer@example.org")
    return browser, number


def test_steps_are_shown_where_duties_are(desk):
    browser, number = desk
    pages = [f"/people/{number}", "/", "/people", "/calendar", "/reminders", "/reminders/ladder",
             f"/reminders/why?person={number}", "/delivery"]  # fmt: skip

    answers = {page: browser.get(page, follow_redirects=True) for page in pages}

    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(
        pages, 200
    )
    person = answers[f"/people/{number}"].get_data(as_text=True)
    assert "Extension of the work permit: complete file at the office" in person
