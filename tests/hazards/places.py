"""An invented building with its people, and hazards in it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tracker.accounts import service as accounts
from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.facts.models import Unit
from tracker.hazards import moving, service
from tracker.hazards.models import Hazard
from tracker.hazards.record import Deed
from tracker.housing.models import Building, Campus, Floor, Room
from tracker.inspections.models import InspectedBuilding

#: A Monday morning on campus.
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    building: Building
    room: Room
    keeper: Account
    officer: Account


def account(name: str, role: str) -> Account:
    if known := accounts.find(f"{name}@example.org"):
        return known
    unit_id = None
    if role == "unit_secretary":
        unit = Unit(name_zh=f"{name}的部门")
        db.session.add(unit)
        db.session.flush()
        unit_id = unit.id
    return accounts.create_account(
        email=f"{name}@example.org", name=name, role=role, language="zh", unit_id=unit_id, at=AT
    )


def make_house(*, keeper: bool = True, **overrides: Any) -> House:
    """Record a building with gas, one room, a keeper (an inspector), and an officer.

    Nothing is inspected there by plan, so that all that is due is of hazards.
    """
    campus = Campus(name_zh="东院", name_en="East Campus")
    db.session.add(campus)
    db.session.flush()
    people = account("keeper", "inspector"), account("officer", "officer")
    building = Building(
        campus_id=campus.id, name_zh="东院外专楼", name_en="East House", gas=True,
        keeper_id=people[0].id if keeper else None, **overrides,
    )  # fmt: skip
    db.session.add(building)
    db.session.flush()
    floor = Floor(building_id=building.id, level=3)
    db.session.add(floor)
    db.session.flush()
    room = Room(building_id=building.id, floor_id=floor.id, number="302", use="dwelling")
    db.session.add_all([room, InspectedBuilding(building_id=building.id, since=date(2099, 1, 1))])
    db.session.flush()
    return House(building, room, *people)


def find(house: House, grade: str = "serious", *, at: datetime = AT, **overrides: Any) -> Hazard:
    """Find a hazard in the room."""
    told = {
        "key": str(uuid4()), "building_id": house.building.id, "room_id": house.room.id,
        "item": "E06", "text": "插排串接", "grade": grade, "found_at": at, "by": None, "now": at,
    }  # fmt: skip
    return service.found(**told | overrides)


def deed(note: str = "", *, at: datetime = AT, **overrides: Any) -> Deed:
    return Deed(**{"by": None, "at": at, "now": at, "note": note} | overrides)


def order(hazard: Hazard, house: House, *, deadline: date = date(2026, 3, 5), **more: Any) -> None:
    told = {"measure": "更换", "deadline": deadline, "department": "后保处",
            "owner_id": house.officer.id}  # fmt: skip
    moving.order(hazard, deed(), **told | more)


def days(count: int) -> datetime:
    """Return the instant so many days after AT."""
    return AT + timedelta(days=count)
