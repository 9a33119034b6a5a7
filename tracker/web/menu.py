"""The main menu: whoever may open a page finds it there."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request
from flask_babel import lazy_gettext as _l

from tracker.web.access import declared


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, what it is called, and the blueprints it is lit for."""

    endpoint: str
    label: Any
    features: tuple[str, ...]
    #: In the bar above every page, or with one's own account: what is opened less often.
    place: str = "bar"
    #: Roles that are led elsewhere from there.
    not_for: tuple[str, ...] = ()


ENTRIES = (
    Entry("board.show", _l("Board"), ("board",), not_for=("expert",)),
    Entry("people.show", _l("People"), ("people", "person", "moving", "closing", "happened")),
    Entry("cases.show", _l("Cases"), ("cases", "case", "case_opening", "case_papers")),
    Entry(
        "buildings.show",
        _l("Safety"),
        (
            "buildings",
            "building",
            "rooms",
            "doors",
            "residents",
            "floor_moves",
            "inspections",
            "hazards",
            "phone",
        ),
    ),
    Entry("answers.show", _l("Answers"), ("answers",)),
    Entry("calendar.show", _l("Calendar"), ("calendar", "feeds", "calendar_years")),
    Entry(
        "health_checks.show",
        _l("Health"),
        ("health_checks", "health_entering", "person_health", "health_apart"),
    ),
    Entry("health_of_unit.show", _l("Health"), ("health_of_unit",)),
    Entry("own_health.show", _l("Health"), ("own_health",)),
    Entry(
        "trips.show",
        _l("Whereabouts"),
        ("trips", "trip_forms", "where", "custody", "stock", "cabinets"),
    ),
    Entry("where.show", _l("Who is where"), ("where",), not_for=("admin", "officer", "head")),
    Entry("reminders.show", _l("Reminders"), ("reminders", "ladder", "letters", "imported")),
    Entry("delivery.show", _l("Delivery"), ("delivery",)),
    Entry("imports.show", _l("Import"), ("imports",), place="sheet"),
    Entry("projects.show", _l("Projects and honours"), ("projects",), place="sheet"),
    Entry("notice_desk.show", _l("Notices"), ("notices", "notice_desk"), place="sheet"),
    Entry("accounts.show", _l("Accounts"), ("accounts",), place="sheet"),
    Entry("audit.show", _l("Audit trail"), ("audit",), place="sheet"),
)


def here() -> Any:
    """Return what the entry of the page in sight is called; None for a page that has none."""
    lit = (entry for entry in entries() if request.blueprint in entry.features)
    return next((entry.label for entry in lit), None)


def entries(place: str = "bar") -> list[Entry]:
    """Return the entries of a place that the signed-in reader may open."""
    role = g.viewer.role
    return [
        entry
        for entry in ENTRIES
        if entry.place == place
        and role not in entry.not_for
        and role in (declared(current_app.view_functions[entry.endpoint]) or ())
    ]
