"""Who may open the pages of buildings, their inspections and hazards."""

from tracker.accounts.models import ROLES

ALL = {"anonymous", *ROLES}
READERS = {"admin", "officer", "head", "auditor"}
OFFICE = {"admin", "officer"}
LOOKERS = READERS | {"inspector"}
EXPECTED = {
    "phone.show": ALL,
    "phone.worker": ALL,
    "phone.manifest": ALL,
    "phone.drawn": ALL,
    "phone.file": ALL,
    "buildings.show": LOOKERS,
    "buildings.new": OFFICE,
    "buildings.edit": OFFICE,
    "buildings.set_active": OFFICE,
    "building.show": LOOKERS,
    "rooms.add": OFFICE,
    "rooms.read_list": OFFICE,
    "rooms.take_list": OFFICE,
    "rooms.show": LOOKERS,
    "rooms.change": OFFICE,
    "rooms.renew_door": OFFICE,
    "doors.sheet": OFFICE,
    "doors.lead": ALL,
    "residents.show": READERS,
    "residents.of_building": READERS,
    "residents.take_along": READERS,
    "residents.take_along_of": READERS,
    "residents.emergency": READERS,
    "moves.move": OFFICE,
    "moves.leave": OFFICE,
    "floor_moves.choose": OFFICE,
    "floor_moves.move": OFFICE,
}
ARGUMENTS = {"building_id": 1, "room_id": 1, "act": "close"}
