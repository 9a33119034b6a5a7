"""Buildings and their rooms, with how much of each is used."""

from typing import Any

from marshmallow import Schema, fields, validate

from tracker.api import paging
from tracker.api.blueprint import Blueprint
from tracker.housing import queries, service
from tracker.housing.models import USES
from tracker.web.access import READERS

bp = Blueprint("buildings", "Where experts live")


class BuildingSchema(Schema):
    """One building."""

    component = "Building"
    id = fields.Integer(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)
    campus = fields.String(required=True)
    address = fields.String(required=True)
    hotel = fields.Boolean(required=True, metadata={"description": "Licensed as a hotel."})
    gas = fields.Boolean(required=True)
    lift = fields.Boolean(required=True)
    high_rise = fields.Boolean(required=True)
    night_patrol = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
    rooms = fields.Integer(required=True)
    beds = fields.Integer(required=True)
    residents = fields.Integer(required=True)


class RoomSchema(Schema):
    """One room."""

    component = "Room"
    id = fields.Integer(required=True)
    number = fields.String(required=True, metadata={"description": "As on the door."})
    level = fields.Integer(
        required=True, metadata={"description": "1 is the ground floor, -1 the first below it."}
    )
    use = fields.String(required=True, validate=validate.OneOf(USES))
    beds = fields.Integer(required=True)
    residents = fields.Integer(required=True)
    active = fields.Boolean(required=True)


@bp.read("/buildings", BuildingSchema(many=True), scope="people:read", to=READERS,
         query=paging.Paged(), headers=paging.HEADERS)  # fmt: skip
def list_buildings(query: dict[str, Any]) -> Any:
    """List the buildings by campus and name."""
    every = queries.buildings()
    offset, limit = paging.bounds(query)
    listed = [_columns(each) for each in queries.counted(every[offset : offset + limit])]
    return listed, paging.headers(query, len(every))


@bp.read("/buildings/<id:building_id>", BuildingSchema(), scope="people:read", to=READERS)
def read_building(building_id: int) -> Any:
    """Read one building."""
    return _columns(queries.counted([service.building(building_id)])[0])


@bp.read("/buildings/<id:building_id>/rooms", RoomSchema(many=True), scope="people:read",
         to=READERS, query=paging.Paged(), headers=paging.HEADERS)  # fmt: skip
def list_rooms(query: dict[str, Any], building_id: int) -> Any:
    """List the rooms of a building, the highest floor first."""
    found = service.building(building_id)
    living = queries.living_in(found.id)
    every = [
        {"id": room.id, "number": room.number, "level": floor.level, "use": room.use,
         "beds": room.beds, "residents": living.get(room.id, 0), "active": room.active}
        for floor in queries.storeys(found.id, active=False)
        for room in floor.rooms
    ]  # fmt: skip
    offset, limit = paging.bounds(query)
    return every[offset : offset + limit], paging.headers(query, len(every))


def _columns(each: queries.Counted) -> dict[str, Any]:
    building = each.building
    same = ("id", "name_zh", "name_en", "address", "active", "revision", *service.FLAGS)
    return {name: getattr(building, name) for name in same} | {
        "campus": building.campus.name_zh, "rooms": each.rooms, "beds": each.beds,
        "residents": each.residents,
    }  # fmt: skip
