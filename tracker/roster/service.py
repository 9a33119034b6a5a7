"""Import a roster: show what it would change, take it in. Both ask the same judge.

An import is one batch, written some chunks a transaction, so that nobody waits long for the
database meanwhile. Rows with mistakes are left out and reported. One that is broken off leaves
whole rows and an unfinished batch; importing the same file again completes that batch, and can be
undone with it. What is on record already does not change, so nothing is there twice.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker import pipeline
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.garbage import uncollected
from tracker.facts import batches, queries
from tracker.facts.bulk import Origin
from tracker.obligations import service as obligations
from tracker.obligations.newcomers import Terms
from tracker.reminders import after_import
from tracker.roster import writing
from tracker.roster.apart import Wanted, opened
from tracker.roster.entering import Entry, entries
from tracker.roster.judging import Judge, Judged
from tracker.roster.rows import Rejection

#: Chunks of one transaction, at most: a page of the database that several touch is written once.
TOGETHER = 4
#: Seconds between two transactions, for whoever else wants to write.
BREATH = 0.03
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

    def add(self, judged: list[Judged]) -> Counter[str]:
        """Count the rows of a chunk; return how many were created, updated and so on."""
        counts = Counter(each.action for each in judged)
        self.rows += len(judged)
        self.created += counts["created"]
        self.updated += counts["updated"]
        self.unchanged += counts["unchanged"]
        self.rejected_rows += counts["rejected"]
        self.rejected += [rejection for each in judged for rejection in each.rejections]
        return counts

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
    with opened(path) as (head, chunks, _ready):
        judge = Judge(head, today=today)
        report = Report(notices=head.notices)
        for chunk in chunks:
            with uncollected():
                judged = judge.judge(chunk)
            db.session.rollback()
            report.add(judged)
            for each in judged:
                look(each)
            progress(report.rows, head.total)
    return report


def apply(
    path: Path, *, filename: str, by: str, today: date, now: datetime,
    hold: bool = False, look: Look = nothing, progress: Progress = nothing,
) -> Report:  # fmt: skip
    """Take a roster in, some chunks a transaction, obligations and reminders with it.

    `by` is who imports, as "recorded by" columns name them; `now` marks this run and no other.
    `hold`: the letters about newcomers wait until the office has decided about them.
    An import that changes nothing leaves no record; its `batch_id` is None.
    Raises Invalid, before anything is written, for a file of another kind.
    """
    run = _Run(filename=filename, sha256=_digest(path), by=by, today=today, now=now, hold=hold)
    # Whoever looks wants to see changes; nobody needs them to write what was prepared.
    wanted = Wanted(run.terms(), queries.how_many()) if look is nothing else None
    db.session.rollback()
    with opened(path, wanted) as (head, chunks, ready):
        judge = Judge(head, today=today)
        run.report.notices = head.notices
        run.report.batch_id = batches.broken_off(run.sha256)
        db.session.rollback()
        for number, chunk in enumerate(chunks, 1):
            with uncollected():
                batches.wait_for_turn()
                terms = run.terms()
                prepared = wanted is not None and wanted.terms == terms
                judged = judge.judge(chunk if prepared else chunk._replace(fresh=()))
                run.take_in(judged, terms)
            for each in judged:
                look(each)
            if number % TOGETHER == 0 or not ready():
                db.session.commit()
                progress(run.report.rows, head.total)
                time.sleep(BREATH)
    if run.report.batch_id:
        batches.finish(run.report.batch_id, at=now)
    db.session.commit()
    progress(run.report.rows, head.total)
    return run.report


@dataclass(slots=True, kw_only=True)
class _Run:
    """One import under way: of which file, by whom, when, and what came of it so far."""

    filename: str
    sha256: str
    by: str
    today: date
    now: datetime
    hold: bool
    report: Report = field(default_factory=Report)

    def terms(self) -> Terms:
        """Return by what newcomers are reckoned; an office may change it while an import runs."""
        return obligations.terms(today=self.today, told_on=campus_day(self.now))

    def take_in(self, judged: list[Judged], terms: Terms) -> None:
        """Write what the rows of a chunk do, and what follows from it. Flushes only."""
        counts = self.report.add(judged)
        if counts["created"] or counts["updated"]:
            self._write(judged, terms)
        if self.report.batch_id:
            batches.note(self.report.batch_id, counts, self.report.counts())

    def _write(self, judged: list[Judged], terms: Terms) -> None:
        batch_id = self.report.batch_id or batches.open_batch(
            filename=self.filename, sha256=self.sha256, by=self.by, at=self.now
        )
        self.report.batch_id = batch_id
        origin = Origin(by=self.by, at=self.now, batch_id=batch_id)
        known = writing.change([each for each in judged if each.action == "updated"], origin)
        if known:
            pipeline.refresh(known, today=self.today, now=self.now)
        new = [each for each in judged if each.action == "created"]
        ids = writing.add(_entries(new, terms), origin, today=self.today)
        if self.hold:
            after_import.hold_new(ids, origin.batch_id, by=self.by, at=self.now)


def _entries(rows: list[Judged], terms: Terms) -> list[Entry]:
    """Return what new people bring: as it was prepared, or made now."""
    made = iter(entries([each.changes for each in rows if each.entry is None], terms))
    return [each.entry or next(made) for each in rows]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
