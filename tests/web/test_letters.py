"""The letters' texts: mistakes named beside the box, a look at a real person, versions."""

from datetime import date
from email import message_from_bytes, policy
from html import unescape

import pytest
import sqlalchemy as sa

from tests.factories import make_person, make_residence_permit
from tracker import checkup, pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.outbox.models import Letter
from tracker.reminders import render, texts
from tracker.reminders.models import OfficeText

#: A day on which the permit of the factories is told of.
DAY = date(2026, 9, 10)
PATH = "/reminders/letters/expert.en"
TEXT = render.shipped("expert.en.txt")
HTML = render.shipped("expert.en.html")
OURS = TEXT.replace("Dear {{", "Good day {{")


@pytest.fixture
def officer(app, office, signed_in):
    return signed_in("officer")


def send(browser, *, text=TEXT, html=HTML, action="save", read="0", path=PATH):
    return browser.post(path, token_from=PATH, text=text, html=html, action=action, read=read)


def in_use():
    found = texts.in_use(["expert.en.txt", "expert.en.html"])
    contents = {name: version.content for name, version in found.items()}
    db.session.remove()
    return contents


def test_editor_opens_with_the_text_in_use_and_a_real_person(officer):
    page = unescape(officer.get(PATH).get_data(as_text=True))

    assert TEXT.splitlines()[0] in page
    assert "Dear " in page[page.index('id="look"') :]


def test_text_with_a_mistake_is_never_saved(officer):
    line = OURS[: OURS.index("item.safe_on|day")].count("\n") + 1
    answer = send(officer, text=OURS.replace("item.safe_on|day", "item.save_on|day"))

    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert f"Line {line}: There is no item.save_on. Did you mean item.safe_on?" in page
    assert "Good day {{" in page
    assert in_use() == {}


def test_saved_text_is_in_the_next_letter(officer):
    assert send(officer, text=OURS).status_code == 303

    letter = _written()

    assert in_use() == {"expert.en.txt": OURS}
    assert "Good day MARTIN Alice," in letter


def _written():
    """Return the text of the letter that a day brings to somebody with a permit to extend."""
    person = make_person()
    make_residence_permit(person)
    pipeline.refresh([person.id], today=DAY, now=clock.now())
    pipeline.plan_day(today=DAY, now=clock.now())
    pipeline.write(today=DAY, now=clock.now(), send_after=clock.now())
    letter = db.session.scalar(sa.select(Letter).filter_by(recipient=f"person:{person.id}"))
    message = message_from_bytes(letter.content, policy=policy.default)
    return message.get_body(("plain",)).get_content()


def test_look_shows_what_is_typed_and_saves_nothing(officer):
    page = send(officer, text=OURS, action="preview").get_data(as_text=True)
    mail = send(officer, html="<b>Mine</b>" + HTML, path=f"{PATH}/mail")

    assert "Good day " in page[page.index('id="look"') :]
    assert "<b>Mine</b>" in mail.get_data(as_text=True)
    assert mail.headers["Content-Security-Policy"].endswith("sandbox")
    assert in_use() == {}


def test_second_editor_is_told_of_the_first(officer):
    send(officer, text=OURS)

    answer = send(officer, text=OURS.replace("Good day", "Hello"))

    assert answer.status_code == 409
    assert "Somebody else saved this meanwhile" in answer.get_data(as_text=True)
    assert in_use() == {"expert.en.txt": OURS}


def test_programs_text_comes_back(officer):
    send(officer, text=OURS)

    officer.post(f"{PATH}/restore", token_from=PATH)

    assert in_use() == {}
    assert "as it comes with the program" in officer.get("/reminders/letters").get_data(
        as_text=True
    )


def test_text_that_failed_is_shown_and_found_by_doctor(officer):
    db.session.add(
        OfficeText(name="staff.zh.txt", content="{{ x }}", saved_by="x", saved_at=clock.now(),
                   fault="UndefinedError: 'x' is undefined", failed_at=clock.now())
    )  # fmt: skip
    db.session.commit()
    found = [each for each in checkup.examine(now=clock.now()) if each.name == "letter texts"]
    db.session.remove()

    page = unescape(officer.get("/reminders/letters").get_data(as_text=True))

    assert "'x' is undefined" in page
    assert [(each.ok, "staff.zh.txt" in each.detail) for each in found] == [(False, True)]


def test_failing_text_is_put_on_record_and_the_programs_is_sent(app):
    db.session.add(
        OfficeText(name="expert.en.txt", content="{{ x }}", saved_by="x", saved_at=clock.now())
    )

    letter = _written()

    assert "come to the International Office" in letter
    assert [each.fault for each in texts.faults()] == ["UndefinedError: 'x' is undefined"]
