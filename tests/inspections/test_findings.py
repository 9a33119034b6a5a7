"""What failed becomes a hazard, what was seen again moves one, each once."""

import pytest
import sqlalchemy as sa

from tests.inspections.phones import faults, make_building, named, rooms_of
from tracker.core.db import db
from tracker.hazards.models import Hazard, HazardEvent
from tracker.inspections.models import Inspection


def hazards() -> list[tuple]:
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Hazard).order_by(Hazard.id))
    return [(row.item, row.room_id, row.text, row.grade, row.state) for row in rows]


def test_finished_inspection_tells_what_failed_once(phone):
    building = make_building()
    room = rooms_of(building)[0].id
    ops = [phone.begin(building), phone.item("E06", "fail", room=room, note="松动"),
           phone.item("W01", "fail", severity="H"), phone.item("E09", "pass")]  # fmt: skip
    phone.send(*ops)
    assert hazards() == []

    finish = phone.finish()
    phone.send(finish)
    phone.send(*ops, finish)

    assert hazards() == [("E06", room, "松动", "serious", "found"),
                         ("W01", None, "给排水无渗漏 / No leaks", "serious", "found")]  # fmt: skip
    assert db.session.get(Inspection, named("one")).worst == "H"


def test_hazard_entered_by_itself_is_kept_once(phone):
    building = make_building()
    report = phone.op("hazard.report", hazard=named("h"), building=building.id, room=None,
                      text="楼道堆物", item=None, severity="M", photos=[])  # fmt: skip

    phone.send(report)
    phone.send(report)

    assert hazards() == [(None, None, "楼道堆物", "major", "found")]


def test_second_look_is_told_once(phone):
    building = make_building()
    phone.send(phone.begin(building), phone.item("E06", "fail", note="松动"), phone.finish())
    hazard = db.session.scalars(sa.select(Hazard)).one()
    look = phone.op("hazard.review", inspection=named("two"), hazard=hazard.id, verdict="fixed",
                    note="已换", photos=[])  # fmt: skip

    phone.send(phone.begin(building, "two"), look)
    phone.send(phone.item("E09", "pass", "two"), look)

    assert hazards()[0][4] == "closed"
    events = db.session.scalars(sa.select(HazardEvent.kind).filter_by(hazard_id=hazard.id)).all()
    assert len(events) == 2


@pytest.mark.parametrize("change", [{"building": 999}, {"building": "x"}, {"hazard": "1"}])
def test_hazard_that_cannot_be_kept_is_shown(phone, change):
    report = phone.op("hazard.report", hazard=named("h"), building=make_building().id, text="x")
    report["data"] |= change

    phone.send(report)

    assert faults() == [("hazard.report", "hazard")]
