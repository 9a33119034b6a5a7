"""What belongs to the safety of buildings: who may look, and the tabs above its pages."""

from collections.abc import Sequence

from flask import current_app, g
from flask_babel import lazy_gettext as _l

from tracker.web.access import OFFICE, READERS, declared
from tracker.web.menu import Entry

#: Who looks at buildings, and who enters what was found in them.
LOOKERS = (*READERS, "inspector")
INSPECTORS = (*OFFICE, "inspector")
TABS = (
    Entry("buildings.show", _l("Buildings"), ("buildings", "building", "rooms", "doors")),
    Entry("residents.show", _l("Residents"), ("residents", "moves")),
    Entry(
        "inspections.show",
        _l("Inspections"),
        ("inspections", "inspection_plans", "inspection_template"),
    ),
    Entry("hazards.show", _l("Hazards"), ("hazards",)),
    Entry("phone.show", _l("On the phone"), ("phone",), not_for=("head", "auditor")),
)


def tabs() -> Sequence[Entry]:
    """Return the tabs that lead somewhere the signed-in reader may go."""
    views = current_app.view_functions
    return [
        entry
        for entry in TABS
        if entry.endpoint in views
        and g.viewer.role not in entry.not_for
        and g.viewer.role in (declared(views[entry.endpoint]) or ())
    ]  # fmt: skip
