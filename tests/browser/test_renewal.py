"""One renewal from the first letter to the new permit: the expert, the unit, the office."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.browser.conftest import record_permit, sign_in
from tests.browser.served import served
from tests.factories import record
from tests.files.pictures import picture
from tests.web.letters_with_links import LINK, alice_is_told, link_to, text_to
from tracker import pipeline
from tracker.cases import queries
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations.models import Obligation

pytestmark = pytest.mark.browser
TODAY = clock.today()
NEXT = TODAY + timedelta(420)
PHOTO = {"name": "contract.jpg", "mimeType": "image/jpeg", "buffer": picture()}


@pytest.fixture
def letters(own_office):
    """Alice's permits end soon, and she and her unit are told; yields address and links."""
    with own_office.app_context():
        alice_is_told()
        record(db.session.get_one(Person, 1), "work_permit", number="W1",
               expires_on=TODAY + timedelta(60))  # fmt: skip
        pipeline.refresh([1], today=TODAY, now=clock.now())
        pipeline.plan_day(today=TODAY, now=clock.now())
        unit = link_to("account:4", title="MARTIN Alice")
        own = LINK.findall(text_to("person:1"))[0]
        db.session.remove()
    with served(own_office) as address:
        yield address, own, unit


def answer_by_phone(phone, own, unit):
    phone.goto(own)
    phone.get_by_role("link", name="Send a paper").tap()
    phone.set_input_files("#file", PHOTO)
    phone.locator("form.card button").tap()
    phone.get_by_text("Thank you: the office has your answer").wait_for()
    phone.goto(unit)
    phone.locator("a.choice.renew").tap()
    phone.fill("#until", NEXT.isoformat())
    phone.locator("form.card button").tap()
    phone.get_by_text("Thank you: the office has your answer").wait_for()


def take_over_everything(desk):
    desk.goto("/answers")
    while desk.get_by_role("link", name="Look at it").count():
        desk.get_by_role("link", name="Look at it").first.click()
        desk.locator(".sheet-form button[name=do][value=save]").click()
        desk.wait_for_url("**/answers")


def file_the_case(desk, path):
    desk.goto(path)
    for box in desk.locator(".papers input[name=codes]").all():
        box.check()
    desk.locator("#ticked button[value=checked]").click()
    desk.locator(".papers .chip.paper-checked").first.wait_for()
    for state, fill in (("submitted", {}), ("accepted", {"receipt_number": "WH-2026-7"})):
        move = desk.locator("details.act", has=desk.locator(f"input[name=to][value={state}]"))
        move.locator("summary").click()
        for name, value in fill.items():
            move.locator(f"input[name={name}]").fill(value)
        move.locator("form > button").click()
        desk.locator(f".chip.state-{state}").first.wait_for()


def test_renewal_from_the_first_letter_to_the_new_permit(own_office, open_page, letters):
    address, own, unit = letters
    answer_by_phone(open_page(address, size="phone"), own, unit)
    desk = open_page(address)
    sign_in(desk, "officer")
    desk.goto("/language/en")
    with own_office.app_context():
        case_id = db.session.scalar(sa.select(Case.id).filter_by(procedure="work_permit_extension"))
        db.session.remove()

    take_over_everything(desk)
    desk.goto(f"/cases/{case_id}")
    decided = desk.locator(".chip.state-collecting").count()
    file_the_case(desk, f"/cases/{case_id}")
    record_permit(desk, "work_permit", number="W2", issued_on=TODAY, expires_on=NEXT)

    desk.goto(f"/cases/{case_id}")
    history = desk.locator("#history + ul b").all_inner_texts()
    assert decided == 1
    assert [state for state in history if state[0].isupper()] == [
        "Granted", "Accepted by the authority", "Submitted", "Collecting papers", "Planning"
    ]  # fmt: skip
    with own_office.app_context():
        assert queries.get(case_id).closed_by_ref == "work_permit/2"
        refs = ("work_permit/1", f"case/{case_id}")
        still = sa.select(Obligation.rule_id).where(
            Obligation.state == "open", Obligation.fact_ref.in_(refs)
        )
        assert db.session.scalars(still).all() == []
        db.session.remove()
