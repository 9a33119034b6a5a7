"""The board beyond its rows: the weeks to come, what can go earlier, papers that clash."""

import re
from datetime import date, timedelta

import pytest

from tests import seeds
from tests.factories import make_person, make_residence_permit, record
from tests.web.test_board import obligation
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db


@pytest.fixture
def crowded(app):
    """Fourteen people with a filing in the same week, three weeks ahead, all of them open."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday()) + timedelta(days=21)
    for number in range(14):
        person = make_person(name_en=f"NO {number}", email=f"n{number}@example.org")
        obligation(person, monday + timedelta(days=2), opens_on=today - timedelta(days=5))
    seeds.make_accounts(at=clock.now())
    db.session.commit()
    db.session.remove()
    return monday


@pytest.fixture
def clash(app):
    """Somebody whose passport ends before the residence permit."""
    today = clock.today()
    person = make_person()
    record(person, "passport", number="P1", expires_on=today + timedelta(days=100))
    make_residence_permit(person, issued_on=today, expires_on=today + timedelta(days=300))
    seeds.make_accounts(at=clock.now())
    pipeline.refresh([person.id], today=today, now=clock.now())
    person_id = person.id
    db.session.commit()
    db.session.remove()
    return person_id


def text_of(page, heading):
    part = page.partition(f'id="{heading}"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_crowded_week_is_told_drawn_and_tabled(crowded, signed_in):
    page = signed_in("officer").get("/").get_data(as_text=True)

    told = text_of(page, "load")
    assert "1 week has more to file than the office can handle." in told
    assert "with 14 filings; the office can handle" in told
    assert 'role="img" aria-labelledby="wide-title wide-text"' in page
    assert f"/?week={crowded.isoformat()}" in page


def test_what_can_be_filed_earlier_is_listed_with_its_week(crowded, signed_in):
    told = text_of(signed_in("officer").get("/").get_data(as_text=True), "load")

    assert "Can be filed earlier" in told
    assert "NO 0" in told
    assert "can go to the week of" in told


@pytest.mark.parametrize("role", ["unit_secretary", "expert"])
def test_capacity_is_the_whole_offices(crowded, signed_in, role):
    page = signed_in(role).get("/", follow_redirects=True).get_data(as_text=True)

    assert 'id="load"' not in page


def test_week_lists_its_filings(crowded, signed_in):
    browser = signed_in("officer")
    day = (crowded + timedelta(days=4)).isoformat()

    full = browser.get(f"/?week={day}").get_data(as_text=True)
    empty = browser.get(f"/?week={crowded + timedelta(days=7)}").get_data(as_text=True)

    assert full.count('class="when"') == 14
    assert "Nothing is to be filed in this week." in empty


@pytest.mark.parametrize("path", ["/?week=soon", "/?week=9999-12-31", "/?conflicts=red"])
def test_week_or_grade_that_is_none_is_missing(crowded, signed_in, path):
    assert signed_in("officer").get(path).status_code == 404


def test_clashing_papers_are_counted_and_listed_by_urgency(clash, signed_in):
    browser = signed_in("officer")

    board = text_of(browser.get("/").get_data(as_text=True), "clashing")
    listed = browser.get("/?conflicts=plan").get_data(as_text=True)
    none = browser.get("/?conflicts=check").get_data(as_text=True)

    assert "Plan ahead 1 person" in board
    assert "The passport ends before the permit or contract" in listed
    assert f'href="/people/{clash}#conflicts"' in listed
    assert "Nobody's papers contradict each other in this way." in none


def test_secretary_sees_no_clash_of_another_unit(clash, signed_in):
    stranger = make_person(name_en="FAR Away", unit="化学学院", email="far@example.org")
    record(stranger, "passport", number="P2", expires_on=date(2027, 1, 1))
    make_residence_permit(stranger, expires_on=date(2029, 1, 1))
    pipeline.refresh([stranger.id], today=clock.today(), now=clock.now())
    db.session.commit()
    db.session.remove()

    def listed(role):
        return signed_in(role).get("/?conflicts=plan").get_data(as_text=True)

    assert ["FAR Away" in listed(role) for role in ("officer", "unit_secretary")] == [True, False]
