"""import roster, import undo, import list; export template, roster, inspections."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from tracker.accounts import audit
from tracker.cli.options import json_option, print_json
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import instant_text
from tracker.facts import batches, queries
from tracker.facts.models import ImportBatch
from tracker.inspections import archive
from tracker.roster import export, service, template
from tracker.roster import undo as undoing
from tracker.roster.judging import Judged
from tracker.roster.service import Report

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
BY = "command"


@click.group("import")
def import_group() -> None:
    """Take rosters in, and take them back."""


@import_group.command("roster")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@click.option("--hold", is_flag=True, help="Letters about newcomers wait for a decision.")
@json_option
@with_appcontext
def import_roster(file: Path, dry_run: bool, hold: bool, as_json: bool) -> None:
    """Import FILE (.xlsx, .xls, .csv). Rows with mistakes are left out and listed; exit code 1."""
    look = _print_changes if dry_run and not as_json else service.nothing
    if dry_run:
        report = service.examine(file, today=clock.today(), look=look, progress=_Progress())
    else:
        report = service.apply(
            file, filename=file.name, by=BY, today=clock.today(), now=clock.now(),
            hold=hold, progress=_Progress(),
        )  # fmt: skip
        if report.batch_id:
            _note("roster imported", report.batch_id, report.counts())
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)
    raise SystemExit(1 if report.rejected else 0)


@import_group.command("undo")
@click.argument("number", type=int)
@with_appcontext
def undo(number: int) -> None:
    """Take import NUMBER back, as far as nothing later builds on it."""
    done = undoing.undo(number, today=clock.today(), now=clock.now())
    _note("import undone", number, {"removed": done.removed, "ended": done.ended})
    click.echo(
        f"import {number} is undone: {done.removed} people removed, {done.restored} as before"
    )
    if done.ended:
        click.echo(f"{done.ended} had letters already; they stay on record as departed")


@import_group.command("list")
@json_option
@with_appcontext
def list_(as_json: bool) -> None:
    """Print all imports, the newest first."""
    found = batches.every()
    if as_json:
        print_json({"imports": [_as_json(batch) for batch in found]})
        return
    for batch in found:
        counts = ", ".join(f"{count} {name}" for name, count in batch.counts.items())
        at = instant_text(batch.imported_at, "en")
        state = _state(batch)
        click.echo(f"{batch.id:4}  {at}  {batch.filename}  {counts or 'nothing yet'}  {state}")


@click.group("export")
def export_group() -> None:
    """Write files for the office."""


@export_group.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_template(file: Path) -> None:
    """Write an empty roster workbook with drop-downs to FILE."""
    template.write(file, units=queries.unit_names())
    click.echo(f"{file}: fill it in and run tracker import roster {file.name}")


@export_group.command("roster")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_roster(file: Path) -> None:
    """Write everybody's papers to FILE (.xlsx), to be edited and imported again."""
    people = export.write(file)
    _note("roster exported", 0, {"people": people})
    click.echo(f"{file}: {people} people")


class _Progress:
    """Prints to standard error how far the rows are, at most once for each hundredth."""

    def __init__(self) -> None:
        self._shown = -1

    def __call__(self, rows: int, total: int) -> None:
        percent = min(100 * rows // max(total, 1), 100)
        if percent != self._shown:
            self._shown = percent
            end = "\r" if sys.stderr.isatty() else "\n"
            print(f"{rows:,} rows, {percent} %", end=end, file=sys.stderr, flush=True)


def _print_changes(judged: Judged) -> None:
    if judged.action in {"created", "updated"}:
        click.echo(f"row {judged.row}: {judged.label} {judged.action}")
        for change in judged.changes:
            for name, old, new in change.cells():
                click.echo(f"    {change.kind}.{name}: {_shown(old)} -> {_shown(new)}")


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def _print(report: Report) -> None:
    for each in report.rejected:
        click.echo(f"row {each.row}, {each.column or 'whole row'}: {each.message}", err=True)
    for notice in report.notices:
        click.echo(notice, err=True)
    click.echo(", ".join(f"{count} {name}" for name, count in report.counts().items()))
    if report.batch_id:
        click.echo(f"import {report.batch_id}; tracker import undo {report.batch_id} takes it back")


def _state(batch: ImportBatch) -> str:
    if batch.undone_at:
        return "undone"
    return "" if batch.finished_at else "broken off: import the same file again, or undo it"


def _as_json(batch: ImportBatch) -> dict[str, Any]:
    return {
        "id": batch.id, "filename": batch.filename, "by": batch.imported_by,
        "imported_at": batch.imported_at.isoformat(), "counts": batch.counts,
        "finished": batch.finished_at is not None, "undone": batch.undone_at is not None,
    }  # fmt: skip


def _note(action: str, number: int, details: dict[str, int]) -> None:
    subject = f"import:{number}" if number else "everybody"
    audit.record(actor=BY, action=action, subject=subject, at=clock.now(), details=details)
    db.session.commit()


@export_group.command("inspections")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_inspections(first: datetime, last: datetime, file: Path) -> None:
    """Write the inspections of a period to FILE, one archive: table, JSON, photos, signatures."""
    if last < first:
        raise click.UsageError("--to is before --from")
    size = 0
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise Conflict(file=f"{file} exists already. Name a new file.") from None
    with os.fdopen(descriptor, "wb") as target:
        for piece in archive.pieces(first.date(), last.date()):
            size += target.write(piece)
            db.session.commit()  # whoever writes meanwhile does not wait for the whole of it
    click.echo(f"{file}: {size} bytes")
