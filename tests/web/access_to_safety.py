"""Who may open the pages of buildings, their inspections and hazards."""

from tracker.accounts.models import ROLES

ALL = {"anonymous", *ROLES}
READERS = {"admin", "officer", "head", "auditor"}
OFFICE = {"admin", "officer"}
LOOKERS = READERS | {"inspector"}
INSPECTORS = OFFICE | {"inspector"}
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
    "inspecting.session": INSPECTORS,
    "inspecting.pack_json": INSPECTORS,
    "inspecting.ops": INSPECTORS,
    "inspecting.photo": INSPECTORS,
    "inspections.show": LOOKERS,
    "inspections.one": LOOKERS,
    "inspections.signature": LOOKERS,
    "inspections.apply": INSPECTORS,
    "inspection_archive.take": READERS,
    "inspection_plans.show": LOOKERS,
    "inspection_plans.record": INSPECTORS,
    "inspection_plans.paper": LOOKERS,
    "inspection_template.show": LOOKERS,
    "inspection_template.version": LOOKERS,
    "inspection_template.edit": OFFICE,
    "inspection_template.save": OFFICE,
    "photos.show": LOOKERS,
    "photos.small": LOOKERS,
}
UUID = "0f5f3d3e-6a39-4c53-8a6e-2c1f1d0e9a10"
ARGUMENTS = {"inspection_id": UUID, "signature_id": UUID, "photo_id": UUID,
             "template_id": "office-1", "test_id": 1,
             "building_id": 1, "room_id": 1, "act": "close"}  # fmt: skip
