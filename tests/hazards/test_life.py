"""Every path of a hazard's life."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.hazards.places import AT, account, days, deed, find, make_house, order
from tracker.accounts import service as accounts
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, Stale
from tracker.hazards import moving, owners, record, service
from tracker.hazards.models import Hazard, HazardEvent


def told(hazard: Hazard) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(HazardEvent.kind)
            .where(HazardEvent.hazard_id == hazard.id)
            .order_by(HazardEvent.id)
        )
    )


def closed(house, *, on, **more):
    """A hazard that was found and put right at once on a day."""
    hazard = find(house, "minor", at=on, **more)
    moving.on_the_spot(hazard, deed("拔掉", at=on))
    return hazard


def test_hazard_from_finding_to_sign_off(app):
    house = make_house()
    hazard = find(house)
    order(hazard, house)
    moving.progress(hazard, deed("材料已到", photos=("a" * 36,)))
    moving.progress(hazard, deed("正在更换"))
    moving.done(hazard, deed("已更换"))
    moving.reinspect(hazard, deed("合格"), passed=True)
    moving.sign_off(hazard, deed(), name="王处长")

    assert told(hazard) == [
        "found", "ordered", "progress", "progress", "done", "passed", "signed_off"
    ]  # fmt: skip
    assert (hazard.state, hazard.closed_at, hazard.signed_off_by) == ("closed", AT, "王处长")


def test_finding_the_same_twice_is_one_hazard(app):
    house = make_house()

    first, again = (find(house, key="k" * 36) for _ in range(2))

    assert (again.id, told(again)) == (first.id, ["found"])


def test_what_is_open_at_the_same_point_is_seen_again_not_made_twice(app):
    house = make_house()
    hazard = find(house, "minor")

    seen = find(house, "serious", key="s" * 36, at=days(1))
    once_more = find(house, "serious", key="s" * 36, at=days(1))

    assert seen is hazard
    assert once_more is hazard
    assert told(hazard) == ["found", "sighted", "raised"]
    assert (hazard.grade, hazard.graded_at) == ("serious", days(1))


def test_hazards_without_a_check_item_are_told_apart(app):
    house = make_house()

    assert find(house, item=None).id != find(house, item=None).id


@pytest.mark.parametrize(("after", "grade"), [(89, "serious"), (90, "serious"), (91, "minor")])
def test_repeat_at_the_same_point_is_raised_within_90_days(app, after, grade):
    house = make_house()
    before = closed(house, on=AT)

    hazard = find(house, "minor", at=days(after))

    assert hazard.grade == grade
    assert hazard.repeat_of == (before.id if grade == "serious" else None)


def test_same_item_in_another_room_is_no_repeat(app):
    house = make_house()
    closed(house, on=AT)

    assert find(house, "minor", at=days(1), room_id=None).grade == "minor"


def test_numbers_run_within_a_year_and_are_not_given_again(app):
    house = make_house()

    numbers = [find(house, item=None, at=at).number for at in (AT, AT, days(400))]

    assert numbers == ["2026-0001", "2026-0002", "2027-0001"]


def test_major_hazard_goes_nowhere_before_people_are_kept_safe(app):
    house = make_house()
    hazard = find(house, "major", item="G01")

    with pytest.raises(Conflict):
        order(hazard, house)
    moving.protect(hazard, deed("总阀已关，302停用"), how="gas_off")
    order(hazard, house)

    assert (hazard.state, hazard.protection) == ("ordered", "gas_off")


def test_gas_cut_off_ends_with_the_hazard_and_says_so(app):
    house = make_house()
    hazard = find(house, "major", item="G01")
    moving.protect(hazard, deed("总阀已关"), how="gas_off")
    order(hazard, house)
    moving.done(hazard, deed())
    moving.reinspect(hazard, deed(), passed=True)

    last = db.session.scalars(sa.select(HazardEvent).order_by(HazardEvent.id.desc())).first()
    assert (last.kind, last.data) == ("passed", {"lifted": "gas_off"})


def test_reinspection_failed_twice_is_one_grade_worse_and_the_heads(app):
    house = make_house()
    hazard = find(house, "minor")
    order(hazard, house)
    for number in (1, 2):
        moving.done(hazard, deed())
        moving.reinspect(hazard, deed("仍在", at=days(number)), passed=False)

    assert (hazard.state, hazard.failed, hazard.grade) == ("ordered", 2, "serious")
    assert (hazard.deadline, hazard.done_at) == (None, None)


def test_hazard_that_becomes_major_stops_until_people_are_kept_safe(app):
    house = make_house()
    hazard = find(house, "serious")
    order(hazard, house)
    for number in (1, 2):
        moving.done(hazard, deed())
        moving.reinspect(hazard, deed("仍在", at=days(number)), passed=False)

    assert (hazard.grade, hazard.state) == ("major", "found")


def test_minor_hazard_put_right_on_the_spot_is_recorded_and_closed(app):
    hazard = closed(make_house(), on=AT)

    assert (hazard.state, told(hazard)) == ("closed", ["found", "on_the_spot"])


def test_major_hazard_put_right_on_the_spot_is_looked_at_again(app):
    hazard = find(make_house(), "major")
    moving.on_the_spot(hazard, deed("电动车已推出"))

    assert (hazard.state, hazard.protection, hazard.protection_text) == (
        "done", "interim", "电动车已推出"
    )  # fmt: skip


def test_what_a_phone_saw_before_it_was_done_reopens_nothing(app):
    house = make_house()
    hazard = find(house, "minor")
    order(hazard, house)
    moving.done(hazard, deed(at=days(2)))

    service.review(hazard, "still", at=days(1), by=None, now=days(3))
    assert (hazard.state, hazard.failed) == ("done", 0)
    service.review(hazard, "still", at=days(3), by=None, now=days(3))
    assert (hazard.state, hazard.failed) == ("ordered", 1)
    service.review(hazard, "fixed", at=days(4), by=None, now=days(4))
    assert hazard.state == "closed"
    service.review(hazard, "still", at=days(5), by=None, now=days(5))
    assert (hazard.state, hazard.failed, hazard.closed_at) == ("ordered", 2, None)


def test_order_says_what_is_missing(app):
    house = make_house()
    hazard = find(house)

    for field, wrong in {
        "measure": {"measure": " "}, "department": {"department": ""},
        "deadline": {"deadline": date(2026, 3, 1)}, "owner_id": {"owner_id": 9999},
        "note": {"usual": date(2026, 3, 4)},
    }.items():  # fmt: skip
        with pytest.raises(Invalid) as error:
            order(hazard, house, **wrong)
        assert list(error.value.messages) == [field]


def test_hazard_of_somebody_who_left_falls_to_the_keeper_and_then_the_officers(app):
    house = make_house()
    plumber = account("plumber", "unit_secretary")
    hazard = find(house)
    order(hazard, house, owner_id=plumber.id)

    accounts.deactivate(plumber)
    assert owners.hand_over([house.building.id], now=days(1)) == [hazard]
    assert (hazard.owner_id, hazard.handed_from) == (house.keeper.id, "plumber")
    accounts.deactivate(house.keeper)
    owners.hand_over([house.building.id], now=days(2))
    assert (hazard.owner_id, hazard.handed_from) == (house.officer.id, "keeper")
    assert owners.hand_over([house.building.id], now=days(3)) == []
    assert told(hazard) == ["found", "ordered", "fell", "fell"]


def test_history_is_only_added_to(app):
    find(make_house())
    event = db.session.scalars(sa.select(HazardEvent)).one()

    event.note = "something else"
    with pytest.raises(Conflict):
        db.session.flush()
    db.session.rollback()


def test_second_of_two_editors_is_told(app):
    hazard = find(make_house())
    read = hazard.revision
    moving.protect(hazard, deed("断电"), how="power_off")

    with pytest.raises(Stale):
        record.for_change(hazard.id, expected=read)
