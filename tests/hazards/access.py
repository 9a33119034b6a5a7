"""Who may open which route of hazards."""

LOOKERS = {"admin", "officer", "head", "auditor", "inspector", "unit_secretary"}
EXPECTED = {
    "hazards.show": LOOKERS,
    "hazards.take_along": LOOKERS,
    "hazards.figures": LOOKERS - {"unit_secretary"},
    "hazards.new": {"admin", "officer", "inspector"},
    "hazards.add": {"admin", "officer", "inspector"},
    "hazards.one": LOOKERS,
    "hazards.do": LOOKERS,
    "hazards.notice": LOOKERS,
    "hazards.record": LOOKERS - {"unit_secretary"},
    "hazards.letters": {"admin", "officer", "inspector"},
    "hazards.send": {"admin", "officer", "inspector"},
    "hazards.photo": LOOKERS,
    "hazards.small_photo": LOOKERS,
}
