"""What phones send is kept once, in whatever order it comes, and nothing of it is lost."""

from datetime import timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from tests.files.pictures import picture
from tests.inspections.phones import (
    NOW,
    Phone,
    faults,
    make_building,
    make_inspector,
    named,
    rooms_of,
    signature,
)  # fmt: skip
from tracker.core.db import db
from tracker.files import photos
from tracker.inspections import service, templates
from tracker.inspections.models import (
    Inspection,
    InspectionEntry,
    InspectionOp,
    InspectionSignature,
)  # fmt: skip
from tracker.inspections.telling import corrected, skew_of
from tracker.inspections.template import as_content, shipped

YEAR = 365 * 86_400


def entries(key: str = "one") -> list[tuple]:
    rows = db.session.scalars(
        sa.select(InspectionEntry).filter_by(inspection_id=named(key)).order_by(InspectionEntry.seq)
    )
    return [(row.room_id, row.item, row.result, row.note, row.photos) for row in rows]


def whole(phone, building) -> list[dict]:
    room = rooms_of(building)[0].id
    return [
        phone.begin(building),
        phone.item("E06", "fail", room=room, note="松动", photos=[named("p")]),
        phone.item("E06", "pass", room=room, after=5),
        phone.item("F01", "pass", after=9),
        phone.op("signature.add", inspection=named("one"), signature=named("s"), side="inspected",
                 name="王楼长", department="logistics", image=signature()),
        phone.finish(note="好", accompanied_by="王楼长"),
    ]  # fmt: skip


def seen(building) -> tuple:
    db.session.expire_all()
    row = db.session.get(Inspection, named("one"))
    signed = db.session.scalars(sa.select(InspectionSignature)).all()
    return (row.building_id, row.kind, row.note, row.passed, row.failed, entries(),
            [(each.side, each.name) for each in signed])  # fmt: skip


def test_inspection_is_what_its_operations_say(phone):
    building = make_building()
    room = rooms_of(building)[0].id

    assert phone.send(*whole(phone, building)) == ["kept"] * 6

    expected = [(room, "E06", "pass", "", []), (None, "F01", "pass", "", [])]
    assert seen(building) == (
        building.id, "joint", "好", 2, 0, expected, [("inspected", "王楼长")]
    )  # fmt: skip
    assert [fault for _type, fault in faults()] == [None] * 6


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_order_of_arrival_makes_no_difference(phone, order):
    building = make_building()
    ops = whole(phone, building)
    phone.send(*ops)
    wanted = seen(building)
    db.session.rollback()
    building = make_building()
    account = make_inspector().id
    for op in ops:
        op["by"] = account
    ops[0]["data"]["building"] = building.id
    room = rooms_of(building)[0].id
    for op in ops[1:3]:
        op["data"]["room"] = room
    for place in (*order, 5, 4):
        service.take([ops[place]], account_id=account, skew=0, now=NOW)

    again = seen(building)
    assert again[1:5] == wanted[1:5]
    assert [each[1:] for each in again[5]] == [each[1:] for each in wanted[5]]
    assert again[6] == wanted[6]


def test_same_again_is_known_and_changes_nothing(phone):
    building = make_building()
    ops = whole(phone, building)
    phone.send(*ops)
    before = seen(building)

    assert phone.send(*ops, ops[0]) == ["known"] * 7
    assert seen(building) == before
    assert db.session.scalar(sa.select(sa.func.count(InspectionOp.id))) == 6


def test_begin_that_comes_last_applies_what_waited(phone):
    building = make_building()
    begin, *rest = whole(phone, building)
    phone.send(*rest)
    assert {fault for _type, fault in faults()} == {"beginning"}

    phone.send(begin)

    assert {fault for _type, fault in faults()} == {None}
    assert len(entries()) == 2


def test_photo_may_come_after_what_shows_it(phone):
    building = make_building()
    phone.send(phone.begin(building), phone.item("E04", "fail", photos=[named("p")]))
    assert photos.arrived([named("p")]) == {}

    photos.keep(named("p"), picture(), taken_at=NOW, account_id=phone.account_id, now=NOW)

    assert list(photos.arrived(entries()[0][4])) == [named("p")]


def test_two_inspectors_in_one_room_keep_both_records(phone):
    building = make_building()
    other = Phone(make_inspector("second@example.org").id, "other")
    room = rooms_of(building)[0].id

    phone.send(phone.begin(building), phone.item("E06", "pass", room=room))
    other.send(other.begin(building, "two"), other.item("E06", "fail", "two", room=room))

    assert (entries("one")[0][2], entries("two")[0][2]) == ("pass", "fail")


def test_template_edited_meanwhile_leaves_the_inspection_its_own(phone):
    building = make_building()
    ops = [phone.begin(building), phone.item("R08", "fail"), phone.finish()]
    content = as_content(shipped())
    content["items"] = [item for item in content["items"] if item["code"] != "R08"]
    templates.remember_shipped(now=NOW)
    templates.save(content, seen=shipped().id, note="", by="account:1", at=NOW)

    phone.send(*ops)

    assert db.session.get(Inspection, named("one")).template_id == shipped().id
    assert [each[1:3] for each in entries()] == [("R08", "fail")]


@pytest.mark.parametrize(
    ("change", "fault"),
    [({"building": 999}, "building"), ({"template": "office-9"}, "template"),
     ({"kind": "weekly"}, "kind"), ({"room": 999}, "room")],
)  # fmt: skip
def test_beginning_that_cannot_be_applied_is_kept_with_the_reason(phone, change, fault):
    begin = phone.begin(make_building())
    begin["data"] |= change
    phone.send(begin, phone.item("E06", "pass"))

    assert faults() == [("inspection.begin", fault), ("item.set", "beginning")]
    assert db.session.get(Inspection, named("one")) is None


def test_what_cannot_be_applied_leaves_the_rest_applied(phone):
    building = make_building()
    phone.send(
        phone.begin(building), phone.item("X99", "pass"), phone.item("E06", "maybe"),
        phone.item("E07", "pass", room=999), phone.op("item.dream", inspection=named("one")),
        phone.op("signature.add", inspection=named("one"), signature=named("s"),
                 side="inspector", image="data:image/png;base64,eA=="),
        phone.item("E08", "na", note="a\0b\ud800"),
    )  # fmt: skip

    assert [fault for _type, fault in faults()] == [
        None, "item", "shape", "room", "type", "signature", None
    ]  # fmt: skip
    assert entries() == [(None, "E08", "na", "ab\ufffd", [])]


def test_one_button_applies_again(phone):
    building = make_building()
    phone.send(phone.begin(building, template="office-1"), phone.item("E06", "pass"))
    templates.save(as_content(shipped()), seen=shipped().id, note="", by="x", at=NOW)
    waiting = db.session.scalars(sa.select(InspectionOp.id)).all()

    assert service.again(waiting) == {building.id}
    assert faults() == [("inspection.begin", None), ("item.set", None)]


@pytest.mark.parametrize(
    ("change", "error"),
    [({"by": 10**6}, "other_account"), ({"seq": -1}, "seq"), ({"at": "yesterday"}, "at"),
     ({"id": "1"}, "id"), ({"data": []}, "data"),
     ({"data": {"note": "x" * 300_000}}, "too_large")],
)  # fmt: skip
def test_what_is_no_operation_is_refused_alone(phone, change, error):
    good = phone.begin(make_building())
    bad = phone.item("E06", "pass") | change

    taken = service.take([bad, "nonsense", good], account_id=phone.account_id, skew=0, now=NOW)

    assert [result.state for result in taken.results] == ["refused", "refused", "kept"]
    assert error in taken.results[0].error


@pytest.mark.parametrize("off", [86_400, -86_400, YEAR, -YEAR, 40])
def test_wrong_clock_of_a_phone_is_set_right(phone, off):
    building = make_building()
    entered = NOW - timedelta(hours=3)
    phone.clock = entered - timedelta(seconds=off)

    phone.send(phone.begin(building), phone.finish(), skew=off)

    row = db.session.get(Inspection, named("one"))
    assert row.started_at == (entered if abs(off) > 120 else phone.clock)
    assert row.skew == off
    op = db.session.scalars(sa.select(InspectionOp).order_by(InspectionOp.seq)).first()
    assert (op.device_at, op.received_at) == (phone.clock, NOW)


def test_time_is_never_after_it_was_received():
    assert corrected(NOW + timedelta(days=365), None, NOW) == NOW
    assert corrected(NOW - timedelta(days=1), 0, NOW) == NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "skew"),
    [("2026-11-24T02:00:05Z", -5), ("2026-11-24T09:59:00+08:00", 60), ("2025-11-24T02:00:00", YEAR),
     ("", None), (None, None), ("soon", None), ("0001-01-01T00:00:00+23:00", None)],
)  # fmt: skip
def test_skew_is_read_from_what_the_device_says(said, skew):
    assert skew_of(said, NOW) == skew
