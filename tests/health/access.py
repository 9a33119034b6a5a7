"""Who may open which page of health checks; of the office, only accounts named for it."""

OFFICE = {"admin", "officer"}
EXPECTED = {
    "health_checks.show": OFFICE | {"head"},
    "health_checks.one": OFFICE | {"head"},
    "health_checks.new": OFFICE,
    "health_checks.edit": OFFICE,
    "health_entering.sheet": OFFICE,
    "health_entering.save": OFFICE,
    "health_entering.missing": OFFICE,
    "health_entering.workbook": OFFICE,
    "person_health.show": OFFICE,
    "person_health.book": OFFICE,
    "person_health.record": OFFICE,
    "person_health.certify": OFFICE,
    "person_health.clear": OFFICE,
    "person_health.certificate": OFFICE | {"expert"},
    "health_apart.exempt": OFFICE,
    "health_apart.end_exemption": OFFICE,
    "health_apart.consent_on_paper": OFFICE,
    "health_apart.withdraw": OFFICE,
    "own_health.show": {"expert"},
    "own_health.give": {"expert"},
    "own_health.withdraw": {"expert"},
    "health_of_unit.show": {"unit_secretary"},
}
