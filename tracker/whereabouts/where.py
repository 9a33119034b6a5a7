"""Who is where on a day, for an emergency: names, rooms, telephones; no papers, no numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.models import FactVersion, Unit
from tracker.whereabouts import queries
from tracker.whereabouts.declaring import HOME
from tracker.whereabouts.models import Trip

#: Where somebody is: here (as far as anybody said), or away from what.
PLACES = ("here", "campus", "city", "country")
_STAFF = ("active", "on_leave")


@dataclass(frozen=True, slots=True)
class Where:
    """One person on one day. `late`: should have been back before, and did not say so."""

    person_id: int
    name_zh: str | None
    name_en: str | None
    nationality: str
    unit_zh: str
    unit_en: str
    lives: str
    phone: str
    trip: Trip | None = None
    late: bool = False

    @property
    def place(self) -> str:
        """Where they are."""
        return self.trip.scope if self.trip else "here"

    @property
    def country(self) -> str:
        """The country they are in."""
        return self.trip.country if self.trip else HOME


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them are asked for; empty: all."""

    unit: str = ""
    building: str = ""
    country: str = ""
    place: str = ""

    def takes(self, each: Where) -> bool:
        """Tell whether somebody is among those asked for; `place` "away" is anywhere but here."""
        if self.place == "away" and each.trip is None:
            return False
        return (
            self.place in ("", "away", each.place) and self.unit in ("", each.unit_zh)
            and self.country in ("", each.country) and each.lives.startswith(self.building)
        )  # fmt: skip


def everybody(day: date, *, today: date) -> list[Where]:
    """Return all staff on a day: those away first, by country; then by where they live."""
    units = {zh: en for zh, en in db.session.execute(sa.select(Unit.name_zh, Unit.name_en))}  # noqa: C416
    trips = {trip.person_id: trip for trip in queries.on_day(day, today=today)}
    told = _told(day)
    found = [
        _where(person_id, profile, told["accommodation"].get(person_id, {}), units,
               trips.get(person_id), day)
        for person_id, profile in told["profile"].items()
        if profile.get("status", "active") in _STAFF
    ]  # fmt: skip
    return sorted(
        found,
        key=lambda each: (each.trip is None, each.country, each.lives, each.name_en or "",
                          each.person_id),
    )  # fmt: skip


def counts(found: Iterable[Where]) -> Mapping[str, int]:
    """Return how many are in each place, and how many did not say that they are back ("late")."""
    found = tuple(found)
    return Counter(each.place for each in found) + Counter("late" for each in found if each.late)


def countries(found: Iterable[Where]) -> list[tuple[str, int]]:
    """Return how many are in which foreign country, most first."""
    abroad = Counter(each.country for each in found if each.country != HOME)
    return sorted(abroad.items(), key=lambda pair: (-pair[1], pair[0]))


def buildings(found: Sequence[Where]) -> list[str]:
    """Return where people live, to choose from."""
    return sorted({each.lives for each in found if each.lives})


def _told(day: date) -> dict[str, dict[int, Mapping[str, Any]]]:
    """Return the profiles and lodgings in force on a day, by person."""
    fact = FactVersion
    rows = db.session.execute(
        sa.select(fact.person_id, fact.kind, fact.data)
        .where(
            fact.kind.in_(("profile", "accommodation")), fact.withdrawn_at.is_(None),
            fact.valid_from <= day, sa.or_(fact.valid_to.is_(None), fact.valid_to > day),
        )
        .order_by(fact.id)
    )  # fmt: skip
    told: dict[str, dict[int, Mapping[str, Any]]] = {"profile": {}, "accommodation": {}}
    for person_id, kind, data in rows:
        told[kind][person_id] = data
    return told


def _where(
    person_id: int, profile: Mapping[str, Any], lodging: Mapping[str, Any],
    units: Mapping[str, str | None], trip: Trip | None, day: date,
) -> Where:  # fmt: skip
    lives = " ".join(lodging[name] for name in ("building", "address") if lodging.get(name))
    unit = profile.get("unit") or ""
    return Where(
        person_id, profile.get("name_zh"), profile.get("name_en"), profile["nationality"], unit,
        units.get(unit) or unit, lives or profile.get("address") or "", profile.get("phone") or "",
        trip, late=trip is not None and trip.returned_on is None and trip.returns_on < day,
    )  # fmt: skip
