"""Pages kept in memory: the same as new ones whatever changes, and never somebody else's."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests import seeds
from tests.factories import make_person, make_residence_permit, record
from tests.web.calendars import refresh
from tracker.cases import opening
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import notices
from tracker.files.models import Attachment
from tracker.obligations import book
from tracker.outbox.models import Letter
from tracker.reminders import service as reminders
from tracker.reminders import texts
from tracker.reminders.models import Decision
from tracker.web import ground, kept

#: When the permit ends: in a year whose holidays nobody knows.
ENDS = date(clock.today().year + 3, 6, 15)
NOTICE = """
year: YEAR
source: {law: 通知, article: 一, issued_on: YEAR-01-04, checked_on: YEAR-01-05}
off: [{name: {zh: 停, en: Closed}, from: YEAR-05-10, to: YEAR-05-20}]
working: []
"""


@pytest.fixture
def alice(app):
    today = clock.today()
    person = make_person(born_on=date(1980, 5, 4))
    record(person, "passport", number="EE1234567", expires_on=today + timedelta(50))
    make_residence_permit(person, issued_on=today - timedelta(300), expires_on=ENDS)
    seeds.make_accounts(at=clock.now())
    refresh(person)
    db.session.add_all([letter_to(person), scan_of(person)])
    person_id = person.id
    db.session.commit()
    db.session.remove()
    return person_id


def letter_to(person):
    now = clock.now()
    return Letter(key="1", message_id="1", recipient=f"person:{person.id}", address=person.email,
                  subject="Subject", state="queued", queued_at=now, send_after=now)  # fmt: skip


def scan_of(person):
    return Attachment(person_id=person.id, title="scan.jpg", media_type="image/jpeg", size=2048,
                      stored_as="1", sha256="1", has_preview=False, added_at=clock.now(),
                      added_by="account:1")  # fmt: skip


def hold(person_id):
    db.session.add(Decision(
        kind="hold", person_id=person_id, reason="by word of mouth", decided_at=clock.now(),
        decided_by="account:1",
    ))  # fmt: skip


def other_ladder(_person_id):
    plan = reminders.plan_text().replace("days: 30", "days: 29").replace("30", "29")
    texts.save({reminders.LADDER: plan}, read=0, by="account:1", at=clock.now())


def enter_notice(_person_id):
    content = NOTICE.replace("YEAR", str(ENDS.year))
    notices.record(ENDS.year, content, by="account:1", at=clock.now())


def open_case(person_id):
    opening.open_case(
        person_id, "residence_permit_extension", book.current(), by="account:1", at=clock.now()
    )


CHANGES = {
    "name": "UPDATE person SET name_en = 'RENAMED Anna' WHERE id = :id",
    "unit": "UPDATE unit SET name_en = 'Physics'",
    "document": "UPDATE fact SET number = 'X9' WHERE kind = 'passport'",
    "duty": "UPDATE obligation SET reason = 'otherwise'",
    "conflict": "DELETE FROM conflict",
    "letter": "UPDATE letter SET state = 'refused', reply = 'no such box'",
    "file": "UPDATE attachment SET title = 'other.jpg'",
    "hold": hold,
    "case": open_case,
    "case moved": "UPDATE procedure_case SET state = 'submitted'",
    "ladder": other_ladder,
    "notice": enter_notice,
    "reader": "UPDATE account SET name = 'Another name' WHERE role = 'officer'",
}


def change(what, person_id):
    if callable(what):
        what(person_id)
    else:
        db.session.execute(sa.text(what), {"id": person_id} if ":id" in what else {})
    db.session.commit()
    db.session.remove()


def opened(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True))


def statements_of(work):
    """Return what is said to the database meanwhile."""
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return [each for each in said if not each.startswith("BEGIN")]


def test_person_page_is_made_anew_after_every_kind_of_change(app, alice, signed_in):
    officer, path = signed_in("officer"), f"/people/{alice}"
    unchanged, stale = [], []
    for name, what in CHANGES.items():
        before = opened(officer, path)
        change(what, alice)
        kept_page = opened(officer, path)
        shelf, app.extensions["kept_pages"] = app.extensions["kept_pages"], kept.Shelf(room=0)
        stale += [name] if opened(officer, path) != kept_page else []
        unchanged += [name] if kept_page == before else []
        app.extensions["kept_pages"] = shelf

    assert (unchanged, stale) == ([], [])


def test_person_page_reads_no_table_that_its_ground_does_not(app, alice, signed_in):
    officer = signed_in("officer")

    said = statements_of(lambda: opened(officer, f"/people/{alice}"))

    read = {name for each in said for name in re.findall(r'(?:FROM|JOIN) "?(\w+)', each)}
    grounds = {model.__tablename__ for model, _rows in ground.ROWS}
    assert read - {"account", "anon_1"} == grounds


def test_a_second_opening_reads_the_reader_and_the_ground_only(app, alice, signed_in):
    officer = signed_in("officer")
    opened(officer, f"/people/{alice}")

    said = statements_of(lambda: opened(officer, f"/people/{alice}"))

    assert len(said) == 2


def test_kept_page_has_a_token_that_its_own_reader_can_use(alice, signed_in):
    first, second = signed_in("officer"), signed_in("officer")
    tokens = []
    for browser in (first, second, first):
        page = browser.get(f"/people/{alice}").get_data(as_text=True)
        tokens.append(set(re.findall(r'name="csrf_token" value="([^"]+)"', page)))

    assert [len(found) for found in tokens] == [1, 1, 1]
    assert tokens[0].isdisjoint(tokens[1])
    assert kept.TOKEN not in tokens[0] | tokens[1] | tokens[2]
    assert first.post("/sign-out", token_from=f"/people/{alice}").status_code == 303


def test_list_is_made_anew_when_a_row_of_it_changes(alice, signed_in):
    officer = signed_in("officer")
    before = opened(officer, "/people")

    change("UPDATE person SET name_en = 'RENAMED Anna' WHERE id = :id", alice)

    after = opened(officer, "/people")
    assert ("RENAMED Anna" in before, "RENAMED Anna" in after) == (False, True)


def test_shelf_gives_nothing_of_another_ground():
    shelf = kept.Shelf()
    shelf.keep("key", "ground", "page")

    assert [shelf.find("key", "ground"), shelf.find("key", "other"), shelf.find("no", "")] == [
        "page", None, None,
    ]  # fmt: skip


def test_shelf_lets_go_what_was_unused_longest():
    shelf = kept.Shelf(room=10)
    for key in "ab":
        shelf.keep(key, 1, "12345")
    shelf.find("a", 1)

    shelf.keep("c", 1, "12345")

    assert [shelf.find(key, 1) for key in "abc"] == ["12345", None, "12345"]
