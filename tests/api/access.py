"""Who may open which operation of the interface. A new one needs a line here."""

from tracker.accounts.models import ROLES

READERS = {"admin", "officer", "head", "auditor"}
OFFICE = {"admin", "officer"}
SECRETARIES = READERS | {"unit_secretary"}
ANYBODY = SECRETARIES | {"expert"}
EXPECTED = {
    "docs.openapi": {"anonymous", *ROLES},
    "docs.show": set(ROLES),
    "tokens.show": set(ROLES),
    "tokens.create": set(ROLES),
    "tokens.revoke": set(ROLES),
    "api_custody.report_events": {"anonymous", *ROLES},
    "api_people.list_people": SECRETARIES,
    "api_people.create_person": OFFICE,
    "api_people.read_person": ANYBODY,
    "api_people.change_person": OFFICE,
    "api_people.depart": OFFICE,
    "api_facts.list_facts": ANYBODY,
    "api_facts.read_fact": ANYBODY,
    "api_facts.record_fact": OFFICE,
    "api_facts.correct_fact": OFFICE,
    "api_units.list_units": SECRETARIES,
    "api_units.read_unit": SECRETARIES,
    "api_buildings.list_buildings": READERS,
    "api_buildings.read_building": READERS,
    "api_buildings.list_rooms": READERS,
    "api_obligations.list_obligations": ANYBODY,
    "api_cases.list_cases": ANYBODY,
    "api_cases.read_case": ANYBODY,
    "api_cases.open_case": OFFICE,
    "api_cases.move_case": OFFICE,
    "api_cases.change_paper": OFFICE,
    "api_obligations.explain": SECRETARIES,
    "api_health.list_schedules": OFFICE | {"head"},
    "api_health.read_person_health": OFFICE | {"expert"},
    "api_health.record_results": OFFICE,
    "api_letters.list_letters": READERS,
    "api_letters.read_letter": OFFICE,
    "api_letters.retry_letter": OFFICE,
    "api_letters.close_letter": OFFICE,
    "api_letters.list_holds": READERS,
    "api_letters.read_hold": READERS,
    "api_letters.release_hold": OFFICE,
    "api_letters.read_status": READERS,
    "api_reminders.preview_reminders": READERS,
    "api_imports.list_imports": OFFICE,
    "api_imports.read_import": OFFICE,
    "api_imports.import_roster": OFFICE,
    "api_imports.undo_import": OFFICE,
    "api_rules.list_rules": set(ROLES),
    "api_rules.read_rule": set(ROLES),
    "api_rules.list_years": set(ROLES),
    "api_rules.read_year": set(ROLES),
}
ARGUMENTS = {
    "import_id": 1, "rule_id": "RP-EXT", "year": 2026, "fact_id": 1, "unit_id": 1, "token_id": 1,
}  # fmt: skip
