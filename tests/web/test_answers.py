"""Answers on the officer's desk: from what was said to what is on record."""

from datetime import timedelta
from email import message_from_bytes, policy
from io import BytesIO

import pytest
import sqlalchemy as sa

from tests.factories import record
from tests.files.pictures import picture
from tests.web.letters_with_links import LINK, alice_is_told, answer, link_to, rows
from tracker import pipeline
from tracker.answers import service as answers
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import queries
from tracker.facts.models import Person
from tracker.outbox.models import Letter

TODAY = clock.today()


@pytest.fixture
def link(app):
    return alice_is_told()


@pytest.fixture
def officer(link, signed_in):
    return signed_in("officer")


def in_force(kind):
    found = [(each.number, each.data) for each in queries.in_force(1) if each.kind == kind]
    db.session.remove()
    return found


def duty():
    [row] = [each for each in rows("obligation") if each["rule_id"] == "RP-EXT"][:1]
    return row["state"]


def take(officer, answer_id=1, **fields):
    path = f"/answers/{answer_id}"
    revision = db.session.get_one(Person, 1).revision
    base = db.session.scalar(sa.text("SELECT max(id) FROM fact"))
    db.session.remove()
    return officer.post(path, token_from=path, revision=revision, base=base, **fields)


def verdicts():
    return [(row["verdict"], row["fact_ref"], row["decided_by"]) for row in rows("answer_verdict")]


def test_open_answer_shows_on_the_board_the_list_and_the_persons_page(browser, link, officer):
    assert "answer by link waits" not in officer.get("/").get_data(as_text=True)
    answer(browser, link + "/filed", accepted_on=TODAY, receipt_number="AB12")

    pages = {path: officer.get(path).get_data(as_text=True)
             for path in ("/", "/answers", "/people/1", "/reminders/why/1")}  # fmt: skip

    assert "1 answer by link waits for you" in pages["/"]
    assert ("Says it is filed" in pages["/answers"], "AB12" in pages["/answers"]) == (True, True)
    assert "Says it is filed" in pages["/people/1"]
    assert "an answer by link waits (has filed it)" in pages["/people/1"]
    assert "Look at the answer" in pages["/reminders/why/1"]


def test_filed_becomes_an_application(browser, link, officer):
    answer(browser, link + "/filed", accepted_on=TODAY, receipt_number="AB12",
           file=(BytesIO(picture()), "receipt.jpg"))  # fmt: skip

    look = officer.get("/answers/1").get_data(as_text=True)
    foreseen = take(officer, accepted_on=TODAY, receipt_number="AB12", do="effects")
    reply = take(officer, accepted_on=TODAY, receipt_number="AB12", next="/answers")

    assert 'value="AB12"' in look
    assert "changes" in foreseen.get_data(as_text=True)
    assert (reply.status_code, reply.location) == (303, "/answers")
    assert duty() == "filed"
    assert verdicts() == [("taken", "application/1", "account:2")]
    assert [row["fact_ref"] for row in rows("attachment")] == ["application/1"]
    assert [row["ended_by"] for row in rows("reminder_decision")] == ["account:2"]


def test_new_permit_ends_the_duty(browser, link, officer):
    ends = TODAY + timedelta(400)
    answer(browser, link + "/permit", number="r 2", issued_on=TODAY, expires_on=ends)

    take(officer, number="R2", issued_on=TODAY, expires_on=ends, purpose="")

    assert [number for number, _data in in_force("residence_permit")] == ["R2"]
    assert duty() == "ended"
    assert verdicts() == [("taken", "residence_permit/2", "account:2")]


def test_mistake_of_the_officer_is_named_and_nothing_is_taken(browser, link, officer):
    answer(browser, link + "/filed", accepted_on=TODAY)

    reply = take(officer, accepted_on="yesterday", receipt_number="AB12")

    assert reply.status_code == 422
    assert "Write the day like" in reply.get_data(as_text=True)
    assert verdicts() == []


@pytest.mark.parametrize(("days", "status", "ends"), [(0, "departed", True), (60, "active", True)])
def test_leaving_ends_the_contract_and_a_day_that_has_come_the_stay(
    browser, link, officer, days, status, ends
):
    day = TODAY + timedelta(days)
    answer(browser, link + "/leaving", departed_on=day)

    take(officer, departed_on=day)

    [(_number, contract)] = in_force("contract")
    assert (contract.get("terminated_on") == day.isoformat()) is ends
    assert db.session.get_one(Person, 1).status == status


def test_wrong_address_hears_no_more_until_it_is_changed(browser, link, officer):
    answer(browser, link + "/not_me")
    held = [(row["recipient"], row["until"]) for row in rows("reminder_decision")]

    same = take(officer, email="alice@example.org")
    reply = take(officer, email="right@example.org")

    assert held == [("person:1", None)]
    assert (same.status_code, reply.status_code) == (422, 303)
    assert db.session.get_one(Person, 1).email == "right@example.org"
    assert [row["ended_by"] for row in rows("reminder_decision")] == ["account:2"]


def test_put_back_brings_a_letter_with_what_is_missing_and_another_link(browser, link, officer):
    answer(browser, link + "/paper", file=(BytesIO(picture()), "half.jpg"))

    reply = officer.post("/answers/1/return", token_from="/answers/1", reason="Page 2 <is> missing")

    assert reply.status_code == 303
    letter = db.session.scalars(sa.select(Letter).order_by(Letter.id.desc())).first()
    body = message_from_bytes(letter.content, policy=policy.default)
    text = body.get_body(("plain",)).get_content()
    assert letter.subject == "Something is missing: Extension of the residence permit"
    assert "Page 2 <is> missing" in text
    assert "Page 2 &lt;is&gt; missing" in body.get_body(("html",)).get_content()
    db.session.remove()
    again = LINK.findall(text)[0]
    assert (
        answer(browser, again + "/paper", file=(BytesIO(picture("PNG")), "b.png")).status_code
        == 303
    )
    assert [row["verdict"] for row in rows("answer_verdict")] == ["returned"]
    assert [row["kind"] for row in rows("answer")] == ["paper", "paper"]


def test_closed_answer_lets_reminders_go_on(browser, link, officer):
    answer(browser, link + "/paper", file=(BytesIO(picture()), "a.jpg"))

    officer.post("/answers/1/close", token_from="/answers/1", reason="a holiday photo")
    again = officer.post("/answers/1/close", token_from="/", reason="")

    assert [row["state"] for row in rows("reminder") if row["state"] == "held"] == []
    assert verdicts() == [("closed", None, "account:2")]
    assert again.location == "/answers/1"
    assert take(officer).location == "/answers/1"
    assert "a holiday photo" in officer.get("/answers?done=yes").get_data(as_text=True)


def test_decision_of_a_unit_can_be_read(browser, link, officer):
    until = TODAY + timedelta(700)
    nothing = answers.decision_of(1)
    answer(browser, link_to("account:4", title="MARTIN Alice") + "/renew", until=until)
    said = answers.decision_of(1)
    db.session.remove()

    take(officer)

    confirmed = answers.decision_of(1)
    assert nothing is None
    assert (said.renew, said.until, said.confirmed) == (True, until, False)
    assert confirmed.confirmed
    officer.post("/answers/1/close", token_from="/answers/1")
    assert answers.decision_of(1) == confirmed


def test_office_ends_all_links_of_a_person(browser, link, officer):
    page = officer.get("/people/1").get_data(as_text=True)

    officer.post("/people/1/answer-links/end", token_from="/people/1")

    assert "End all links of this person" in page
    assert browser.get(link).status_code == 404
    assert "End all links" not in officer.get("/people/1").get_data(as_text=True)


def test_letter_on_the_delivery_page_shows_no_link_that_works(link, officer):
    letter = max(row["id"] for row in rows("letter") if row["recipient"] == "person:1")

    page = officer.get(f"/delivery/{letter}").get_data(as_text=True)

    assert "/answer/…" in page
    assert link not in page


@pytest.mark.parametrize(("kind", "state"), [("renew", "collecting"), ("not_renew", "withdrawn")])
def test_decision_of_a_unit_moves_the_case_that_waits_for_it(browser, link, officer, kind, state):
    alice = db.session.get_one(Person, 1)
    record(alice, "work_permit", number="W1", expires_on=TODAY + timedelta(60))
    pipeline.refresh([1], today=TODAY, now=clock.now())
    pipeline.plan_day(today=TODAY, now=clock.now())
    before = {row["state"] for row in rows("procedure_case")}
    until = {"until": TODAY + timedelta(700)} if kind == "renew" else {}
    answer(browser, link_to("account:4", title="MARTIN Alice") + f"/{kind}", **until)

    take(officer)

    assert before == {"planning"}
    assert {row["state"] for row in rows("procedure_case")} == {state}


def test_paper_for_a_step_leads_to_the_papers_of_its_case(browser, link, officer):
    record(db.session.get_one(Person, 1), "work_permit", number="W1",
           expires_on=TODAY + timedelta(60))  # fmt: skip
    pipeline.refresh([1], today=TODAY, now=clock.now())
    pipeline.plan_day(today=TODAY, now=clock.now())
    own = link_to("person:1", title="complete file at the office")
    answer(browser, own + "/paper", file=(BytesIO(picture()), "contract.jpg"))

    page = officer.get("/answers/1").get_data(as_text=True)

    [case] = {row["fact_ref"] for row in rows("obligation") if row["fact_ref"].startswith("case/")
              and row["id"] == rows("answer")[0]["obligation_id"]}  # fmt: skip
    assert f'href="/cases/{case.removeprefix("case/")}#papers"' in page
