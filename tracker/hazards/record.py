"""Put what happened to a hazard on record. Flushes only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, Stale
from tracker.core.i18n import gettext as _
from tracker.hazards.models import Hazard, HazardEvent

#: Of one event.
MOST_PHOTOS = 20
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did something, when it was, when we learned of it, why, with which pictures."""

    by: int | None
    at: datetime
    now: datetime
    note: str = ""
    photos: tuple[str, ...] = ()


def note(
    hazard: Hazard, kind: str, deed: Deed, *, was: str | None = None,
    data: Mapping[str, Any] = _NOTHING, key: str | None = None,
) -> HazardEvent:  # fmt: skip
    """Add an event to a hazard's history; `was`: the state before, if it changed."""
    event = HazardEvent(
        hazard_id=hazard.id, kind=kind, at=deed.at, recorded_at=deed.now, account_id=deed.by,
        from_state=was, to_state=hazard.state, note=deed.note.strip()[:1000],
        photos=list(deed.photos)[:MOST_PHOTOS], data=dict(data), key=key,
    )  # fmt: skip
    db.session.add(event)
    # Counted by the database: two changes at once count twice.
    hazard.revision = Hazard.revision + 1
    db.session.flush()
    return event


def move(
    hazard: Hazard, to: str, kind: str, deed: Deed, data: Mapping[str, Any] = _NOTHING
) -> HazardEvent:
    """Bring a hazard into a state, and put on record what did it."""
    was, hazard.state = hazard.state, to
    if was != to:
        hazard.state_at = deed.at
    return note(hazard, kind, deed, was=was if was != to else None, data=data)


def for_change(hazard_id: int, *, expected: int | None = None) -> Hazard:
    """Return a hazard kept from other editors; Stale if it was changed since it was read."""
    hazard = db.session.scalar(
        sa.select(Hazard)
        .where(Hazard.id == hazard_id)
        .with_for_update(of=Hazard)
        .execution_options(populate_existing=True)
    )
    if hazard is None:
        raise NotFound
    if expected is not None and hazard.revision != expected:
        raise Stale(
            _("Somebody changed this hazard meanwhile. Read it again."), current=hazard.revision
        )
    return hazard


def required(field: str, text: str, message: str) -> str:
    """Return a text trimmed; Invalid if nothing is left."""
    if not text.strip():
        raise Invalid(**{field: message})
    return text.strip()
