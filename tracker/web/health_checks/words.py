"""What schedules, rounds and consents are called on a page."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker.core.i18n import gettext as _
from tracker.facts.models import Unit
from tracker.health.models import HealthSchedule
from tracker.web import words
from tracker.web.pages import in_reader_language

KINDS = {
    "entry": _l("Entry examination"), "annual": _l("Annual check"),
    "hazard": _l("Check for a post with hazards"), "periodic": _l("Periodic test"),
    "other": _l("Other check"),
}  # fmt: skip

STATES = {
    "missing": _l("Not yet examined"), "booked": _l("Booked"), "coming": _l("Still to come"),
    "done": _l("Examined"), "exempt": _l("Exempt"),
}  # fmt: skip

RESULTS = {"fit": _l("Fit"), "follow_up": _l("Follow-up"), "not_done": _l("Not done")}

TOLD = {
    "nothing": _l("Nothing"), "count": _l("How many have no booking"),
    "names": _l("Who has no booking"),
}  # fmt: skip

WAYS = {"page": _l("on their own page"), "paper": _l("on paper")}


def rhythm(schedule: HealthSchedule) -> str:
    """Say how often a schedule asks."""
    if not schedule.every:
        return _("once")
    if schedule.every_unit == "day":
        return str(ngettext("every day", "every %(num)s days", schedule.every))
    return str(ngettext("every month", "every %(num)s months", schedule.every))


def meant(told: Mapping[str, Any], units: Mapping[int, Unit]) -> list[str]:
    """Say whom a filter means, a phrase a condition."""
    said = []
    if told.get("off_campus"):
        said.append(_("living in none of our buildings"))
    if told.get("hazard_posts"):
        said.append(_("in posts with hazards to health"))
    if names := told.get("buildings"):
        said.append(_("living in %(names)s", names=", ".join(names)))
    if ids := told.get("units"):
        known = (units[each] for each in ids if each in units)
        names = ", ".join(in_reader_language(unit.name_zh, unit.name_en) for unit in known)
        said.append(_("of %(names)s", names=names))
    for name in ("identities", "categories"):
        if values := told.get(name):
            said.append(", ".join(_called(name, value) for value in values))
    if people := told.get("people"):
        said.append(
            ngettext("and %(num)s named person", "and %(num)s named people", len(people))
            if said
            else ngettext("%(num)s named person", "%(num)s named people", len(people))
        )
    return said or [_("everybody in service")]


def _called(name: str, value: str) -> str:
    if name == "identities":
        return str(words.named(words.CHOICES, ("identity", value)))
    return _("category %(letter)s", letter=value)
