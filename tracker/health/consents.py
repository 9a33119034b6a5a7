"""The separate consent to health data (PIPL 29): its wordings, given, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from config import settings
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.i18n import gettext as _
from tracker.health import retention
from tracker.health.models import HealthConsent, HealthRound, HealthSchedule

WAYS = ("page", "paper")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is consented to: a version with its text in both languages, in use from a day on."""

    version: str
    since: date
    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@cache
def wordings() -> tuple[Wording, ...]:
    """Return every wording there has been, the oldest first (config/consents.yaml)."""
    content = yaml.safe_load(
        (Path(settings.ROOT) / "config" / "consents.yaml").read_text("utf-8")
    )  # fmt: skip
    found = [
        Wording(str(each["version"]), each["from"], each["zh"].strip(), each["en"].strip())
        for each in content["health"]
    ]
    return tuple(sorted(found, key=lambda each: each.since))


def wording(version: str = "", *, on: date) -> Wording:
    """Return a version, or the one in use on a day; Invalid if there is none."""
    for each in reversed(wordings()):
        if each.version == version or (not version and each.since <= on):
            return each
    raise Invalid(version=_("There is no such wording."))


def of_person(person_id: int) -> list[HealthConsent]:
    """Return every consent of a person, the newest first."""
    return list(
        db.session.scalars(
            sa.select(HealthConsent)
            .filter_by(person_id=person_id)
            .order_by(HealthConsent.id.desc())
        )
    )


def standing(person_id: int) -> HealthConsent | None:
    """Return the consent in force of a person."""
    return next((each for each in of_person(person_id)[:1] if each.withdrawn_on is None), None)


def withdrawn(ids: Sequence[int]) -> list[int]:
    """Return who of these took the consent back and has not given it again."""
    newest = (
        sa.select(sa.func.max(HealthConsent.id))
        .group_by(HealthConsent.person_id)
        .where(HealthConsent.person_id.in_(ids))
    )
    return list(
        db.session.scalars(
            sa.select(HealthConsent.person_id).where(
                HealthConsent.id.in_(newest), HealthConsent.withdrawn_on.is_not(None)
            )
        )
    )


def given(ids: Sequence[int]) -> set[int]:
    """Return who of these has a consent in force."""
    return set(
        db.session.scalars(
            sa.select(HealthConsent.person_id).where(
                HealthConsent.person_id.in_(ids), HealthConsent.withdrawn_on.is_(None)
            )
        )
    )


def give(
    person_id: int, *, version: str, language: str, way: str, on: date, by: str, at: datetime
) -> HealthConsent:
    """Record a consent with the very text; Conflict if one is in force. Flushes only."""
    if standing(person_id) is not None:
        raise Conflict(_("There is a consent in force already."))
    text = wording(version, on=on)
    if not text.since <= on:
        raise Invalid(given_on=_("This wording was not in use then."))
    if on > campus_day(at):
        raise Invalid(given_on=_("This day has not come yet."))
    given = HealthConsent(
        person_id=person_id, version=text.version, language=language, wording=text[language],
        given_on=on, way=way, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    db.session.add(given)
    db.session.flush()
    return given


def withdraw(person_id: int, *, on: date, by: str) -> date:
    """Take the consent back; return the day on which what it covered is deleted. Flushes only.

    From now on nobody reads those results, and bookings are gone at once.
    """
    given = standing(person_id)
    if given is None:
        raise Conflict(_("There is no consent in force."))
    given.withdrawn_on, given.withdrawn_by = on, by
    purge_on = on + timedelta(days=retention.keeping().after_withdrawal_days)
    covered: Any = sa.select(HealthSchedule.id).where(HealthSchedule.by_law.is_(False))
    for row in db.session.scalars(
        sa.select(HealthRound).where(
            HealthRound.person_id == person_id, HealthRound.schedule_id.in_(covered)
        )
    ):
        row.purge_on, row.booked_at, row.place, row.note = purge_on, None, "", ""
    db.session.flush()
    return purge_on
