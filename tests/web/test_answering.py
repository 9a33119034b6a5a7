"""The pages behind a letter's link: who may open them, what they take, and that once."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from tests.files.pictures import picture
from tests.web.letters_with_links import alice_is_told, answer, link_to, rows, text_to
from tests.web.test_access import fingerprint
from tracker.answers import links
from tracker.answers.models import AnswerLink
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.facts.models import Person
from tracker.outbox.models import Letter

TODAY = clock.today()


@pytest.fixture
def link(app):
    return alice_is_told()


def change(statement, **values):
    db.session.execute(statement.values(**values))
    db.session.commit()
    db.session.remove()


def main_of(reply) -> str:
    return reply.get_data(as_text=True).partition("<main")[2]


def test_link_shows_what_is_due_and_little_else(browser, link):
    page = browser.get(link)

    text = page.get_data(as_text=True)
    assert "M. Alice" in text
    assert "Extension of the residence permit" in text
    assert [word for word in ("MARTIN", "R1", "马爱丽", "alice@") if word in text] == []
    assert re.findall(rf"{link}/(\w+)", text) == ["filed", "permit", "paper", "leaving", "not_me"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert page.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_database_keeps_no_token(link):
    token = link.removeprefix("/answer/")

    kept = rows("answer_link")
    assert token not in str(kept)
    assert links.hashed(token) in {row["token_hash"] for row in kept}
    assert "/answer/…" in links.masked(text_to("person:1"))
    assert token not in links.masked(text_to("person:1"))


def test_scanner_that_opens_everything_changes_nothing(browser, link):
    before = fingerprint()

    for method in ("GET", "HEAD"):
        for page in ("", "/filed", "/permit", "/paper", "/leaving", "/not_me"):
            assert {browser.open(link + page, method=method).status_code for _ in range(9)} == {200}

    assert fingerprint() == before
    assert answer(browser, link + "/not_me").status_code == 303


def end_by_office(path):
    links.end_all(1, by="account:1", at=clock.now())
    db.session.commit()


def departs(path):
    facts.depart(db.session.get_one(Person, 1), departed_on=TODAY, by="test", at=clock.now())
    db.session.commit()


def expires(path):
    change(sa.update(AnswerLink), expires_at=clock.now())


def letter_is_taken_back(path):
    change(sa.update(Letter), state="superseded")


def duty_is_done(path):
    db.session.execute(sa.text("UPDATE obligation SET state = 'met'"))
    db.session.commit()


def newer_one_has_left(path):
    change(sa.update(Letter), state="accepted", finished_at=clock.now())
    db.session.execute(sa.text("DELETE FROM reminder"))
    db.session.commit()
    db.session.execute(sa.text("UPDATE letter SET key = 'x' || id"))
    db.session.execute(sa.text("UPDATE obligation SET fresh = true"))
    db.session.commit()
    link_to("person:1")
    change(sa.update(Letter), state="accepted", finished_at=clock.now())


@pytest.mark.parametrize(
    "end",
    [end_by_office, departs, expires, letter_is_taken_back, duty_is_done, newer_one_has_left],
)
def test_link_that_ended_answers_like_one_that_never_was(browser, link, end):
    unknown = browser.get("/answer/" + "x" * 43)
    end(link)
    db.session.remove()

    found = [browser.get(link), browser.get(link + "/filed"), browser.get(link + "/renew")]

    assert [each.status_code for each in found] == [404] * 3
    assert {main_of(each) for each in found} == {main_of(unknown)}
    assert "此链接已不能使用" in main_of(unknown)
    assert answer(browser, link + "/not_me").status_code == 404
    assert rows("answer") == []


def test_used_link_answers_like_one_that_never_was(browser, link):
    unknown = browser.get("/answer/" + "x" * 43)
    thanks = answer(browser, link + "/leaving", departed_on=TODAY + timedelta(30)).location

    assert "Thank you" in browser.get(thanks).get_data(as_text=True)
    assert main_of(browser.get(link)) == main_of(unknown)
    other = thanks[:-1] + ("1" if thanks.endswith("0") else "0")
    assert main_of(browser.get(other)) == main_of(unknown)


def test_guessing_is_held_up_and_links_that_work_still_open(browser, link):
    replies = [browser.get(f"/answer/{'y' * 40}{n:03}").status_code for n in range(32)]

    assert replies == [404] * 30 + [429] * 2
    assert browser.get(link).status_code == 200


def test_forms_sent_again_and_again_are_held_up(browser, link):
    replies = [answer(browser, link + "/leaving", departed_on="x").status_code for _ in range(22)]

    assert replies == [422] * 20 + [429] * 2


def test_form_sent_twice_makes_one_answer(browser, link):
    path = link + "/leaving"
    form = re.search(r'name="form" value="(\w+)"', browser.get(path).get_data(as_text=True))[1]
    fields = {"form": form, "departed_on": TODAY + timedelta(30)}

    first = browser.post(path, token_from=path, **fields)
    again = browser.open(path, method="POST", data=fields)

    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert len(rows("answer")) == 1


def test_form_of_another_tab_finds_the_link_used(browser, link):
    path = link + "/filed"
    other = re.search(r'name="form" value="(\w+)"', browser.get(path).get_data(as_text=True))[1]
    answer(browser, link + "/leaving", departed_on=TODAY + timedelta(30))

    reply = browser.post(path, form=other, accepted_on=TODAY)

    assert reply.status_code == 404
    assert [row["kind"] for row in rows("answer")] == ["leaving"]


def test_form_without_its_token_keeps_what_was_typed(browser, link):
    path = link + "/leaving"
    form = re.search(r'name="form" value="(\w+)"', browser.get(path).get_data(as_text=True))[1]

    reply = browser.open(path, method="POST", data={"form": form, "departed_on": "2027-01-02"})

    text = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert ("send it again" in text, 'value="2027-01-02"' in text) == (True, True)
    assert f'value="{form}"' in text
    assert rows("answer") == []


def test_mistake_is_named_and_nothing_is_lost(browser, link):
    reply = answer(
        browser, link + "/permit", number="R2", issued_on=TODAY, expires_on="2020-01-01",
        note="see photo", file=(BytesIO(picture()), "permit.jpg"),
    )  # fmt: skip

    text = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert "This is before" in text
    assert ('value="R2"' in text, "see photo" in text) == (True, True)
    kept = re.search(r'name="kept" value="(\w+)" checked', text)[1]
    again = answer(
        browser, link + "/permit", number="R2", issued_on=TODAY, kept=kept,
        expires_on=TODAY + timedelta(400), **{f"title-{kept}": "permit.jpg"},
    )  # fmt: skip
    assert again.status_code == 303
    assert [row["title"] for row in rows("attachment")] == ["permit.jpg"]


def test_answer_is_kept_as_it_was_sent_with_its_files(browser, link):
    answer(
        browser, link + "/filed", accepted_on=TODAY, receipt_number=" ab 12 ", note="at counter 3",
        file=(BytesIO(picture()), "receipt.jpg"),
    )  # fmt: skip

    db.session.remove()
    [row] = rows("answer")
    assert (row["kind"], row["rule_id"], row["note"]) == ("filed", "RP-EXT", "at counter 3")
    [file] = rows("attachment")
    assert (file["added_by"], file["fact_ref"]) == ("link", None)
    assert rows("answer_file") == [{"answer_id": row["id"], "attachment_id": file["id"]}]


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("paper", {}, "Choose a file first"),
        ("filed", {"accepted_on": TODAY + timedelta(1)}, "still to come"),
        ("permit", {"number": "R2"}, "This is needed"),
        ("leaving", {"departed_on": "1987-01-01"}, "too far away"),
        ("leaving", {"departed_on": TODAY, "note": "x" * 501}, "At most 500"),
    ],
)
def test_what_is_wrong_is_said(browser, link, kind, fields, says):
    reply = answer(browser, f"{link}/{kind}", **fields)

    assert reply.status_code == 422
    assert says in reply.get_data(as_text=True)
    assert rows("answer") == []


def test_hostile_file_is_refused_and_nothing_stays(browser, link):
    reply = answer(browser, link + "/paper", file=(BytesIO(b"<svg onload=x>"), "a.jpg"))

    assert reply.status_code == 422
    assert "no readable picture" in reply.get_data(as_text=True)
    assert (rows("answer"), rows("attachment")) == ([], [])


def test_unit_decides_by_its_own_link(browser, link):
    unit = link_to("account:4", title="MARTIN Alice")

    page = browser.get(unit).get_data(as_text=True)
    assert re.findall(rf"{unit}/(\w+)", page) == ["renew", "not_renew"]
    assert browser.get(unit + "/filed").status_code == 404
    assert answer(browser, unit + "/renew", until=TODAY).status_code == 422
    assert answer(browser, unit + "/renew", until=TODAY + timedelta(400)).status_code == 303
    assert [row["kind"] for row in rows("answer")] == ["renew"]
