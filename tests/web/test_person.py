"""A person's page: the picture and its table, the conflicts, how days were counted, letters."""

import re
from datetime import date, datetime, timedelta

import pytest

from tests import seeds
from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.accounts import service
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import service as facts


@pytest.fixture
def alice(app):
    """Somebody with a permit whose window is open, and a passport that ends before it."""
    today = clock.today()
    person = make_person(born_on=date(1980, 5, 4))
    record(person, "passport", number="EE1234567", expires_on=today + timedelta(50),
           issued_on=today - timedelta(3000))  # fmt: skip
    make_residence_permit(person, issued_on=today - timedelta(300),
                          expires_on=today + timedelta(60))  # fmt: skip
    record(person, "accommodation", registered_on=today,
           moved_in_at=datetime.combine(today, datetime.min.time(), clock.CAMPUS))  # fmt: skip
    seeds.make_accounts(at=clock.now())
    pipeline.refresh([person.id], today=today, now=clock.now())
    person_id = person.id
    db.session.commit()
    db.session.remove()
    return person_id


def page_of(browser, person_id, **query):
    answer = browser.get(f"/people/{person_id}", query_string=query)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def section(page, heading):
    """Return the part of a page under a heading, its marks taken away."""
    part = page.partition(f'id="{heading}"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_picture_has_a_title_a_description_and_the_same_as_a_table(alice, signed_in):
    page = page_of(signed_in("officer"), alice)

    assert page.count('role="img" aria-labelledby="wide-title wide-text"') == 1
    assert '<title id="wide-title">Documents and deadlines of 马爱丽 MARTIN Alice</title>' in page
    table = page.partition('class="rows glance-rows"')[2].partition("</table>")[0]
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in table.split("<tr>")[2:]]
    assert [row.partition(" From")[0] for row in rows] == [
        "Passport", "Residence permit", "Accommodation", "Passport with less than 6 months left",
        "Extension of the residence permit",
    ]  # fmt: skip


def test_page_has_no_inline_style_or_script(alice, signed_in):
    page = page_of(signed_in("officer"), alice)

    assert re.findall(r"<[^>]+\sstyle=|<style|<script|\son\w+=", page) == []


def test_conflict_names_both_documents_why_and_what_to_do(alice, signed_in):
    text = section(page_of(signed_in("officer"), alice), "conflicts")

    assert [words in text for words in (
        "The passport ends before the permit or contract", "Plan ahead",
        "Passport EE1234567 until", "Residence permit R1 until", "What to do",
        "Renew the passport at the embassy", "Service guides",
    )] == [True] * 7  # fmt: skip


def test_numbers_in_conflicts_are_hidden_from_those_who_may_not_read_them(alice, signed_in):
    page = page_of(signed_in("head"), alice)

    assert "EE1234567" not in page
    assert "Passport ••••4567" in section(page, "conflicts")


def test_person_without_conflicts_has_no_such_section(app, signed_in):
    person = make_person()
    seeds.make_accounts(at=clock.now())
    db.session.commit()

    page = page_of(signed_in("officer"), person.id)

    assert 'id="conflicts"' not in page
    assert 'id="glance"' not in page


def test_why_tells_how_the_day_was_counted(app, signed_in):
    person = make_person()
    make_residence_permit(person)
    seeds.make_accounts(at=clock.now())
    pipeline.refresh([person.id], today=clock.today(), now=clock.now())
    db.session.commit()

    text = section(page_of(signed_in("officer"), person.id), "due")

    assert [words in text for words in (
        "The count starts from Sat 31 October 2026 .",
        "30 calendar days before it: Thu 1 October 2026 .",
        "Moved back over 1 Oct 2026 (National Day) to the last working day before: "
        "Wed 30 September 2026 .",
    )] == [True] * 3  # fmt: skip


def test_letters_to_come_have_day_stage_and_recipients(alice, signed_in):
    text = section(page_of(signed_in("officer"), alice), "letters")

    assert "14 days before; to Expert, Unit secretary" in text
    assert "on the safe day; to Expert, Unit secretary, Officer, Head" in text
    assert "No letter was written to this person yet." in text


def test_own_page_says_what_to_do_next_by_when_and_what_to_bring(alice, signed_in):
    text = section(page_of(signed_in("expert"), alice), "next")

    assert [words in text for words in (
        "What you must do next", "Extension of the residence permit", "Due by",
        "Apply at the exit-entry administration", "What to bring",
        "Passport with the present residence permit", "Why, and how the day was counted",
    )] == [True] * 7  # fmt: skip


def test_own_page_names_whom_to_ask_the_unit_first(alice, signed_in):
    unit = facts.get_or_create_unit("化学学院")
    service.create_account(email="other@example.org", name="Other Secretary", at=clock.now(),
                           role="unit_secretary", unit_id=unit.id)  # fmt: skip
    db.session.commit()
    db.session.remove()

    text = section(page_of(signed_in("expert"), alice), "ask")

    assert text.index("unit_secretary@example.org") < text.index("officer@example.org")
    assert "Other Secretary" not in text


def test_own_page_is_calm_when_nothing_is_due(app, signed_in):
    make_person()
    seeds.make_accounts(at=clock.now())
    db.session.commit()

    page = page_of(signed_in("expert"), 1)

    assert "You will get a letter in time when something is due." in section(page, "next")
    assert "No document is recorded yet." in section(page, "documents")


def test_own_page_waits_for_the_window(app, signed_in):
    today = clock.today()
    person = make_person()
    make_residence_permit(person, issued_on=today, expires_on=today + timedelta(200))
    record(person, "accommodation", registered_on=today,
           moved_in_at=datetime.combine(today, datetime.min.time(), clock.CAMPUS))  # fmt: skip
    seeds.make_accounts(at=clock.now())
    pipeline.refresh([person.id], today=today, now=clock.now())
    db.session.commit()

    assert "Nothing to do before" in section(page_of(signed_in("expert"), person.id), "next")


def test_expert_goes_from_the_start_to_their_own_page(alice, signed_in):
    answer = signed_in("expert").get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/people/{alice}")


def test_own_papers_of_a_past_day_are_shown(alice, signed_in):
    page = page_of(signed_in("expert"), alice, on="2010-01-01")

    assert "Nothing was in force then." in page
