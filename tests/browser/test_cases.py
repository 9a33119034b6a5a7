"""A renewal worked by keyboard from the board: papers, filing, receipt, the new permit."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.browser.conftest import record_permit, sign_in
from tests.browser.served import served
from tests.factories import make_person, record
from tracker import pipeline
from tracker.cases import queries
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.db import db
from tracker.obligations.models import Obligation
from tracker.reminders.models import Reminder

pytestmark = pytest.mark.browser
TODAY = clock.today()
NEXT = TODAY + timedelta(365)


@pytest.fixture
def office(own_office):
    """Somebody whose residence permit ends in sixty days; the window has opened a case."""
    with own_office.app_context():
        person = make_person()
        record(person, "residence_permit", number="R1", issued_on=TODAY - timedelta(305),
               expires_on=TODAY + timedelta(60))  # fmt: skip
        pipeline.refresh([person.id], today=TODAY, now=clock.now())
        seeds.make_accounts(at=clock.now())
        db.session.commit()
        pipeline.plan_day(today=TODAY, now=clock.now())
        db.session.remove()
    with served(own_office) as address:
        yield address


@pytest.fixture
def desk(office, open_page):
    page = open_page(office)
    sign_in(page, "officer")
    page.goto("/language/en")
    return page


def choose_on_board(page, move):
    """Open the menu of the only card by keyboard and go down to a move."""
    page.goto("/cases")
    page.locator(".kase .to").focus()
    page.keyboard.press("Enter")
    page.locator("dialog [data-to]").first.wait_for()
    for _ in range(8):
        if page.evaluate("document.activeElement.textContent") == move:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("dialog form").wait_for()


def check_every_paper(desk):
    """Check the first paper by its own button and the rest in one go."""
    desk.goto("/cases")
    desk.locator(".kase h3 a").click()
    desk.locator(".quick button[value$=':checked']").first.press("Enter")
    desk.locator(".papers .chip.paper-checked").wait_for()
    for box in desk.locator(".papers input[name=codes]").all():
        box.press("Space")
    desk.locator("#ticked button[value=checked]").press("Enter")
    desk.get_by_text("8 of 8 ready").wait_for()


def test_a_case_goes_from_the_board_to_the_new_permit(own_office, desk):
    check_every_paper(desk)

    choose_on_board(desk, "Submitted to the authority")
    desk.keyboard.press("Enter")
    desk.locator(".lane[data-state=submitted] .kase").wait_for()
    choose_on_board(desk, "Accepted, with a receipt")
    desk.locator("dialog #accepted-receipt_number").fill("WH-2026-7")
    desk.keyboard.press("Enter")
    desk.locator(".lane[data-state=accepted] .kase").wait_for()
    desk.goto("/people/1")
    assert desk.get_by_text("Receipt WH-2026-7").count() == 1

    record_permit(desk, "residence_permit", number="R2", issued_on=TODAY, expires_on=NEXT)
    assert desk.get_by_text("Receipt WH-2026-7").count() == 0
    desk.goto("/cases/1")
    desk.locator("#history").wait_for()

    told = [text.split(" ")[0] for text in desk.locator("#history + ul b").all_inner_texts()]
    assert told[0] == "Collected"
    assert [each for each in told if each[0].isupper()] == [
        "Collected", "Accepted", "Submitted", "Planning"
    ]  # fmt: skip
    with own_office.app_context():
        case = queries.get(1)
        assert (case.state, case.closed_by_ref) == ("collected", "residence_permit/2")
        waiting = (
            sa.select(sa.func.count()).select_from(Reminder)
            .join(Obligation, Obligation.id == Reminder.obligation_id)
            .where(Obligation.fact_ref == "case/1", Reminder.state == "planned")
        )  # fmt: skip
        assert db.session.scalar(waiting) == 0
        db.session.remove()


def test_a_card_is_dragged_to_a_state_that_takes_it(own_office, desk):
    desk.goto("/cases")
    card = desk.locator(".kase").bounding_box()
    lane = desk.locator(".lane[data-state=collecting]").bounding_box()

    desk.mouse.move(card["x"] + 20, card["y"] + card["height"] - 6)
    desk.mouse.down()
    desk.mouse.move(card["x"] + 60, card["y"] + 40, steps=4)
    assert desk.locator(".lane.refuses").count() >= 1
    desk.mouse.move(lane["x"] + 40, lane["y"] + 60, steps=4)
    desk.mouse.up()
    desk.locator("dialog form button").click()
    desk.locator(".lane[data-state=collecting] .kase").wait_for()

    with own_office.app_context():
        assert db.session.scalars(sa.select(Case.state)).all() == ["collecting"]
        db.session.remove()
