"""Nothing disappears: whatever is done, an open hazard has an owner and a next day."""

import contextlib
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hazards.places import AT, deed, find, make_house
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.hazards import duties, moving, owners, service, states
from tracker.rules.load import load_book

BOOK = load_book()


def fallen(hazard, house, at):
    """Let whoever owns it leave."""
    if hazard.owner is not None and hazard.owner_id != house.officer.id:
        hazard.owner.active = False
        owners.hand_over([house.building.id], now=at)


ACTS = {
    "protect": lambda h, house, at: moving.protect(h, deed("断电", at=at), how="power_off"),
    "report": lambda h, house, at: moving.report(h, deed("校办", at=at)),
    "order": lambda h, house, at: moving.order(
        h, deed(at=at), measure="换", deadline=campus_day(at) + timedelta(2), department="后保处",
        owner_id=house.officer.id,
    ),
    "progress": lambda h, house, at: moving.progress(h, deed("在办", at=at)),
    "done": lambda h, house, at: moving.done(h, deed(at=at)),
    "pass": lambda h, house, at: moving.reinspect(h, deed(at=at), passed=True),
    "fail": lambda h, house, at: moving.reinspect(h, deed("仍在", at=at), passed=False),
    "spot": lambda h, house, at: moving.on_the_spot(h, deed("拔掉", at=at)),
    "fixed": lambda h, house, at: service.review(h, "fixed", at=at, by=None, now=at),
    "still": lambda h, house, at: service.review(h, "still", at=at, by=None, now=at),
    "worse": lambda h, house, at: find(house, "major", at=at),
    "give": lambda h, house, at: moving.reassign(h, deed(at=at), owner_id=house.keeper.id),
    "sign": lambda h, house, at: moving.sign_off(h, deed(at=at), name="王"),
    "left": fallen,
}  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture],
          deadline=None)  # fmt: skip
@given(
    grade=st.sampled_from(states.GRADES), acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=14)
)
def test_open_hazard_has_an_owner_and_a_next_day(app, grade, acts):
    with db.session.begin_nested() as undone:
        house = make_house()
        hazard = find(house, grade)
        for number, act in enumerate(acts):
            at = AT + timedelta(hours=7 * number)
            with contextlib.suppress(Conflict, Invalid):
                ACTS[act](hazard, house, at)
            duties.keep_next_days([house.building.id], BOOK)
            db.session.refresh(hazard)
            if not hazard.closed:
                assert hazard.owner.active
                assert isinstance(hazard.next_on, date)
                assert hazard.next_on == duties.next_day(hazard, BOOK)
        undone.rollback()
