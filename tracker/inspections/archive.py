"""A period's inspections as one archive: a table, everything as JSON, photos and signatures.

Written piece by piece, so that a year of photos needs no more memory than one of them.
"""

import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO, RawIOBase
from typing import Any

import sqlalchemy as sa
import xlsxwriter
from sqlalchemy.orm import joinedload

from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.files import photos, store
from tracker.housing.models import Room
from tracker.inspections import templates
from tracker.inspections.kinds import catalogue
from tracker.inspections.models import (
    BuildingTest,
    Inspection,
    InspectionEntry,
    InspectionSignature,
)
from tracker.inspections.queries import span

COLUMNS = (
    "inspection", "building", "room", "kind", "started", "finished", "received", "inspectors",
    "accompanied_by", "item", "title", "place", "result", "severity", "note", "photos",
)  # fmt: skip
#: Inspections read at a time.
CHUNK = 50


def pieces(first: date, last: date) -> Iterator[bytes]:
    """Yield the bytes of the archive of what began on the days from `first` to `last`."""
    target = _Pipe()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        rows: list[list[str]] = []
        named: list[str] = []
        for inspection in _inspections(first, last):
            told = _told(inspection)
            rows += _rows(told)
            named += [photo for entry in told["entries"] for photo in entry["photos"]]
            archive.writestr(f"inspections/{inspection.id}.json", _json(told))
            for signature in _signatures(inspection.id):
                archive.writestr(f"signatures/{signature.id}.png", signature.image)
            yield target.taken()
        archive.writestr("tests.json", _json(_tests(first, last)))
        archive.writestr("inspections.xlsx", _sheet(rows))
        yield target.taken()
        for name in dict.fromkeys(named):
            photo = photos.find(name)
            path = store.path_of(photo.stored_as, under=store.PHOTOS) if photo else None
            if path is not None and path.exists():
                archive.writestr(f"photos/{name}.jpg", path.read_bytes())
                yield target.taken()
    yield target.taken()


def _inspections(first: date, last: date) -> Iterator[Inspection]:
    begins, ends = span(first, last)
    ids = db.session.scalars(
        sa.select(Inspection.id)
        .where(Inspection.started_at >= begins, Inspection.started_at < ends)
        .order_by(Inspection.started_at, Inspection.id)
    ).all()
    for start in range(0, len(ids), CHUNK):
        yield from db.session.scalars(
            sa.select(Inspection)
            .where(Inspection.id.in_(ids[start : start + CHUNK]))
            .options(joinedload(Inspection.building), joinedload(Inspection.room))
            .order_by(Inspection.started_at, Inspection.id)
        )


def _told(row: Inspection) -> dict[str, Any]:
    template = templates.get(row.template_id)
    entries = db.session.execute(
        sa.select(InspectionEntry, Room.number)
        .join(Room, Room.id == InspectionEntry.room_id, isouter=True)
        .where(InspectionEntry.inspection_id == row.id)
        .order_by(InspectionEntry.place, InspectionEntry.item)
    )
    signatures = _signatures(row.id)
    return {
        "id": row.id, "building": row.building.name_zh, "room": row.room and row.room.number,
        "kind": row.kind, "template": row.template_id, "started": row.started_at,
        "finished": row.finished_at, "received": row.received_at, "clock_off": row.skew,
        "inspectors": row.inspectors, "accompanied_by": row.accompanied_by, "note": row.note,
        "signatures": [
            {"id": each.id, "side": each.side, "name": each.name, "at": each.at}
            for each in signatures
        ],
        "entries": [
            {"room": number, "item": entry.item, "zh": template.items[entry.item].title.zh,
             "en": template.items[entry.item].title.en, "result": entry.result,
             "severity": entry.severity or template.items[entry.item].severity,
             "note": entry.note, "photos": entry.photos, "at": entry.at}
            for entry, number in entries
        ],
    }  # fmt: skip


def _rows(told: dict[str, Any]) -> list[list[str]]:
    head = [
        told["id"], told["building"], told["room"] or "", catalogue().kinds[told["kind"]].title.zh,
        _local(told["started"]), _local(told["finished"]), _local(told["received"]),
        "、".join(each["name"] for each in told["inspectors"]), told["accompanied_by"],
    ]  # fmt: skip
    return [
        [*head, entry["item"], f"{entry['zh']} / {entry['en']}", entry["room"] or "",
         entry["result"], entry["severity"] if entry["result"] == "fail" else "", entry["note"],
         " ".join(entry["photos"])]
        for entry in told["entries"]
    ] or [[*head, "", "", "", "", "", told["note"], ""]]  # fmt: skip


def _signatures(inspection_id: str) -> Sequence[InspectionSignature]:
    chosen = sa.select(InspectionSignature).filter_by(inspection_id=inspection_id)
    return db.session.scalars(chosen.order_by(InspectionSignature.seq)).all()


def _tests(first: date, last: date) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        sa.select(BuildingTest)
        .where(BuildingTest.done_on >= first, BuildingTest.done_on <= last)
        .order_by(BuildingTest.done_on, BuildingTest.id)
    )
    return [
        {"building": row.building_id, "rule": row.rule_id, "done_on": row.done_on,
         "done_by": row.done_by, "number": row.number, "note": row.note}
        for row in rows
    ]  # fmt: skip


def _sheet(rows: Sequence[Sequence[str]]) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False,
                                      "strings_to_urls": False}) as book:  # fmt: skip
        sheet = book.add_worksheet("inspections")
        sheet.freeze_panes(1, 0)
        for number, row in enumerate([COLUMNS, *rows]):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text)
    return target.getvalue()


def _local(instant: Any) -> str:
    return f"{instant.astimezone(CAMPUS):%Y-%m-%d %H:%M}" if instant else ""


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1, default=lambda each: each.isoformat())


class _Pipe(RawIOBase):
    """Takes what an archive writes, and gives it on; cannot go back."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        data = bytes(self._waiting)
        self._waiting.clear()
        return data
