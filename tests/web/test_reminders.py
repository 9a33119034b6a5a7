"""Reminders under control: letters as they will read; hold, skip and send; why no letter."""

import re

import pytest
import sqlalchemy as sa

from tracker.accounts.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.outbox.models import Letter
from tracker.reminders import agenda, compose
from tracker.reminders.models import Decision, Reminder


@pytest.fixture
def officer(app, office, signed_in):
    return signed_in("officer")


@pytest.fixture
def coming(app, office):
    """The first letter to come to an expert who has an address, by day."""
    for day, letters in agenda.days(clock.today()).items():
        for letter in letters:
            person = letter.recipient.startswith("person")
            if person and db.session.get_one(Person, letter.entries[0].coming.person_id).email:
                db.session.remove()
                return day, letter
    raise AssertionError("nobody will hear of anything")


def address(coming, path="letter"):
    day, letter = coming
    return f"/reminders/{path}?on={day}&to={letter.recipient}"


def fields(coming, **more):
    each = coming[1].entries[0].coming
    told = {"obligation_id": str(each.obligation_id), "stage": each.stage,
            "recipient": each.recipient}  # fmt: skip
    return told | more


def states(coming):
    each = coming[1].entries[0].coming
    found = db.session.scalars(
        sa.select(Reminder.state).filter_by(
            obligation_id=each.obligation_id, stage=each.stage, recipient=each.recipient
        )
    ).all()
    db.session.remove()
    return found


def decided():
    rows = db.session.execute(
        sa.select(Decision.kind, Decision.reason, Decision.ended_at.is_not(None)).order_by(
            Decision.id
        )
    ).all()
    db.session.remove()
    return [tuple(row) for row in rows]


def test_day_lists_readers_with_the_subject_of_their_letter(officer, coming):
    day, letter = coming
    pairs = [(each.coming.obligation_id, each.coming.stage) for each in letter.entries]
    draft = compose.ahead({letter.recipient: pairs}, day=day, now=clock.now())[letter.recipient]
    db.session.remove()

    pages = [
        officer.get(f"/reminders?on={day}&page={n}").get_data(as_text=True) for n in range(1, 5)
    ]

    assert [draft.address in page and str(draft.subject) in page for page in pages].count(True) == 1


def test_letter_reads_exactly_as_it_will(officer, coming):
    day, letter = coming
    pairs = [(each.coming.obligation_id, each.coming.stage) for each in letter.entries]
    draft = compose.ahead({letter.recipient: pairs}, day=day, now=clock.now())[letter.recipient]
    db.session.remove()

    html = officer.get(address(coming, "letter/html"))

    assert html.get_data(as_text=True) == draft.html
    policy = html.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-hashes' 'sha256-")
    assert policy.endswith("frame-ancestors 'self'; sandbox")
    assert "unsafe-inline" not in policy


def test_letter_that_does_not_come_is_missing(officer, coming):
    day, _letter = coming

    for path in (f"letter?on={day}&to=person:99999", "letter?on=x&to=y", "letter?on=2020-01-01"):
        assert officer.get(f"/reminders/{path}").status_code == 404


def test_hold_is_recorded_shown_and_released(officer, coming):
    person = str(coming[1].entries[0].coming.person_id)

    officer.post("/reminders/hold", person_id=person, reason="in hospital", until="")
    held = officer.get(address(coming)).get_data(as_text=True)
    why = officer.get(f"/reminders/why/{person}").get_data(as_text=True)
    release = re.search(r'action="(/reminders/holds/\d+/release)"', held)
    officer.post(release[1])

    assert "in hospital" in held
    assert "Held by 测试 officer: in hospital" in why
    assert decided() == [("hold", "in hospital", True)]
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["letters held", "hold of letters released"]


def test_skipped_reminder_is_recorded_and_taken_back(officer, coming):
    officer.post("/reminders/skip", **fields(coming, reason="told by phone"))
    skipped = states(coming)
    page = officer.get(f"/reminders?on={coming[0]}").get_data(as_text=True)
    undo = re.search(r'action="(/reminders/skips/\d+/undo)"',
                     officer.get(address(coming)).get_data(as_text=True))  # fmt: skip
    officer.post(undo[1])

    assert skipped == ["skipped"]
    assert "told by phone" in page
    assert decided() == [("skip", "told by phone", True)]
    assert states(coming) in ([], ["planned"])


def test_sent_now_is_queued_at_once(officer, coming):
    officer.post("/reminders/send", **fields(coming))

    assert states(coming) == ["lettered"]
    newest = db.session.scalar(sa.select(Letter).order_by(Letter.id.desc()))
    assert (newest.recipient, newest.state) == (coming[1].recipient, "queued")
    assert newest.send_after <= clock.now()
    db.session.remove()
    assert decided() == [("send", "", True)]


def test_decision_that_comes_too_late_says_so(officer, coming):
    officer.post("/reminders/skip", **fields(coming, reason="x"))
    officer.post("/reminders/skip", **fields(coming, reason="again"))

    assert "has left already" in officer.get("/reminders").get_data(as_text=True)
    assert decided() == [("skip", "x", False)]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("skip", {"reason": ""}),
        ("skip", {"recipient": "person:1 OR 1=1", "reason": "x"}),
        ("send", {"obligation_id": "0"}),
        ("hold", {"person_id": "1", "until": "2026-02-30", "reason": "x"}),
        ("hold", {"person_id": "1", "reason": ""}),
    ],
)
def test_wrong_decision_is_refused(officer, coming, path, wrong):
    known = fields(coming) if path != "hold" else {}

    assert officer.post(f"/reminders/{path}", **(known | wrong)).status_code == 422
    assert decided() == []


def test_reminder_for_somebody_else_is_missing(officer, coming):
    other = fields(coming, recipient="person:99999")

    assert officer.post("/reminders/send", **other).status_code == 404


def test_search_finds_by_name_and_shows_one_match_at_once(officer):
    person = db.session.get_one(Person, 3)
    name, number = person.name_en, person.id
    db.session.remove()

    found = officer.get("/reminders/why", query_string={"q": name})
    nobody = officer.get("/reminders/why?q=zzzz").get_data(as_text=True)

    assert found.status_code in {200, 303}
    assert f"/reminders/why/{number}" in found.headers.get("Location", "") + found.get_data(
        as_text=True
    )
    assert "Nobody found" in nobody


def test_every_person_has_a_story(officer):
    ids = db.session.scalars(sa.select(Person.id)).all()
    db.session.remove()

    assert {officer.get(f"/reminders/why/{number}").status_code for number in ids} == {200}
