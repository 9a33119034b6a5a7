"""Cases on their pages: found by state, moved, their papers settled, opened in bulk."""

import re
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests import seeds
from tests.factories import make_person, record
from tests.files.pictures import picture
from tracker import pipeline
from tracker.cases import checklists, opening, queries
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import book

EXTENSION = "residence_permit_extension"


def renewer(**more) -> Person:
    """Somebody whose residence permit ends in two months."""
    today = clock.today()
    person = make_person(**more)
    record(person, "residence_permit", number="R1", issued_on=today - timedelta(300),
           expires_on=today + timedelta(60))  # fmt: skip
    record(person, "passport", number="EE1234567", expires_on=today + timedelta(2000))
    return person


@pytest.fixture
def case_id(app) -> int:
    """A case of Alice of physics; accounts of every role, the secretary's of physics."""
    person, now = renewer(), clock.now()
    made = opening.open_case(person.id, EXTENSION, book.current(), by="window", at=now)
    pipeline.refresh([person.id], today=clock.today(), now=now)
    seeds.make_accounts(at=now)
    found = made.id
    db.session.commit()
    db.session.remove()
    return found


def case_of(case_id):
    db.session.remove()
    return queries.get(case_id)


def revision(case_id) -> str:
    found = str(case_of(case_id).revision)
    db.session.remove()
    return found


def settle(browser, case_id):
    """Have every paper checked in one go."""
    codes = [item.code for item in checklists.of_case(
        case_of(case_id), book.current(), today=clock.today()).items]  # fmt: skip
    return browser.post(f"/cases/{case_id}/papers", revision=revision(case_id), codes=codes,
                        state="checked")  # fmt: skip


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_a_case_is_worked_from_its_page_to_the_receipt(case_id, signed_in):
    officer = signed_in("officer")

    settled = settle(officer, case_id)
    submitted = officer.post(f"/cases/{case_id}/move", revision=revision(case_id), to="submitted",
                             next="/cases#case-1")  # fmt: skip
    unnumbered = officer.post(f"/cases/{case_id}/move", revision=revision(case_id), to="accepted",
                              on=clock.today().isoformat(), note="by post")  # fmt: skip
    accepted = officer.post(f"/cases/{case_id}/move", revision=revision(case_id), to="accepted",
                            on=clock.today().isoformat(), receipt_number="WH-77")  # fmt: skip

    assert [answer.status_code for answer in (settled, submitted, unnumbered, accepted)] == [
        303, 303, 422, 303
    ]  # fmt: skip
    assert submitted.headers["Location"] == "/cases#case-1"
    assert 'value="by post"' in unnumbered.get_data(as_text=True)
    case = case_of(case_id)
    assert (case.state, case.receipt_number, case.accepted_on) == (
        "accepted", "WH-77", clock.today()
    )  # fmt: skip
    shown = text_of(officer.get(f"/people/{case.person_id}"))
    assert "The passport is at the authority until" in shown
    assert "Receipt WH-77" in shown


def test_filing_without_papers_asks_why(case_id, signed_in):
    officer = signed_in("officer")

    refused = officer.post(f"/cases/{case_id}/move", revision=revision(case_id), to="submitted")
    filed = officer.post(f"/cases/{case_id}/move", revision=revision(case_id), to="submitted",
                         despite="the contract follows")  # fmt: skip

    assert (refused.status_code, filed.status_code) == (409, 303)
    assert "These papers are not ready" in refused.get_data(as_text=True)
    assert queries.events(case_id)[-1].note == "the contract follows"


def test_two_editors_notice_each_other(case_id, signed_in):
    officer, read = signed_in("officer"), revision(case_id)

    first = officer.post(f"/cases/{case_id}/move", revision=read, to="collecting")
    second = officer.post(f"/cases/{case_id}/move", revision=read, to="withdrawn", reason="mine")

    assert (first.status_code, second.status_code) == (303, 409)
    page = second.get_data(as_text=True)
    assert ("Somebody changed this case meanwhile" in page, 'value="mine"' in page) == (True, True)
    assert case_of(case_id).state == "collecting"


def test_a_paper_is_returned_with_a_reason_and_kept_with_its_file(case_id, signed_in):
    officer = signed_in("officer")
    code = checklists.of_case(case_of(case_id), book.current(), today=clock.today()).items[0].code
    path = f"/cases/{case_id}/papers/{code}"

    wordless = officer.post(path, revision=revision(case_id), state="returned")
    returned = officer.post(path, revision=revision(case_id), state="returned", reason="no seal")
    kept = officer.post(path, revision=revision(case_id), state="checked", issued_on="2026-01-05",
                        file=(BytesIO(picture()), "scan.jpg"))  # fmt: skip

    assert [answer.status_code for answer in (wordless, returned, kept)] == [422, 303, 303]
    item = queries.items([case_id])[case_id][code]
    assert (item.state, item.reason, item.issued_on) == ("checked", None, date(2026, 1, 5))
    pack = ZipFile(BytesIO(officer.get(f"/cases/{case_id}/pack.zip").data))
    assert any(name.startswith("01_") for name in pack.namelist())
    history = text_of(officer.get(f"/cases/{case_id}"))
    assert "no seal" in history


def test_readers_see_their_own_cases_and_change_none(case_id, signed_in):
    other = renewer(name_en="BOBSON Bob", name_zh=None, unit="化学学院", email="b@example.org")
    theirs = opening.open_case(other.id, EXTENSION, book.current(), by="t", at=clock.now()).id
    db.session.commit()
    db.session.remove()
    secretary, expert, head = (signed_in(role) for role in ("unit_secretary", "expert", "head"))

    seen = [each.get(f"/cases/{number}").status_code
            for each in (secretary, expert, head) for number in (case_id, theirs)]  # fmt: skip
    board = text_of(secretary.get("/cases"))
    mine = expert.get(f"/cases/{case_id}").get_data(as_text=True)

    assert seen == [200, 404, 200, 404, 200, 200]
    assert ("MARTIN Alice" in board, "BOBSON Bob" in board) == (True, False)
    assert ('<form method="post" action="/cases' in mine, "History" in mine) == (False, False)


def test_the_board_is_filtered_and_needs_as_many_statements_for_many(case_id, signed_in):
    officer, now = signed_in("officer"), clock.now()
    officer.get("/cases")

    def statements() -> int:
        said: list[str] = []
        note = lambda *about: said.append(about[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        officer.get("/cases")
        event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    few = statements()
    for number in range(20):
        person = renewer(name_en=f"NEXT N{number}", unit="化学学院", email=f"{number}@example.org")
        opening.open_case(person.id, EXTENSION, book.current(), by="t", at=now)
        pipeline.refresh([person.id], today=clock.today(), now=now)
    unit_id = person.unit_id
    db.session.commit()
    db.session.remove()

    assert statements() == few
    board = text_of(officer.get("/cases"))
    assert ("Cases 21" in board, "Show all 21" in board) == (True, True)
    chemistry = text_of(officer.get(f"/cases?unit={unit_id}"))
    assert ("Cases 20" in chemistry, "MARTIN Alice" in chemistry) == (True, False)
    assert "No case is open" in text_of(officer.get("/cases?waits=authority"))
    assert "MARTIN Alice" in text_of(officer.get("/cases?state=planning"))


def test_a_month_is_opened_in_bulk_and_told(case_id, signed_in):
    officer = signed_in("officer")
    bob = renewer(name_en="BOBSON Bob", name_zh=None, email="b@example.org")
    pipeline.refresh([bob.id], today=clock.today(), now=clock.now())
    ends, alice_id, bob_id = clock.today() + timedelta(60), queries.get(case_id).person_id, bob.id
    db.session.commit()
    db.session.remove()

    listed = officer.get(f"/cases/open?month={ends:%Y-%m}").get_data(as_text=True)
    answer = officer.post(
        "/cases/open", month=f"{ends:%Y-%m}", by="ends",
        pick=[f"{bob_id}/{EXTENSION}", f"{alice_id}/{EXTENSION}", f"{bob_id}/passport_renewal_x"],
    )  # fmt: skip

    assert f'value="{bob_id}/{EXTENSION}"' in listed
    assert f'value="{alice_id}/{EXTENSION}"' not in listed
    said = text_of(answer)
    assert [text in said for text in ("1 case opened.", "1 was open already.",
                                      "There is no such procedure.")] == [True] * 3  # fmt: skip
    assert [case.procedure for case in queries.of_person(bob_id)] == [EXTENSION]


def test_a_slipping_step_shows_what_moves(case_id, signed_in):
    to = clock.today() + timedelta(90)

    page = text_of(signed_in("officer").get(f"/cases/{case_id}?step=RENEW-RP-FILE&to={to}"))

    assert "too late" in page
    assert "Possible from, so far" in page


def test_the_portal_names_what_is_not_on_record(case_id, signed_in):
    page = signed_in("officer").get(f"/cases/{case_id}/portal").get_data(as_text=True)

    assert 'readonly value="EE1234567"' in page
    assert f"/people/{case_of(case_id).person_id}/edit?next=/cases/{case_id}/portal" in page


def test_a_case_is_opened_by_hand_with_what_applies(case_id, signed_in):
    officer, person_id = signed_in("officer"), case_of(case_id).person_id
    db.session.remove()

    twice = officer.post(f"/people/{person_id}/cases/new", procedure=EXTENSION)
    opened = officer.post(f"/people/{person_id}/cases/new", procedure="residence_permit_change",
                          told="same_post", until="2027-08-31")  # fmt: skip

    assert (twice.status_code, opened.status_code) == (409, 303)
    case = queries.get(int(opened.headers["Location"].rpartition("/")[2]))
    assert (case.told, case.until) == ({"same_post": True}, date(2027, 8, 31))
    opened_on_trail = sa.text("SELECT count(*) FROM audit_entry WHERE action = 'case opened'")
    assert db.session.scalar(opened_on_trail) == 1
