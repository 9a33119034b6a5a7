"""How long results are kept, and their deletion: once a day. Flushes; the caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa
import yaml

from config import settings
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.files import service as files
from tracker.health.models import HealthRound

BY = "retention"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Days that a result is kept after the examination, and after a consent was withdrawn."""

    keep_results_days: int
    after_withdrawal_days: int


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted: how many rounds, and the files to drop from the store afterwards."""

    rounds: int
    files: Sequence[str]


@cache
def keeping() -> Keeping:
    """Return how long this office keeps results (config/office.yaml)."""
    path = Path(settings.ROOT) / "config" / "office.yaml"
    return Keeping(**yaml.safe_load(path.read_text("utf-8"))["health"])


def purge(*, today: date, now: datetime) -> Purged:
    """Delete what is to be deleted by `today`: cheap when there is nothing.

    Of an old round the day of the examination stays; of a withdrawn consent nothing does.
    """
    dropped: list[str] = []
    withdrawn = db.session.scalars(
        sa.select(HealthRound).where(
            HealthRound.purge_on.is_not(None), HealthRound.purge_on <= today
        )
    ).all()
    for row in withdrawn:
        dropped += without_file(row, by=BY, at=now)
        db.session.delete(row)
    oldest = today - timedelta(days=keeping().keep_results_days)
    untouched_since = datetime.combine(oldest, time.min, CAMPUS)
    old = db.session.scalars(
        sa.select(HealthRound).where(
            sa.or_(
                HealthRound.done_on < oldest,
                sa.and_(HealthRound.done_on.is_(None), HealthRound.recorded_at < untouched_since),
            ),
            sa.or_(
                HealthRound.result.is_not(None), HealthRound.attachment_id.is_not(None),
                HealthRound.note != "", HealthRound.booked_at.is_not(None),
            ),
        )
    ).all()  # fmt: skip
    for row in old:
        dropped += without_file(row, by=BY, at=now)
        row.done_on = row.done_on if row.done else None
        row.result, row.note, row.place, row.booked_at = None, "", "", None
    db.session.flush()
    return Purged(len(withdrawn) + len(old), dropped)


def without_file(row: HealthRound, *, by: str, at: datetime) -> list[str]:
    """Take the certificate from a round; return the names to drop from the store."""
    kept = row.attachment
    row.attachment = None
    if kept is None or kept.removed_at is not None:
        return []
    return [files.remove(kept, by=by, at=at)]
