"""Whom no letter can reach stands on the Delivery page until somebody mends or tells it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.factories import make_person, make_residence_permit
from tracker import pipeline
from tracker.accounts.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.reminders.models import Decision, Reminder


@pytest.fixture
def nowhere(app) -> int:
    """Somebody without an address, of whose permit it is time to speak."""
    seeds.make_accounts(at=clock.now())
    person = make_person(email=None)
    today = clock.today()
    make_residence_permit(
        person, issued_on=today - timedelta(days=300), expires_on=today + timedelta(days=50)
    )
    pipeline.refresh([person.id], today=today, now=clock.now())
    db.session.commit()
    pipeline.plan_day(today=today, now=clock.now())
    pipeline.write(today=today, now=clock.now(), send_after=clock.now())
    found = person.id
    db.session.remove()
    return found


def delivery(browser):
    return browser.get("/delivery").get_data(as_text=True)


def states():
    found = set(db.session.scalars(sa.select(Reminder.state).where(
        Reminder.recipient.startswith("person:"))))  # fmt: skip
    db.session.remove()
    return found


def test_person_without_an_address_is_listed_with_what_is_due_and_what_to_do(nowhere, signed_in):
    officer, head = signed_in("officer"), signed_in("head")

    page, read = delivery(officer), delivery(head)

    assert [text in page for text in (
        "No address", "马爱丽", "Extension of the residence permit", "Add an address",
        "Told in person",
    )] == [True] * 5  # fmt: skip
    assert [text in read for text in ("马爱丽", "Told in person")] == [True, False]
    assert "reach nobody" in officer.get(f"/people/{nowhere}").get_data(as_text=True)


def test_list_reads_in_chinese(nowhere, signed_in):
    browser = signed_in("officer")
    browser.get("/language/zh")
    page = delivery(browser)

    assert [text in page for text in ("无邮箱地址", "居留证件延期", "已当面告知")] == [True] * 3


def test_told_in_person_is_on_record_and_stands_there_no_more(nowhere, signed_in):
    browser = signed_in("officer")

    browser.post("/delivery/unreached/told", recipient=f"person:{nowhere}")
    again = browser.post("/delivery/unreached/told", recipient=f"person:{nowhere}")
    page = delivery(browser)

    assert (again.status_code, states()) == (303, {"told"})
    assert "Nothing is waiting to be told" in page
    assert "Add an address" not in page
    assert {(each.kind, each.person_id) for each in db.session.scalars(sa.select(Decision))} == {
        ("told", nowhere)
    }
    entries = db.session.scalars(sa.select(AuditEntry).filter_by(action="told in person"))
    assert [entry.subject for entry in entries] == [f"person:{nowhere}"]


def test_address_entered_later_is_written_to(nowhere, signed_in):
    person = db.session.get_one(facts.Person, nowhere)
    facts.change_profile(person, {"email": "alice@example.org"}, valid_from=clock.today(),
                         by="test", at=clock.now())  # fmt: skip
    db.session.commit()

    pipeline.write(today=clock.today(), now=clock.now(), send_after=clock.now())
    db.session.remove()

    assert states() == {"lettered"}
    assert "Add an address" not in delivery(signed_in("officer"))
