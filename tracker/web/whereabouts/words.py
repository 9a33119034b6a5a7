"""How trips are called on pages, and the boxes of their form."""

from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.accounts import audit
from tracker.roster import countries
from tracker.web import language, pages, words
from tracker.web.editing.boxes import Box
from tracker.whereabouts.declaring import HOME
from tracker.whereabouts.models import PURPOSES, SCOPES, Trip

#: What somebody is away from, as it is chosen and as lists call it.
SCOPE: dict[str, Any] = {
    "campus": _l("Away from campus, in this city"), "city": _l("Another place in China"),
    "country": _l("Abroad, or Hong Kong, Macau, Taiwan"),
}  # fmt: skip
PLACE: dict[str, Any] = {
    "here": _l("Here"), "campus": _l("Away from campus"), "city": _l("Elsewhere in China"),
    "country": _l("Abroad"),
}  # fmt: skip
PURPOSE: dict[str, Any] = {
    "holiday": _l("Holiday"), "family": _l("Family visit"), "conference": _l("Conference"),
    "research": _l("Research stay"), "teaching": _l("Teaching elsewhere"), "other": _l("Other"),
}  # fmt: skip
VIEWS: dict[str, Any] = {
    "away": _l("Away today"), "late": _l("Return not confirmed"), "coming": _l("To come"),
    "over": _l("Over"),
}  # fmt: skip
STATES: dict[str, Any] = {
    "away": _l("away"), "late": _l("return not confirmed"), "coming": _l("to come"),
    "back": _l("back"), "cancelled": _l("called off"),
}  # fmt: skip


def boxes() -> list[Box]:
    """Return the boxes of the form by which a trip is declared."""
    return [
        Box("scope", str(_("Where to")), required=True, choices=_choices(SCOPES, SCOPE)),
        Box("leaves_on", str(_("First day away")), "date", required=True),
        Box("returns_on", str(_("Day of the return")), "date", required=True),
        Box("destination", str(_("City or place")), required=True, longest=120),
        Box("country", str(_("Country or region, if abroad")), suggestions=_countries(
            language.current()), longest=120),
        Box("contact", str(_("How to reach you meanwhile")), longest=120,
            hint=str(_("Telephone or e-mail, for an emergency."))),
        Box("purpose", str(_("Purpose of the trip")), required=True,
            choices=_choices(PURPOSES, PURPOSE)),
    ]  # fmt: skip


def given(form: Any) -> dict[str, str]:
    """Return what was typed, and the country by its code; what is no country stays as it is."""
    typed = {box.name: str(form.get(box.name, "")).strip() for box in boxes()}
    return typed | {"country": countries.alpha3(typed["country"]) or typed["country"]}


def shown(typed: dict[str, str]) -> dict[str, str]:
    """Return what stands in the boxes: the country by its name."""
    code = typed.get("country", "")
    return typed | {"country": pages.country(code) if code else ""}


def state(trip: Trip, today: Any) -> str:
    """Return how a trip stands."""
    if trip.cancelled_at is not None:
        return "cancelled"
    if trip.returned_on is not None:
        return "back"
    if trip.leaves_on > today:
        return "coming"
    return "late" if trip.returns_on < today else "away"


def by(trip: Trip) -> str:
    """Return who declared a trip."""
    if trip.declared_by == "link":
        return str(_("by personal link"))
    return audit.name_of(trip.declared_by)


def where(trip: Trip) -> str:
    """Say where a trip leads."""
    if trip.country == HOME:
        return trip.destination
    return f"{trip.destination}, {pages.country(trip.country)}"


def _choices(names: tuple[str, ...], labels: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, words.named(labels, name)) for name in names)


@cache
def _countries(_language: str) -> tuple[str, ...]:
    every = {pages.country(code) for code in countries.ALPHA3.values() if code != HOME}
    return tuple(sorted(every))
