"""Schedules: made, changed, ended. Flushes only; the caller refreshes who was and is meant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, Stale
from tracker.core.i18n import gettext as _
from tracker.facts import kinds
from tracker.health.models import KINDS, TOLD, UNITS, HealthRound, HealthSchedule

#: A schedule that runs longer is made anew, with its ground looked at again.
LONGEST = timedelta(days=3700)
MOST_ROUNDS = 500
#: What a filter may say (tracker/health/meant.py).
FLAGS = ("off_campus", "hazard_posts")
LISTS = ("buildings", "units", "identities", "categories", "people")
_COUNTERS = {"day": 1, "month": 28}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A schedule as somebody wants it."""

    title_zh: str
    title_en: str
    kind: str
    starts_on: date
    ends_on: date
    basis: str
    citation: str
    by_law: bool = False
    every: int | None = None
    every_unit: str | None = None
    tell_units: str = "nothing"
    meant: Mapping[str, Any] = field(default_factory=dict)


def get(schedule_id: int) -> HealthSchedule:
    """Return a schedule; NotFound if there is none."""
    found = db.session.get(HealthSchedule, schedule_id)
    if found is None:
        raise NotFound(_("There is no such schedule."))
    return found


def everything() -> list[HealthSchedule]:
    """Return all schedules, those that run longest first."""
    return list(
        db.session.scalars(
            sa.select(HealthSchedule).order_by(HealthSchedule.ends_on.desc(), HealthSchedule.id)
        )
    )


def create(wish: Wish, *, by: str, at: datetime) -> HealthSchedule:
    """Make a schedule; Invalid names each field that keeps it from being one."""
    _require_sound(wish)
    made = HealthSchedule(**_columns(wish), created_at=at, created_by=by)
    db.session.add(made)
    db.session.flush()
    return made


def change(schedule: HealthSchedule, wish: Wish, *, expected: int) -> None:
    """Change a schedule; its days stay once something is recorded, only the end moves.

    Stale if somebody changed it since `expected`.
    """
    if schedule.revision != expected:
        raise Stale(
            _("Somebody changed this schedule meanwhile. Look at it again."),
            current=schedule.revision,
        )
    _require_sound(wish)
    rhythm = ("starts_on", "every", "every_unit")
    moved = [name for name in rhythm if getattr(wish, name) != getattr(schedule, name)]
    if moved and _touched(schedule.id):
        raise Invalid(
            starts_on=_("Rounds of it are recorded, so its days stay. End it and make another.")
        )
    for name, value in _columns(wish).items():
        setattr(schedule, name, value)
    schedule.revision += 1
    schedule.counted_on = None
    db.session.flush()


def _columns(wish: Wish) -> dict[str, Any]:
    columns = {each.name: getattr(wish, each.name) for each in fields(wish)}
    told = {name: wish.meant.get(name) for name in (*FLAGS, *LISTS)}
    return columns | {"meant": {name: value for name, value in told.items() if value}}


def _touched(schedule_id: int) -> bool:
    some = sa.exists().where(HealthRound.schedule_id == schedule_id)
    return bool(db.session.scalar(sa.select(some)))


def _require_sound(wish: Wish) -> None:
    wrong: dict[str, list[str]] = {}
    for name, longest in (("title_zh", 80), ("title_en", 120), ("basis", 300), ("citation", 200)):
        if not 1 <= len(getattr(wish, name).strip()) <= longest:
            wrong[name] = [_("Fill this in, with at most %(count)s characters.", count=longest)]
    if "basis" in wrong or "citation" in wrong:
        wrong.setdefault("basis", []).append(
            _("Nobody is examined without a ground: say it, and where it is written.")
        )
    _choose(wrong, "kind", wish.kind, KINDS)
    _choose(wrong, "tell_units", wish.tell_units, TOLD)
    _choose(wrong, "every_unit", wish.every_unit, (None, *UNITS))
    _check_days(wish, wrong)
    if unknown := set(wish.meant) - {*FLAGS, *LISTS}:
        wrong["meant"] = [_("%(names)s is no part of a filter.", names=", ".join(sorted(unknown)))]
    if set(wish.meant.get("identities") or ()) - set(kinds.IDENTITIES):
        wrong["identities"] = [_("Choose one of the list.")]
    if wrong:
        raise Invalid.from_messages(wrong)


def _choose(
    wrong: dict[str, list[str]], name: str, value: str | None, choices: Collection[str | None]
) -> None:
    if value not in choices:
        wrong[name] = [_("Choose one of the list.")]


def _check_days(wish: Wish, wrong: dict[str, list[str]]) -> None:
    if not wish.starts_on <= wish.ends_on <= wish.starts_on + LONGEST:
        wrong["ends_on"] = [
            _("Give an end from the first day on, at most ten years later: no examination is "
              "asked for without one.")
        ]  # fmt: skip
    if (wish.every is None) != (wish.every_unit is None) or (wish.every is not None and not
                                                              1 <= wish.every <= 366):  # fmt: skip
        wrong["every"] = [_("Give a whole number of days or months, or neither for a single one.")]
    elif wish.every and wish.every_unit in _COUNTERS:
        apart = timedelta(days=wish.every * _COUNTERS[wish.every_unit])
        if (wish.ends_on - wish.starts_on) / apart > MOST_ROUNDS:
            wrong["every"] = [
                _("These are more than %(most)s rounds: give an earlier end.", most=MOST_ROUNDS)
            ]
