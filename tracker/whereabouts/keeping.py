"""How long trips are kept (config/office.yaml), and what is deleted after that. Flushes only.

Where somebody was is sensitive personal data (Personal Information Protection Law, art. 28): it
goes when its purpose is achieved.
"""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from config import settings
from tracker.core.db import db
from tracker.rules import strict
from tracker.whereabouts.models import Trip
from tracker.whereabouts.register import PREFIX

SHORTEST, LONGEST = 30, 90


def kept_for(text: Any, *, name: str) -> timedelta:
    """Return how long a trip is kept after its end, of the section `whereabouts` of a file."""
    section = strict.Section(text, file=name, entry="whereabouts")
    days = section.whole("kept_days_after_return")
    section.done()
    if not SHORTEST <= days <= LONGEST:
        raise section.error(
            "kept_days_after_return", f"is {days}, which is not between {SHORTEST} and {LONGEST}",
            "Whereabouts are sensitive: keep them 30 to 90 days.",
        )  # fmt: skip
    return timedelta(days=days)


@cache
def office_keeps() -> timedelta:
    """Return how long this office keeps a trip after its end; RulesError if it says too long."""
    path = Path(settings.ROOT) / "config" / "office.yaml"
    return kept_for(strict.read(path)["whereabouts"], name=path.name)


def first_kept(today: date) -> date:
    """Return the first past day of which it can still be asked who was where."""
    return today - office_keeps()


def outlived(today: date) -> list[int]:
    """Return the trips to delete: kept long enough since the return.

    One whose return nobody confirmed counts from the planned day, and is kept the longest time.
    """
    returned = Trip.returned_on < today - office_keeps()
    called_off = sa.and_(Trip.cancelled_at.is_not(None), Trip.returns_on < today - office_keeps())
    forgotten = Trip.returns_on < today - timedelta(days=LONGEST)
    wanted = sa.select(Trip.id).where(sa.or_(returned, called_off, sa.and_(
        Trip.returned_on.is_(None), forgotten,
    )))  # fmt: skip
    return list(db.session.scalars(wanted.order_by(Trip.id)))


def purge(today: date) -> list[str]:
    """Delete the trips that are kept no longer; return what duties call them."""
    gone = outlived(today)
    if gone:
        db.session.execute(sa.delete(Trip).where(Trip.id.in_(gone)))
    return [f"{PREFIX}{trip_id}" for trip_id in gone]
