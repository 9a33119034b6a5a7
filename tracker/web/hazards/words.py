"""What the words of hazards are called on a page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.accounts.models import Account
from tracker.core.i18n import day_text
from tracker.hazards.models import HazardEvent
from tracker.housing.models import Building
from tracker.web import language
from tracker.web.pages import in_reader_language
from tracker.web.words import ROLES, named

GRADES = {"minor": _l("Minor"), "serious": _l("Serious"), "major": _l("Major")}
STATES = {
    "open": _l("Not closed out"), "found": _l("Found"), "ordered": _l("Ordered"),
    "in_progress": _l("Being put right"), "done": _l("Waits for re-inspection"),
    "closed": _l("Closed out"),
}  # fmt: skip
KINDS = {
    "E": _l("Electricity"), "W": _l("Water"), "G": _l("Gas"), "F": _l("Fire safety"),
    "S": _l("Structure and lifts"), "R": _l("Registration and order"), "O": _l("Other"),
}  # fmt: skip
PROTECTIONS = {
    "stop_use": _l("The place is out of use"), "gas_off": _l("The gas is cut off"),
    "power_off": _l("The power is cut off"), "interim": _l("People are kept safe in another way"),
}  # fmt: skip
AGES = {
    "week": _l("up to a week"), "month": _l("up to a month"), "quarter": _l("up to three months"),
    "older": _l("older"),
}  # fmt: skip
EVENTS = {
    "found": _l("Found"), "sighted": _l("Seen again"), "raised": _l("Raised a grade"),
    "protected": _l("People kept safe"), "reported": _l("Reported"), "ordered": _l("Ordered"),
    "reassigned": _l("Given to somebody else"), "fell": _l("Fell to somebody else"),
    "progress": _l("Progress"), "done": _l("Said to be done"),
    "on_the_spot": _l("Put right on the spot"), "signed_off": _l("Signed off"),
    "passed": _l("Re-inspection passed"), "failed": _l("Re-inspection failed"),
    "notified": _l("Notice sent"),
}  # fmt: skip
#: What somebody may do, as a button says it.
ACTS = {
    "protect": _l("Keep people safe"), "report": _l("Record the report"),
    "order": _l("Order it to be put right"),
    "on_the_spot": _l("Put right on the spot"), "progress": _l("Add progress"),
    "done": _l("It is done"), "reinspect": _l("Re-inspect"), "sign_off": _l("Sign off"),
    "reassign": _l("Give to somebody else"),
}  # fmt: skip
SAVES = {
    "protect": _l("Record it"), "report": _l("Record the report"), "order": _l("Order it"),
    "on_the_spot": _l("Record it"), "progress": _l("Add it"), "done": _l("Record that it is done"),
    "reinspect": _l("Record the re-inspection"), "sign_off": _l("Sign off"),
    "reassign": _l("Give it"),
}  # fmt: skip
#: To whom a letter about a hazard goes.
AUDIENCES = {
    "owner": _l("Whoever answers for it"), "floor": _l("Those who live on its floor"),
    "building": _l("Those who live in the building"),
}  # fmt: skip
_WHY_RAISED = {
    "seen": _l("It was seen to be graver."), "failed": _l("It failed re-inspection twice."),
}  # fmt: skip

#: The states a list can be asked for.
STATES_ASKED = {**STATES, "all": _l("All, closed too")}


def pairs(values: Iterable[str], table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the options of a box, each with what it is called."""
    return [(value, named(table, value)) for value in values]


def places(buildings: Iterable[Building]) -> list[tuple[int, str]]:
    """Return buildings as options."""
    return [(each.id, in_reader_language(each.name_zh, each.name_en)) for each in buildings]


def people(accounts: Iterable[Account]) -> list[tuple[int, str]]:
    """Return accounts as options."""
    return [(each.id, f"{each.name} · {named(ROLES, each.role)}") for each in accounts]


def raised(data: Mapping[str, Any]) -> str:
    """Say from which grade to which, and why."""
    change = f"{named(GRADES, data['from'])} → {named(GRADES, data['to'])}"
    if data.get("why") == "repeat":
        return f"{change}. " + str(_("The same as %(number)s, closed not long before.",
                                     number=data.get("number")))  # fmt: skip
    return f"{change}. {named(_WHY_RAISED, data.get('why'))}"


def told(event: HazardEvent) -> list[str]:
    """Return what an event tells beside its note, a line each."""
    data = event.data
    if event.kind == "raised":
        return [raised(data)]
    if event.kind == "protected":
        return [named(PROTECTIONS, data["how"])]
    if event.kind == "ordered":
        return [data["measure"], _order(data)]
    if event.kind in ("reassigned", "fell"):
        return [str(_("from %(before)s to %(now)s", before=data["from"] or "–", now=data["to"]))]
    if event.kind == "signed_off":
        return [str(_("signed by %(name)s", name=data["name"]))]
    if event.kind == "failed" and data.get("deadline"):
        return [str(_("new deadline %(day)s", day=_day(data["deadline"])))]
    if event.kind == "notified":
        return [
            f"{named(AUDIENCES, data.get('audience'))}: {_(', ').join(data.get('to', []))}",
            *_unreached(data.get("without_address", [])),
        ]
    if data.get("lifted"):
        return [str(_("No longer needed: %(what)s", what=named(PROTECTIONS, data["lifted"])))]
    return []


def _unreached(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [f"{_('Without an address, to be told in person:')} {_(', ').join(names)}"]


def _order(data: Mapping[str, Any]) -> str:
    parts = [
        str(_("by %(day)s", day=_day(data["deadline"]))), data["department"], data["owner"],
        data.get("funds"),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _day(text: str) -> str:
    return day_text(date.fromisoformat(text), language.current())
