"""Trips by a personal link and by the link of a letter; the office's own pages."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.factories import make_person, make_residence_permit
from tests.web.conftest import Browser
from tests.web.letters_with_links import answer, link_to
from tests.web.test_access import fingerprint
from tracker import pipeline
from tracker.answers.models import Answer
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations.models import Obligation
from tracker.whereabouts import declaring, links, service
from tracker.whereabouts.models import Trip

TODAY = clock.today()
FORM = {
    "form": "f" * 32, "scope": "country", "leaves_on": (TODAY + timedelta(3)).isoformat(),
    "returns_on": (TODAY + timedelta(30)).isoformat(), "destination": "Lyon",
    "country": "France", "contact": "+33", "purpose": "family",
}  # fmt: skip


@pytest.fixture
def browser(app):
    browser = Browser(app.test_client())
    browser.get("/language/en")
    return browser


@pytest.fixture
def alice(app):
    person = make_person()
    ends = TODAY + timedelta(20)
    make_residence_permit(person, issued_on=TODAY - timedelta(300), expires_on=ends)
    seeds.make_accounts(at=clock.now())
    person_id = person.id
    db.session.commit()
    return person_id


@pytest.fixture
def link(alice):
    token = links.make(db.session.get_one(Person, alice), by="account:1", at=clock.now())
    db.session.commit()
    db.session.remove()
    return f"/away/{token}"


def trips():
    found = db.session.scalars(sa.select(Trip)).all()
    told = [(each.destination, each.country, each.declared_by, bool(each.warnings),
             each.returned_on, each.cancelled_at is not None) for each in found]  # fmt: skip
    db.session.remove()
    return told


def test_a_trip_is_declared_by_link_once_its_warning_was_read(browser, link):
    before = fingerprint()
    browser.get(link)
    browser.get(link + "/new")
    opened = fingerprint()

    warned = browser.post(link + "/new", token_from=link + "/new", **FORM)
    text = warned.get_data(as_text=True)
    heeded = re.search(r'name="heeded" value="(\w+)"', text)
    nothing_yet = trips()
    taken = [browser.post(link + "/new", token_from=link + "/new", heeded=heeded[1], **FORM)
             for _twice in range(2)]  # fmt: skip

    assert opened == before
    assert (warned.status_code, "Residence permit" in text, nothing_yet) == (422, True, [])
    assert [each.status_code for each in taken] == [303, 303]
    assert trips() == [("Lyon", "FRA", "link", True, None, False)]
    page = browser.get(link)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "MARTIN" not in page.get_data(as_text=True)


def test_a_link_reaches_no_trip_of_somebody_else(browser, link):
    other = make_person(name_en="OTHER Olga", email="o@example.org")
    told = declaring.checked(FORM | {"country": "FRA"}, today=TODAY)
    trip = service.declare(other.id, told, (), form_id="o" * 32, by="link", at=clock.now())
    path = f"{link}/trips/{trip.id}/cancel"
    db.session.commit()
    db.session.remove()

    assert browser.post(path, token_from=link + "/new").status_code == 404
    assert browser.get("/away/nothing").status_code == 404
    assert trips()[0][-1] is False


def test_the_link_of_a_letter_confirms_the_return_at_once(browser, alice):
    leaves, returns = TODAY - timedelta(30), TODAY - timedelta(14)
    told = declaring.Declared("country", leaves, returns, "Lyon", "FRA", "", "family")
    service.declare(alice, told, (), form_id="a" * 32, by="link", at=clock.now())
    pipeline.refresh([alice], today=TODAY, now=clock.now())
    db.session.commit()
    path = link_to(f"person:{alice}", title="Confirm the return from a trip")
    offered = re.findall(rf"{path}/(\w+)", browser.get(path).get_data(as_text=True))

    sent = answer(browser, path + "/back", returned_on=returns.isoformat())

    assert (offered, sent.status_code) == (["back", "later", "not_me"], 303)
    assert trips()[0][4] == returns
    duty = db.session.scalars(sa.select(Obligation).filter_by(rule_id="TRIP-BACK")).one()
    given = db.session.scalars(sa.select(Answer)).one()
    assert (duty.state, given.verdict.verdict) == ("met", "taken")
