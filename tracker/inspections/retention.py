"""How long inspections stay (kinds.yaml), and their deletion: once a day. Flushes only.

What held something graded major stays for good. What operations told goes with the inspection;
photos of what failed stay, because the register of hazards shows them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.core.db import db
from tracker.files import photos
from tracker.inspections.kinds import catalogue
from tracker.inspections.models import (
    Inspection,
    InspectionEntry,
    InspectionOp,
    InspectionSignature,
)
from tracker.inspections.queries import span
from tracker.rules.counting import add_months

#: Of one run, so that none takes long; the next day goes on.
MOST = 500


@dataclass(frozen=True, slots=True)
class Purged:
    """How many inspections went, by kind, and the photos to drop from the store afterwards."""

    kinds: dict[str, int]
    files: Sequence[str]


def purge(*, today: date) -> Purged:
    """Delete the inspections whose time is over by `today`; cheap when there are none."""
    old = sa.or_(
        *(
            sa.and_(
                Inspection.kind == kind.key,
                Inspection.started_at < span(add_months(today, -kind.keep), today)[0],
            )
            for kind in catalogue().kinds.values()
        )
    )
    rows = db.session.execute(
        sa.select(Inspection.id, Inspection.kind)
        .where(old, sa.or_(Inspection.worst.is_(None), Inspection.worst != "M"))
        .order_by(Inspection.started_at)
        .limit(MOST)
    ).all()
    if not rows:
        return Purged({}, ())
    ids = [row.id for row in rows]
    files = photos.discard(photos.arrived(_photos_to_drop(ids)).values())
    for table, column in (
        (InspectionEntry, InspectionEntry.inspection_id),
        (InspectionSignature, InspectionSignature.inspection_id),
        (InspectionOp, InspectionOp.inspection),
        (Inspection, Inspection.id),
    ):
        db.session.execute(sa.delete(table).where(column.in_(ids)))
    return Purged(dict(Counter(row.kind for row in rows)), files)


def _photos_to_drop(inspection_ids: Sequence[str]) -> set[str]:
    found: dict[bool, set[str]] = {True: set(), False: set()}
    entries = db.session.execute(
        sa.select(InspectionEntry.result, InspectionEntry.photos).where(
            InspectionEntry.inspection_id.in_(inspection_ids)
        )
    )
    for result, named in entries:
        found[result == "fail"].update(named)
    return found[False] - found[True]
