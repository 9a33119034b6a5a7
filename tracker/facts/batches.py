"""The record of imports: what was read, what it changed, whether it was undone. Flushes only."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict, NotFound
from tracker.facts.models import ImportBatch

_IMPORTS = 815002  # the lock that keeps two imports from adding the same person twice


def open_batch(*, filename: str, sha256: str, by: str, at: datetime) -> ImportBatch:
    """Begin an import, or take up the one of the same file that was broken off."""
    batch = db.session.scalar(
        sa.select(ImportBatch)
        .where(
            ImportBatch.sha256 == sha256, ImportBatch.finished_at.is_(None),
            ImportBatch.undone_at.is_(None),
        )
        .order_by(ImportBatch.id)
        .limit(1)
    )  # fmt: skip
    if batch is None:
        batch = ImportBatch(
            filename=filename[:200], sha256=sha256, imported_at=at, imported_by=by, counts={}
        )
        db.session.add(batch)
        db.session.flush()
    return batch


def note(batch: ImportBatch, before: Mapping[str, int], counts: Mapping[str, int]) -> None:
    """Keep the numbers of rows so far; `before` are those of the run that was broken off.

    What that run had changed, this one finds unchanged.
    """
    sums = {name: counts[name] + before.get(name, 0) for name in ("created", "updated")}
    done = sum(before.get(name, 0) for name in sums)
    unchanged = max(counts["unchanged"] - done, 0)
    batch.counts = {**counts, **sums, "unchanged": unchanged}
    db.session.flush()


def finish(batch: ImportBatch, *, at: datetime) -> bool:
    """Note that an import is through; forget one that changed nothing and return False."""
    if batch.counts.get("created") or batch.counts.get("updated"):
        batch.finished_at = at
    else:
        db.session.delete(batch)
    db.session.flush()
    return batch.finished_at is not None


def get(batch_id: int) -> ImportBatch:
    """Return an import; NotFound if there is none."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(f"There is no import {batch_id}. tracker import list shows them.")
    return batch


def still_open(batch_id: int) -> ImportBatch:
    """Return an import that is running; Conflict when it was undone meanwhile."""
    batch = get(batch_id)
    if batch.undone_at is not None:
        raise Conflict("This import was undone while it ran. Import the file again.")
    return batch


def every() -> list[ImportBatch]:
    """Return all imports, the newest first."""
    return list(db.session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc())))


def wait_for_turn() -> None:
    """Let one import at a time look for a person and add them; until the transaction ends.

    SQLite lets one transaction write at a time anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_IMPORTS)))
