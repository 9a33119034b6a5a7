"""The record of imports: what was read, what it changed, whether it was undone. Flushes only."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict, NotFound
from tracker.core.i18n import gettext as _
from tracker.facts.models import ImportBatch

_IMPORTS = 815002  # the lock that keeps two imports from adding the same person twice


def broken_off(sha256: str) -> int | None:
    """Return the import of this very file that did not come to its end."""
    return db.session.scalar(
        sa.select(ImportBatch.id)
        .where(
            ImportBatch.sha256 == sha256, ImportBatch.finished_at.is_(None),
            ImportBatch.undone_at.is_(None),
        )
        .order_by(ImportBatch.id)
        .limit(1)
    )  # fmt: skip


def open_batch(*, filename: str, sha256: str, by: str, at: datetime) -> int:
    """Begin an import, or take up the one of the same file that was broken off or still runs."""
    known = broken_off(sha256)
    if known is not None:
        return known
    batch = ImportBatch(
        filename=filename[:200], sha256=sha256, imported_at=at, imported_by=by, counts={}
    )
    db.session.add(batch)
    db.session.flush()
    return batch.id


def note(batch_id: int, done: Mapping[str, int], so_far: Mapping[str, int]) -> None:
    """Add what a chunk changed; `so_far` are the rows this run has read.

    Of several runs over one file each adds what it changed; the later ones find that unchanged.
    Raises Conflict when the import was undone meanwhile.
    """
    batch = get(batch_id)
    if batch.undone_at is not None:
        raise Conflict(_("This import was undone while it ran. Import the file again."))
    counts = {name: batch.counts.get(name, 0) + done[name] for name in ("created", "updated")}
    rows, rejected = so_far["rows"], so_far["rejected"]
    unchanged = max(rows - rejected - sum(counts.values()), 0)
    batch.counts = {"rows": rows, **counts, "unchanged": unchanged, "rejected": rejected}
    db.session.flush()


def finish(batch_id: int, *, at: datetime) -> None:
    """Note that an import is through."""
    get(batch_id).finished_at = at
    db.session.flush()


def get(batch_id: int) -> ImportBatch:
    """Return an import; NotFound if there is none."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(f"There is no import {batch_id}. tracker import list shows them.")
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
