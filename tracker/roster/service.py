"""Import a roster: show what it would change, take it in. Both ask the same judge.

An import is one batch, written a chunk a transaction, so that nobody waits for the database
meanwhile. Rows with mistakes are left out and reported. One that is broken off leaves whole rows
and an unfinished batch; importing the same file again completes that batch, and can be undone with
it. What is on record already does not change, so nothing is there twice.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker import pipeline
from tracker.core.db import db
from tracker.facts import batches
from tracker.facts.bulk import Origin
from tracker.reminders import after_import
from tracker.roster.judging import Judge, Judged
from tracker.roster.rows import Rejection
from tracker.roster.tables import Roster
from tracker.roster.writing import write

CHUNK = 1_000

#: Called with the rows read so far and an estimate of all.
Progress = Callable[[int, int], None]
Look = Callable[[Judged], None]


@dataclass(slots=True)
class Report:
    """What an import did, or would do. `rows` is the sum of the counts and the rejected rows."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected_rows: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    batch_id: int | None = None

    def add(self, judged: list[Judged]) -> None:
        """Count the rows of a chunk."""
        counts = Counter(each.action for each in judged)
        self.rows += len(judged)
        self.created += counts["created"]
        self.updated += counts["updated"]
        self.unchanged += counts["unchanged"]
        self.rejected_rows += counts["rejected"]
        self.rejected += [rejection for each in judged for rejection in each.rejections]

    def counts(self) -> dict[str, int]:
        """Return the numbers of rows that a batch keeps."""
        return {
            "rows": self.rows, "created": self.created, "updated": self.updated,
            "unchanged": self.unchanged, "rejected": self.rejected_rows,
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return what `tracker import roster --json` prints."""
        rejected = [
            {"row": each.row, "column": each.column, "message": each.message}
            for each in self.rejected
        ]
        return self.counts() | {"rejected": rejected}


def nothing(*_args: Any) -> None:
    """Look at nothing, tell of nothing."""
    return


def examine(
    path: Path, *, today: date, look: Look = nothing, progress: Progress = nothing
) -> Report:
    """Return exactly what apply() would do; `look` is called with every row. Writes nothing.

    Ends the session's transaction after each chunk. Raises Invalid for a file of another kind.
    """
    roster = Roster(path)
    judge = Judge(roster, today=today)
    report = Report(notices=roster.notices)
    for lines in roster.chunks(CHUNK):
        judged = judge.judge(lines)
        db.session.rollback()
        report.add(judged)
        for each in judged:
            look(each)
        progress(report.rows, roster.total)
    return report


def apply(
    path: Path, *, filename: str, by: str, today: date, now: datetime,
    hold: bool = False, look: Look = nothing, progress: Progress = nothing,
) -> Report:  # fmt: skip
    """Take a roster in, a chunk a transaction, obligations and reminders with it.

    `by` is who imports, as "recorded by" columns name them; `now` marks this run and no other.
    `hold`: the letters about newcomers wait until the office has decided about them.
    Raises Invalid, before anything is written, for a file of another kind.
    """
    roster = Roster(path)
    judge = Judge(roster, today=today)
    batch = batches.open_batch(filename=filename, sha256=_digest(path), by=by, at=now)
    report = Report(notices=roster.notices, batch_id=batch.id)
    origin, before = Origin(by=by, at=now, batch_id=batch.id), batch.counts
    db.session.commit()
    for lines in roster.chunks(CHUNK):
        batches.wait_for_turn()
        batch = batches.still_open(origin.batch_id)
        judged = judge.judge(lines)
        newcomers, known = write(judged, origin)
        pipeline.welcome(newcomers, today=today, now=now)
        pipeline.refresh(known, today=today, now=now)
        if hold:
            ids = [newcomer.id for newcomer in newcomers]
            after_import.hold_new(ids, origin.batch_id, by=by, at=now)
        report.add(judged)
        batches.note(batch, before, report.counts())
        db.session.commit()
        for each in judged:
            look(each)
        progress(report.rows, roster.total)
    if not batches.finish(batches.still_open(origin.batch_id), at=now):
        report.batch_id = None
    db.session.commit()
    return report


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
