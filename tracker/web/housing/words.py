"""What buildings and rooms are called on pages, in the reader's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

FLAGS = {
    "hotel": _l("Licensed as a hotel"), "gas": _l("Gas"), "lift": _l("Lift"),
    "high_rise": _l("High-rise"), "night_patrol": _l("Patrolled at night"),
}  # fmt: skip
HINTS = {
    "hotel": _l("It reports its guests to the police itself; others register their residents."),
    "gas": _l("The check items for gas apply, and the supplier's yearly visit."),
    "lift": _l("Its inspection mark and maintenance are checked."),
    "high_rise": _l("Dwellings above 27 m, public buildings above 24 m."),
    "night_patrol": _l("A round every two hours at night."),
}
USES = {
    "dwelling": _l("Somebody lives in it"), "shared": _l("Corridor, kitchen, hall"),
    "plant": _l("Machines, shafts, tanks"),
}  # fmt: skip
STATES = {
    "registered": _l("Lives and is registered here"), "again": _l("To be registered again"),
    "not_registered": _l("Lives here, not registered"),
    "elsewhere": _l("Lives here, registered elsewhere"),
    "left": _l("Registered here, lives elsewhere"),
}  # fmt: skip
GRADES = {
    "minor": _l("Minor hazard"), "serious": _l("Serious hazard"), "major": _l("Major hazard"),
}  # fmt: skip
SHORT = {
    "registered": _l("Registered"), "again": _l("To register again"),
    "not_registered": _l("Not registered"), "elsewhere": _l("Registered elsewhere"),
    "left": _l("Lives elsewhere"),
}  # fmt: skip


def level(number: int) -> str:
    """Return what a floor is called."""
    if number < 0:
        return str(_("Basement %(number)s", number=-number))
    return str(_("Floor %(number)s", number=number))
