"""Buildings on pages: kept, filled with rooms and people, compared with the police's register."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from tests import seeds
from tests.factories import make_person, record
from tests.web.calendars import refresh
from tracker.accounts.models import AuditEntry
from tracker.core import clock
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.directory import residents
from tracker.facts.models import Person
from tracker.housing import queries, service
from tracker.housing.models import Building, Room
from tracker.obligations.models import Obligation

BUILDING = {"name_zh": "东院外专楼", "name_en": "East House", "campus": "东院", "address": "",
            "keeper": ""}  # fmt: skip


@pytest.fixture
def east(app) -> int:
    """A building of three rooms, and accounts."""
    building = service.add_building(name_zh="东院外专楼", name_en="East House", campus="东院")
    service.add_rooms(building, ["301", "302", "401"], level=3, beds=2)
    seeds.make_accounts(at=clock.now())
    return done(building.id)


def done(value):
    db.session.commit()
    db.session.remove()
    return value


def person(name: str, **lodging) -> int:
    made = make_person(name_en=name, name_zh=None)
    if lodging:
        record(made, "accommodation", **lodging)
    refresh(made)
    return done(made.id)


def room_id(number: str) -> int:
    return done(db.session.scalar(sa.select(Room.id).filter_by(number=number)))


def actions() -> list[str]:
    wanted = sa.select(AuditEntry.action).where(AuditEntry.action != "sign-in")
    return done(list(db.session.scalars(wanted.order_by(AuditEntry.id))))


def typed_move(person_id: int, building_id: int, **more):
    at = clock.now().astimezone(CAMPUS).strftime("%Y-%m-%dT%H:%M")
    revision = db.session.scalar(sa.text(f"SELECT revision FROM person WHERE id = {person_id}"))
    db.session.remove()
    return {"building": str(building_id), "room": "", "moved_in_at": at, "registered_on": "",
            "revisions": [f"{person_id}:{revision}"]} | more  # fmt: skip


def test_building_with_rooms_is_added_and_found(app, signed_in):
    seeds.make_accounts(at=clock.now())
    done(None)
    officer = signed_in("officer")

    empty = officer.get("/buildings").get_data(as_text=True)
    made = officer.post("/buildings/new", token_from="/buildings/new", gas="yes", **BUILDING)
    officer.post(made.headers["Location"], token_from=made.headers["Location"], revision="1",
                 numbers="301-303, 410", use="dwelling", beds="2", level="")  # fmt: skip

    building = db.session.scalar(sa.select(Building))
    floors = queries.storeys(building.id)
    assert "Add 东院外专楼" in empty
    assert (building.gas, building.hotel, building.campus.name_zh) == (True, False, "东院")
    assert [(f.level, [r.number for r in f.rooms]) for f in floors] == [
        (4, ["410"]), (3, ["301", "302", "303"])
    ]  # fmt: skip
    assert actions()[-2:] == ["building added", "rooms added"]


def test_two_editors_of_a_building_see_each_other(east, signed_in):
    officer, path = signed_in("officer"), f"/buildings/{east}/edit"
    revision = str(db.session.get(Building, east).revision)
    db.session.remove()
    officer.post(path, token_from=path, revision=revision, gas="yes", **BUILDING)

    second = officer.post(path, token_from=path, revision=revision, lift="yes", **BUILDING)

    page = second.get_data(as_text=True)
    assert second.status_code == 409
    assert "Now saved: yes" in page
    building = db.session.get(Building, east)
    assert (building.gas, building.lift) == (True, False)


def test_list_of_rooms_is_looked_at_before_it_is_taken(east, signed_in):
    officer, path = signed_in("officer"), f"/buildings/{east}/rooms/import"
    table = "房间,楼层,床位,用途\n501,5,2,\n301,3,1,\n502,x,1,\n503,,,厨房\n501,5,1,\n"
    token = officer.get(path).get_data(as_text=True).split('csrf_token" value="')[1].split('"')[0]

    looked = officer.open(path, method="POST", data={
        "csrf_token": token, "file": (io.BytesIO(table.encode()), "rooms.csv"),
    }).get_data(as_text=True)  # fmt: skip
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Room))
    revision = db.session.get(Building, east).revision
    db.session.remove()
    rows = looked.split('aria-label="Rooms">')[1].split("</textarea>")[0]
    taken = officer.post(f"{path}/apply", token_from=path, rows=rows, revision=str(revision))

    assert ("2 new rooms" in looked, "1 is there already" in looked, "2 rows are left out" in looked
            ) == (True, True, True)  # fmt: skip
    assert (before, taken.status_code) == (3, 303)
    new = db.session.scalars(sa.select(Room).where(Room.number.startswith("50"))).all()
    assert {(each.number, each.floor.level, each.use, each.beds) for each in new} == {
        ("501", 5, "dwelling", 2), ("503", 5, "shared", 0)
    }  # fmt: skip


def test_family_moves_in_together_and_the_24_hours_run(east, signed_in):
    officer, alice, child = signed_in("officer"), person("ALICE"), person("CHILD")
    found = db.session.get(Person, child)
    record(found, "family_tie", sponsor=str(alice), relation="child")
    refresh(found)
    done(None)
    fields = typed_move(alice, east, room=str(room_id("301")), along=str(child))
    fields["revisions"] += typed_move(child, east)["revisions"]

    answer = officer.post(f"/people/{alice}/move", token_from=f"/people/{alice}/move", **fields)

    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert {each.person_id: each.room.number for each in queries.residents(east)} == {
        alice: "301", child: "301"
    }  # fmt: skip
    due = db.session.scalars(sa.select(Obligation.person_id).filter_by(rule_id="ACC-24H"))
    assert set(due) == {alice, child}
    assert actions()[-2:] == ["moved in", "moved in"]


def test_stale_move_is_refused_and_typed_text_stays(east, signed_in):
    officer, alice = signed_in("officer"), person("ALICE")
    fields = typed_move(alice, east, room=str(room_id("302")), revisions=[f"{alice}:99"])

    answer = officer.post(f"/people/{alice}/move", token_from=f"/people/{alice}/move", **fields)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert f'<option value="{room_id("302")}" selected>' in page
    assert queries.residents(east) == []


def test_hotel_flag_on_the_form_rederives_residents(east, signed_in):
    person("ALICE", moved_in_at=clock.now(), building="东院外专楼")
    officer, path = signed_in("officer"), f"/buildings/{east}/edit"
    revision = str(db.session.get(Building, east).revision)
    db.session.remove()

    officer.post(path, token_from=path, revision=revision, hotel="yes", **BUILDING)

    duties = db.session.execute(
        sa.select(Obligation.rule_id, Obligation.state).where(Obligation.rule_id.like("ACC-%"))
    )
    assert {tuple(row) for row in duties} == {("ACC-24H", "ended"), ("ACC-HOTEL", "open")}


@pytest.fixture
def four_states(east) -> int:
    """Registered; not; registered elsewhere; gone but still registered."""
    now, today = clock.now(), clock.today()
    long_ago = now - timedelta(days=90)
    person("REGISTERED Rita", moved_in_at=long_ago, building="East House", room="301",
           registered_on=today - timedelta(90))  # fmt: skip
    person("NEW Nils", moved_in_at=now, building="东院外专楼", room="302")
    for name, first, then in (
        ("MOVED Mia", "西院", "东院外专楼"),
        ("GONE =1+1", "东院外专楼", "西院"),
    ):
        number = person(name, moved_in_at=long_ago, building=first,
                        registered_on=today - timedelta(90))  # fmt: skip
        found = db.session.get(Person, number)
        record(found, "accommodation", moved_in_at=now, building=then)
        refresh(found)
        done(None)
    return east


def test_residents_are_compared_with_who_is_registered(four_states, signed_in):
    officer = signed_in("officer")

    page = officer.get(f"/buildings/{four_states}/residents").get_data(as_text=True)
    only = officer.get(f"/buildings/{four_states}/residents?state=elsewhere").get_data(as_text=True)

    shown = {
        name: state
        for row in page.split("<tr>")[2:]
        for name in ("Rita", "Nils", "Mia", "GONE")
        for state in residents.STATES
        if name in row and f'chip lodging-{state}"' in row
    }
    assert shown == {"Rita": "registered", "Nils": "not_registered", "Mia": "elsewhere",
                     "GONE": "left"}  # fmt: skip
    assert ("23 hours left" in page, "24 hours left" in page).count(True) == 1
    assert ("Mia" in only, "Nils" in only) == (True, False)


def test_residents_are_taken_along_without_formulas(four_states, signed_in):
    officer, path = signed_in("officer"), f"/buildings/{four_states}/residents"

    sheets = {
        kind: officer.post(f"{path}/export", token_from=path, format=kind, state="", q="").data
        for kind in ("csv", "xlsx")
    }

    lines = list(csv.reader(io.StringIO(sheets["csv"].decode("utf-8-sig"))))
    cells = openpyxl.load_workbook(io.BytesIO(sheets["xlsx"])).active
    names = [cell.value for cell in cells["D"]][1:]
    assert sorted(line[3] for line in lines[1:]) == sorted(names)
    assert {cell.data_type for row in cells for cell in row} <= {"s", "d", "n"}
    assert actions()[-1] == "list exported"


def test_floor_is_moved_in_one_go(east, signed_in):
    movers = [person(name, moved_in_at=clock.now(), building="东院外专楼", room="301")
              for name in ("A", "B")]  # fmt: skip
    service.add_rooms(db.session.get(Building, east), ["501"], level=5, beds=2)
    done(None)
    officer, path = signed_in("officer"), f"/buildings/{east}/move?level=3"
    to = room_id("501")
    page = officer.get(path).get_data(as_text=True)
    fields = [typed_move(each, east) for each in movers]

    answer = officer.post(
        f"/buildings/{east}/move", token_from=path, level="3", to=str(east),
        moved_in_at=fields[0]["moved_in_at"], rooms=[f"{each}:{to}" for each in movers],
        revisions=[each["revisions"][0] for each in fields],
    )  # fmt: skip

    assert page.count(f':{to}" selected') == 2
    assert answer.status_code == 303
    assert {each.room_id for each in queries.residents(east)} == {to}


def test_door_leads_to_its_room_until_the_code_is_renewed(east, signed_in, browser):
    token = db.session.get(Room, room_id("301")).door_token
    number = room_id("301")
    led = browser.get(f"/door/{token}")
    sheet = signed_in("officer").get(f"/buildings/{east}/doors.pdf?level=3")

    signed_in("officer").post(f"/rooms/{number}/door", token_from=f"/rooms/{number}")

    assert (led.status_code, led.headers["Location"]) == (302, f"/phone/#/room/{number}")
    assert sheet.data.startswith(b"%PDF")
    assert [browser.get(f"/door/{each}").status_code for each in (token, "x", "x" * 99)] == [
        404
    ] * 3


def test_inspector_reads_no_names(four_states, signed_in):
    inspector = signed_in("inspector")

    pages = [inspector.get(path).get_data(as_text=True)
             for path in (f"/buildings/{four_states}", f"/rooms/{room_id('301')}")]  # fmt: skip

    assert ["Rita" in page for page in pages] == [False, False]
