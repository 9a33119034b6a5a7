"""Stays follow the accommodation documents; buildings say themselves whether they are hotels."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import AT, make_person, record
from tracker import pipeline
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.facts import service as facts
from tracker.housing import moving, queries, service, stays
from tracker.housing.models import Room, Stay
from tracker.obligations import conflicts
from tracker.obligations.models import Obligation

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def refresh(*people):
    pipeline.refresh([person.id for person in people], today=TODAY, now=NOW)


@pytest.fixture
def east(app):
    """东院外专楼 with six rooms on two floors."""
    building = service.add_building(name_zh="东院外专楼", name_en="East House", campus="东院")
    for level in (2, 3):
        numbers = [f"{level}0{number}" for number in (1, 2, 3)]
        service.add_rooms(building, numbers, level=level, beds=2)
    return building


def room(building, number):
    return db.session.scalar(sa.select(Room).filter_by(building_id=building.id, number=number))


def open_duties(person):
    wanted = sa.select(Obligation).filter_by(person_id=person.id, state="open")
    return {(each.rule_id, each.fact_ref): each.due_at for each in db.session.scalars(wanted)
            if each.rule_id.startswith("ACC")}  # fmt: skip


def test_moving_into_a_room_starts_the_24_hours(east):
    person = make_person()
    moved_in_at = NOW - timedelta(hours=3)

    moving.move_in(person, east, room(east, "301"), moved_in_at=moved_in_at, by="test", at=NOW)
    refresh(person)

    stay = queries.stay_of(person.id)
    assert (stay.building, stay.room.number, stay.lives) == (east, "301", True)
    assert open_duties(person) == {("ACC-24H", "accommodation/1"): moved_in_at + timedelta(days=1)}


def test_new_passport_starts_registration_anew(east):
    person = make_person()
    moving.move_in(
        person, east, room(east, "301"), moved_in_at=NOW - timedelta(days=30),
        registered_on=TODAY - timedelta(days=30), by="test", at=NOW,
    )  # fmt: skip
    record(person, "passport", number="P2", received_on=TODAY, replaces="P1",
           issued_on=TODAY, expires_on=date(2036, 1, 1))  # fmt: skip

    refresh(person)

    assert list(open_duties(person)) == [("ACC-REREG", "passport/1")]


def test_hotel_flag_changes_who_must_register(east):
    person = make_person()
    moving.move_in(person, east, None, moved_in_at=NOW, by="test", at=NOW)
    refresh(person)
    before = list(open_duties(person))

    service.change_building(east, name_zh="东院外专楼", campus="东院", hotel=True)
    refresh_ids = stays.placed_again(east)
    pipeline.refresh(refresh_ids, today=TODAY, now=NOW)

    assert refresh_ids == [person.id]
    assert (before, list(open_duties(person))) == (
        [("ACC-24H", "accommodation/1")], [("ACC-HOTEL", "accommodation/1")]
    )  # fmt: skip


def test_building_added_later_finds_who_lives_there(app):
    person = make_person()
    record(person, "accommodation", moved_in_at=AT, building="East  house", room="３０１")
    refresh(person)
    assert queries.stay_of(person.id).building is None

    building = service.add_building(name_zh="东院外专楼", name_en="East House", campus="东院")
    service.add_rooms(building, ["301"], level=3)
    stays.placed_again(building)

    assert queries.stay_of(person.id).room.number == "301"


def test_moved_out_and_departed_live_nowhere(east):
    alice, bob = make_person(), make_person(name_en="BOB", name_zh=None)
    for person in (alice, bob):
        moving.move_in(person, east, room(east, "301"), moved_in_at=NOW - timedelta(days=3),
                       by="test", at=NOW)  # fmt: skip
    refresh(alice, bob)

    moving.move_out(alice, on=TODAY, by="test", at=NOW)
    facts.depart(bob, departed_on=TODAY, by="test", at=NOW)
    refresh(alice, bob)

    assert queries.residents(east.id) == []
    assert db.session.get(Stay, (alice.id, 1)).ended_on == TODAY
    assert alice.building is None
    with pytest.raises(Conflict):
        moving.move_out(alice, on=TODAY, by="test", at=NOW)


def test_registration_stays_behind_when_somebody_moves(east):
    person = make_person()
    moving.move_in(person, east, room(east, "301"), moved_in_at=NOW - timedelta(days=30),
                   registered_on=TODAY - timedelta(days=29), by="test", at=NOW)  # fmt: skip
    moving.move_in(person, east, room(east, "202"), moved_in_at=NOW, by="test", at=NOW)
    refresh(person)

    told = [(each.door, each.lives, each.registered, each.ended_on)
            for each in db.session.scalars(sa.select(Stay).order_by(Stay.document_no))]  # fmt: skip
    assert told == [("301", False, True, TODAY), ("202", True, False, None)]


def test_projection_finds_the_same_and_drops_what_was_taken_back(east):
    person = make_person()
    version = moving.move_in(person, east, None, moved_in_at=NOW, by="test", at=NOW)
    refresh(person)
    refresh(person)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Stay)) == 1

    facts.withdraw(version, at=NOW)
    refresh(person)

    assert queries.stay_of(person.id) is None


def test_renumbered_room_keeps_its_residents(east):
    person = make_person()
    moving.move_in(person, east, room(east, "301"), moved_in_at=NOW, by="test", at=NOW)
    refresh(person)
    found = room(east, "301")

    moved = moving.renumber(found, "301A", by="test", at=NOW)
    service.change_room(found, number="301A", level=3, use="dwelling", beds=2, active=True)
    refresh(person)

    assert moved == [person.id]
    assert queries.stay_of(person.id).room_id == found.id


def test_household_are_those_tied_on_either_side(app):
    alice = make_person()
    child, spouse = (make_person(name_en=name, name_zh=None) for name in ("CHILD", "SPOUSE"))
    for each, relation in ((child, "child"), (spouse, "spouse")):
        record(each, "family_tie", sponsor=str(alice.id), relation=relation)

    assert moving.household(alice) == [child, spouse]
    assert moving.household(child) == [alice, spouse]


def test_taken_names_and_rooms_are_refused(east):
    with pytest.raises(Conflict):
        service.add_building(name_zh="西院外专楼", name_en="east house", campus="西院")
    with pytest.raises(Invalid) as twice:
        service.add_rooms(east, ["304", "３０１"], level=3)
    assert twice.value.messages == {"numbers": ["Already there: 301. Leave them out."]}


def test_occupied_stays_in_use_and_keeps_its_name(east):
    person = make_person()
    moving.move_in(person, east, room(east, "301"), moved_in_at=NOW, by="test", at=NOW)
    refresh(person)

    with pytest.raises(Conflict):
        service.set_active(east, False)
    with pytest.raises(Conflict):
        service.change_room(room(east, "301"), number="301", level=3, use="dwelling", beds=1,
                            active=False)  # fmt: skip
    with pytest.raises(Conflict):
        service.change_building(east, name_zh="新名", campus="东院")


def test_another_room_of_the_same_building_is_another_lodging_to_register(east):
    person = make_person()
    moving.move_in(person, east, room(east, "301"), moved_in_at=NOW - timedelta(days=30),
                   registered_on=TODAY - timedelta(days=29), by="test", at=NOW)  # fmt: skip
    moving.move_in(person, east, room(east, "202"), moved_in_at=NOW - timedelta(days=2),
                   by="test", at=NOW)  # fmt: skip
    refresh(person)
    moved = [each.rule_id for each in conflicts.of_person(person.id, today=TODAY)]

    moving.move_out(person, on=TODAY, by="test", at=NOW)
    refresh(person)

    assert moved == ["LODGING-ELSEWHERE"]
    assert conflicts.of_person(person.id, today=TODAY) == []
