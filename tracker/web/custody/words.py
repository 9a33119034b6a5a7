"""How custody is called on pages."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.accounts import audit
from tracker.custody.models import CustodyEvent
from tracker.web import words

VIEWS: dict[str, Any] = {
    "in": _l("In custody"), "out": _l("Handed out"), "late": _l("Overdue"),
    "missing": _l("Not found"), "given": _l("Given back for good"),
    "authority": _l("At the authority"),
}  # fmt: skip
KINDS: dict[str, Any] = {"in": _l("in"), "out": _l("out"), "missing": _l("not found")}
HOLDERS: dict[str, Any] = {
    "person": _l("Its owner"), "office": _l("Somebody of the office"),
    "authority": _l("An authority"), "other": _l("Somebody else"),
}  # fmt: skip
EMPTY: dict[str, Any] = {
    "in": _l("Nothing is in custody"), "out": _l("Nothing is handed out"),
    "late": _l("Nothing is overdue"), "missing": _l("Nothing is missing"),
    "given": _l("Nothing was given back for good"),
    "authority": _l("No authority has a passport"),
}  # fmt: skip


def place(event: CustodyEvent) -> str:
    """Return where a document was put in or taken out."""
    return event.cabinet.name if event.cabinet else str(_("the office's safe"))


def by(event: CustodyEvent) -> str:
    """Return who recorded it: somebody of the office, or a cabinet."""
    if event.source != "office" and event.cabinet:
        return event.cabinet.name
    return audit.name_of(event.by)


def holder(event: CustodyEvent) -> str:
    """Return who has a document that is out."""
    who = words.named(HOLDERS, event.holder or "person")
    return f"{who}: {event.to_whom}" if event.to_whom else who
