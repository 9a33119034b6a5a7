"""A building's page: its doors by what is wrong behind them, in as many statements for any size."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests import seeds
from tracker.core import clock
from tracker.core.db import db
from tracker.hazards import service as hazards
from tracker.housing import service


@pytest.fixture
def east(app):
    """A building with accounts of each role and one room."""
    seeds.make_accounts(at=clock.now())
    keeper = db.session.scalar(sa.text("SELECT min(id) FROM account WHERE role = 'officer'"))
    building = service.add_building(name_zh="东院外专楼", campus="东院", keeper_id=keeper)
    service.add_rooms(building, ["301"], level=3, beds=2)
    db.session.commit()
    return building


def find(building, room, grade):
    hazards.found(
        key=str(uuid4()), building_id=building.id, room_id=room and room.id, item="E06",
        text="Socket burnt", grade=grade, found_at=clock.now(), by=None, now=clock.now(),
    )  # fmt: skip


def test_doors_show_the_gravest_hazard_behind_them(east, signed_in):
    rooms = service.add_rooms(east, ["302", "303"], level=3)
    find(east, rooms[0], "serious")
    find(east, rooms[1], "major")
    find(east, None, "minor")
    path = f"/buildings/{east.id}"
    db.session.commit()
    db.session.remove()

    page = signed_in("officer").get(path).get_data(as_text=True)

    doors = {part.split("<b>")[1].split("</b>")[0]: part.split('"')[0]
             for part in page.split('class="door door-')[1:]}  # fmt: skip
    assert doors == {"301": "empty", "302": "serious", "303": "major"}
    assert "1 concerns the building as a whole" in page


def test_page_takes_as_many_statements_for_many_rooms_as_for_one(east, signed_in):
    path = f"/buildings/{east.id}"
    find(east, None, "minor")
    db.session.commit()
    db.session.remove()
    officer = signed_in("officer")
    officer.get(path)
    few = statements(officer, path)

    building = service.building(int(path.rpartition("/")[2]))
    rooms = service.add_rooms(building, [f"4{number:02}" for number in range(1, 60)], level=4)
    for room in rooms[:20]:
        find(building, room, "minor")
    db.session.commit()
    db.session.remove()

    assert statements(officer, path) == few


def statements(browser, path):
    """Return how many statements an answer takes."""
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(said)
