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
    "hazards.photo": LOOKERS,
    "hazards.small_photo": LOOKERS,
}
