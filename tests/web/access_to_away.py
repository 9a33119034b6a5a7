"""Who may open the pages of trips, of who is where, and of documents in custody."""

from tracker.accounts.models import ROLES

ALL = {"anonymous", *ROLES}
READERS = {"admin", "officer", "head", "auditor"}
OFFICE = {"admin", "officer"}
EXPECTED = {
    "trips.show": READERS | {"unit_secretary"},
    "trips.show_one": READERS | {"unit_secretary", "expert"},
    "trips.back": OFFICE | {"unit_secretary", "expert"},
    "trips.later": OFFICE | {"unit_secretary", "expert"},
    "trips.cancel": OFFICE | {"unit_secretary", "expert"},
    "trip_forms.new": OFFICE | {"unit_secretary", "expert"},
    "trip_forms.link": OFFICE | {"unit_secretary"},
    "trip_forms.end_link": OFFICE | {"unit_secretary"},
    "where.show": OFFICE | {"head", "inspector"},
    "away.show": ALL,
    "away.ask": ALL,
    "away.send": ALL,
    "away.change": ALL,
    "custody.show": READERS,
    "custody.show_item": READERS,
    "custody.event": READERS,
    "custody.hand_out": OFFICE,
    "custody.take_in": OFFICE,
    "custody.scan": OFFICE,
    "custody.tag": OFFICE,
    "custody.unknown": OFFICE,
    "custody.resolve": OFFICE,
    "custody.lodge": OFFICE,
    "stock.show": OFFICE,
    "stock.begin": OFFICE,
    "stock.take": OFFICE,
    "stock.tick": OFFICE,
    "cabinets.show": OFFICE,
    "cabinets.create": OFFICE,
    "cabinets.rotate": OFFICE,
    "cabinets.end": OFFICE,
    "cabinets.revoke": OFFICE,
}
ARGUMENTS = {
    "trip_id": 1, "item_id": 1, "event_id": 1, "take_id": 1, "cabinet_id": 1, "key_id": 1,
    "deed": "back",
}  # fmt: skip
