"""Take one import back: exactly what it did, and nothing if later entries stand on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker import pipeline
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.facts import batches, undoing
from tracker.outbox.models import Letter

CHUNK = 500


@dataclass(slots=True)
class Undone:
    """How many persons are gone, stay as departed for their letters' sake, are as before."""

    removed: int = 0
    ended: int = 0
    restored: int = 0


def undo(batch_id: int, *, today: date, now: datetime) -> Undone:
    """Undo an import, a chunk of persons a transaction; broken off, it can be called again.

    Persons it brought are removed; those who were written to stay as departed, without facts,
    so that what was sent keeps its addressee. Raises NotFound; Conflict when it was undone before
    or later entries build on it, and then changes nothing.
    """
    batch = batches.get(batch_id)
    if batch.undone_at is not None:
        raise Conflict(_("Import %(number)s was undone already.", number=batch_id))
    undoing.refuse_if_built_upon(batch_id)
    done = Undone()
    for person_ids in undoing.person_chunks(batch_id, CHUNK):
        brought = undoing.take_back(batch_id, person_ids, at=now)
        written_to = _written_to(brought)
        gone = [each for each in brought if each not in written_to]
        pipeline.forget(gone, now=now)
        undoing.remove_people(gone)
        kept = sorted(set(person_ids) - set(gone))
        if kept:
            pipeline.refresh(kept, today=today, now=now)
        db.session.commit()
        done.removed += len(gone)
        done.ended += len(written_to)
        done.restored += len(person_ids) - len(brought)
    batches.get(batch_id).undone_at = now
    db.session.commit()
    return done


def _written_to(person_ids: Sequence[int]) -> set[int]:
    keys = {f"person:{person_id}": person_id for person_id in person_ids}
    found = db.session.scalars(
        sa.select(Letter.recipient).where(Letter.recipient.in_(list(keys))).distinct()
    )
    return {keys[recipient] for recipient in found}
