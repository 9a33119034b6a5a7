"""Through which states a hazard goes, its grades, and the words the database uses. Pure."""

from typing import Literal

from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _

Grade = Literal["minor", "serious", "major"]
State = Literal["found", "ordered", "in_progress", "done", "closed"]

GRADES: tuple[Grade, ...] = ("minor", "serious", "major")
STATES: tuple[State, ...] = ("found", "ordered", "in_progress", "done", "closed")
#: Electricity, water, gas, fire, structure, registration, anything else.
KINDS = ("E", "W", "G", "F", "S", "R", "O")
#: How people are kept safe: the place not used, gas or power off, something in between.
PROTECTIONS = ("stop_use", "gas_off", "power_off", "interim")
EVENTS = (
    "found", "sighted", "raised", "protected", "reported", "ordered", "reassigned", "fell",
    "progress", "done", "on_the_spot", "signed_off", "passed", "failed", "notified",
)  # fmt: skip
#: What may be done in which state.
_ALLOWED: dict[str, frozenset[str]] = {
    "found": frozenset({"protect", "report", "order", "on_the_spot", "reassign", "notify"}),
    "ordered": frozenset({"protect", "report", "order", "progress", "done", "reassign", "notify"}),
    "in_progress": frozenset(
        {"protect", "report", "order", "progress", "done", "reassign", "notify"}
    ),
    "done": frozenset({"protect", "report", "reinspect", "sign_off", "reassign", "notify"}),
    "closed": frozenset({"report", "sign_off"}),
}  # fmt: skip


def raised(grade: str) -> Grade:
    """Return the grade above; there is none above the highest."""
    return GRADES[min(GRADES.index(grade) + 1, len(GRADES) - 1)]


def graver(one: str, other: str) -> str:
    """Return the graver of two grades."""
    return max(one, other, key=lambda each: GRADES.index(each))


def kind_of(item: str | None, told: str | None = None) -> str:
    """Return what a hazard is about: by its check item, else as it was told."""
    first = (item or told or "O")[:1].upper()
    return first if first in KINDS else "O"


def allowed(state: str, act: str) -> bool:
    """Say whether something may be done to a hazard in a state."""
    return act in _ALLOWED[state]


def require(state: str, act: str) -> None:
    """Raise Conflict if something may not be done to a hazard in a state."""
    if not allowed(state, act):
        raise Conflict(state=_("This cannot be done in the state the hazard is in now."))
