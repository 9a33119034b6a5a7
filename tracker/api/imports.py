"""Rosters: looked at, taken in, taken back."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields
from werkzeug.datastructures import FileStorage

from tracker.api import paging
from tracker.api.blueprint import Blueprint
from tracker.api.changes import actor, note
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import batches
from tracker.facts.models import ImportBatch
from tracker.roster import service
from tracker.roster import undo as undoing
from tracker.roster.judging import Judged
from tracker.web.access import OFFICE

bp = Blueprint("imports", "Rosters: looked at, taken in, taken back")
OF_IMPORT = "/imports/<id:import_id>"
#: So many changed rows are told one by one.
SHOWN = 1_000


class RosterFile(Schema):
    """A roster, .xlsx, .xls or .csv."""

    file = Upload(required=True)


class ImportQuery(Schema):
    """Whether it is only looked at."""

    dry_run = fields.Boolean(
        load_default=False,
        metadata={"description": "Tell exactly what would happen; change nothing."},
    )


class Counts(Schema):
    """Numbers of rows."""

    component = "ImportCounts"
    rows = fields.Integer()
    created = fields.Integer()
    updated = fields.Integer()
    unchanged = fields.Integer()
    rejected = fields.Integer()


class Rejected(Schema):
    """A cell, or a whole row, that was not taken."""

    component = "RejectedCell"
    row = fields.Integer(required=True)
    column = fields.String(required=True)
    message = fields.String(required=True)


class Cell(Schema):
    """A field before and after."""

    component = "ChangedField"
    kind = fields.String(required=True)
    field = fields.String(required=True)
    old = fields.String(required=True, allow_none=True)
    new = fields.String(required=True, allow_none=True)


class Row(Schema):
    """A row that makes or changes a person."""

    component = "ChangedRow"
    row = fields.Integer(required=True)
    label = fields.String(required=True)
    action = fields.String(required=True)
    person_id = fields.Integer(required=True, allow_none=True)
    fields_ = fields.List(fields.Nested(Cell), required=True, data_key="fields")


class ReportSchema(Schema):
    """What an import did, or would do."""

    component = "ImportReport"
    import_id = fields.Integer(required=True, allow_none=True)
    dry_run = fields.Boolean(required=True)
    counts = fields.Nested(Counts, required=True)
    rejected = fields.List(fields.Nested(Rejected), required=True)
    notices = fields.List(fields.String(), required=True)
    changes = fields.List(
        fields.Nested(Row), required=True,
        metadata={"description": f"The first {SHOWN} rows that change something."},
    )  # fmt: skip


class ImportSchema(Schema):
    """One import on record."""

    component = "Import"
    id = fields.Integer(required=True)
    filename = fields.String(required=True)
    imported_at = fields.AwareDateTime(required=True)
    imported_by = fields.String(required=True)
    counts = fields.Nested(Counts, required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    undone_at = fields.AwareDateTime(required=True, allow_none=True)


class UndoneSchema(Schema):
    """How many people are gone, stay as departed, are as before."""

    component = "Undone"
    removed = fields.Integer(required=True)
    ended = fields.Integer(required=True)
    restored = fields.Integer(required=True)


@bp.read("/imports", ImportSchema(many=True), scope="imports:read", to=OFFICE,
         query=paging.Paged(), headers=paging.HEADERS)  # fmt: skip
def list_imports(query: dict[str, Any]) -> Any:
    """List imports, the newest first."""
    found = batches.every()
    offset, limit = paging.bounds(query)
    return found[offset : offset + limit], paging.headers(query, len(found))


@bp.read(OF_IMPORT, ImportSchema(), scope="imports:read", to=OFFICE)
def read_import(import_id: int) -> ImportBatch:
    """Read one import."""
    return batches.get(import_id)


@bp.upload("/imports", ReportSchema(), scope="imports:write", to=OFFICE, query=ImportQuery(),
           files=RosterFile())  # fmt: skip
def import_roster(query: dict[str, Any], files: dict[str, FileStorage]) -> Any:
    """Take a roster in, or with dry_run tell what it would do.

    Rows with mistakes are left out and told. The same file again changes nothing, so it needs no
    key; one that was broken off is completed by sending it again.
    """
    by, seen = actor(), _Seen()
    with _kept(files["file"]) as (path, filename):
        db.session.rollback()  # an import has transactions of its own
        if query["dry_run"]:
            report = service.examine(path, today=clock.today(), look=seen)
        else:
            report = service.apply(
                path, filename=filename, by=by, today=clock.today(), now=clock.now(), look=seen
            )
    if report.batch_id is not None and not query["dry_run"]:
        note("roster imported", f"import:{report.batch_id}", **report.counts())
        db.session.commit()
    return {
        "import_id": report.batch_id, "dry_run": query["dry_run"], "counts": report.counts(),
        "rejected": report.rejected, "notices": report.notices, "changes": seen.rows,
    }  # fmt: skip


@bp.write("POST", OF_IMPORT + "/undo", UndoneSchema(), scope="imports:write", to=OFFICE)
def undo_import(import_id: int) -> Any:
    """Take an import back, as far as nothing later builds on it."""
    done = undoing.undo(import_id, today=clock.today(), now=clock.now())
    note("import undone", f"import:{import_id}", removed=done.removed, ended=done.ended)
    return done


class _Seen:
    """Keeps the first rows that change something."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def __call__(self, judged: Judged) -> None:
        if judged.action in {"created", "updated"} and len(self.rows) < SHOWN:
            self.rows.append({
                "row": judged.row, "label": judged.label, "action": judged.action,
                "person_id": judged.person_id, "fields_": [
                    {"kind": change.kind, "field": name, "old": _text(old), "new": _text(new)}
                    for change in judged.changes
                    for name, old, new in change.cells()
                ],
            })  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


@contextmanager
def _kept(sent: FileStorage) -> Iterator[tuple[Path, str]]:
    """Keep what was sent on disk for a while; yields where, and what it was called."""
    name = (sent.filename or "roster").replace("\\", "/").rpartition("/")[2].replace("\0", "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"roster{Path(name).suffix[:5].lower()}"
        sent.save(path)
        yield path, name[:200] or "roster"
