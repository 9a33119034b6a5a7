"""The record of an inspection on paper: what was found, everything looked at, who signed."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.core.i18n import instant_text
from tracker.files import photos
from tracker.files.models import Photo
from tracker.hazards import queries as hazards
from tracker.hazards.models import Hazard
from tracker.inspections import templates
from tracker.inspections.kinds import catalogue
from tracker.inspections.models import Inspection, InspectionEntry, InspectionSignature
from tracker.inspections.template import Item, Template
from tracker.packs.facts import BLANK
from tracker.packs.hazard_notice import GRADES, shots
from tracker.packs.office import office
from tracker.typeset import pdf, pictures

RESULTS = {
    "pass": "合格 pass", "fail": "不合格 fail", "na": "不适用 n/a",
}  # fmt: skip
SIDES = {"inspector": "检查人 Inspector", "inspected": "被检查单位 Inspected unit"}
#: A room and a check item.
Point = tuple[int | None, str | None]
_BY_SEVERITY = {"M": "major", "H": "serious", "L": "minor"}


def name_of(inspection: Inspection) -> str:
    """Return what the file is called."""
    return f"检查记录-{inspection.started_at:%Y%m%d}-{inspection.id[:8]}.pdf"


def get(inspection_id: str) -> Inspection:
    """Return an inspection; NotFound if none has arrived under this id."""
    found = db.session.get(Inspection, inspection_id)
    if found is None:
        raise NotFound
    return found


def make(inspection: Inspection) -> bytes:
    """Return the record as a PDF; Conflict if the server has no Chinese font."""
    template = templates.get(inspection.template_id)
    entries = _entries(inspection, template)
    kind = catalogue().kinds[inspection.kind].title
    found = {(each.room_id, each.item): each for each in hazards.of_inspection(inspection.id)}
    kept = photos.arrived(photo for entry in entries for photo in entry.photos)
    return pdf.typeset("inspection_record", {
        "title": "安全检查记录", "subtitle": "Record of a Safety Inspection",
        "office": f"{office().university['zh']} {office().name['zh']}",
        "about": _about(inspection, f"{kind.zh} {kind.en}"), "note": inspection.note,
        "failed": [
            _failed(entry, template.items.get(entry.item), found, kept)
            for entry in entries
            if entry.result == "fail"
        ],
        "items": [_item(entry, template.items.get(entry.item)) for entry in entries],
        "signatures": [_signature(each) for each in _signatures(inspection)],
    })  # fmt: skip


def _entries(inspection: Inspection, template: Template) -> list[InspectionEntry]:
    """Return what was looked at, by place, in the order of the template."""
    order = {code: place for place, code in enumerate(template.items)}
    rows = db.session.scalars(
        sa.select(InspectionEntry)
        .where(InspectionEntry.inspection_id == inspection.id)
        .options(joinedload(InspectionEntry.room))
    )
    return sorted(rows, key=lambda each: (_place(each), order.get(each.item, len(order))))


def _signatures(inspection: Inspection) -> list[InspectionSignature]:
    return list(
        db.session.scalars(
            sa.select(InspectionSignature)
            .where(InspectionSignature.inspection_id == inspection.id)
            .order_by(InspectionSignature.side.desc(), InspectionSignature.seq)
        )
    )


def _about(inspection: Inspection, kind: str) -> list[list[str]]:
    house, ended = inspection.building, inspection.finished_at
    people = "、".join(
        f"{each.get('name', '')} {_department(each.get('department', ''))}".strip()
        for each in inspection.inspectors
    )
    return [
        ["楼栋 Building", f"{house.name_zh} {house.name_en or ''}".strip()],
        ["类别 Kind", kind],
        ["开始 Begun", instant_text(inspection.started_at, "zh")],
        ["结束 Ended", instant_text(ended, "zh") if ended else "未结束 not ended"],
        ["检查人 Inspectors", people or BLANK],
        ["陪同 Accompanied by", inspection.accompanied_by or BLANK],
    ]  # fmt: skip


def _department(key: str) -> str:
    """Return what a department is called; one that is not in the list as it was typed."""
    words = catalogue().departments.get(key)
    return words.zh if words else key


def _place(entry: InspectionEntry) -> str:
    return entry.room.number if entry.room is not None else ""


def _item(entry: InspectionEntry, item: Item | None) -> dict[str, str]:
    title = item.title if item else None
    return {
        "place": _place(entry) or "整栋 whole", "code": entry.item,
        "zh": title.zh if title else "", "en": title.en if title else "",
        "result": RESULTS[entry.result],
    }  # fmt: skip


def _failed(
    entry: InspectionEntry, item: Item | None, found: Mapping[Point, Hazard],
    kept: Mapping[str, Photo],
) -> dict[str, Any]:  # fmt: skip
    hazard = found.get((entry.room_id, entry.item))
    severity = entry.severity or (item.severity if item else "L")
    grade = hazard.grade if hazard else _BY_SEVERITY[severity]
    return _item(entry, item) | {
        "note": entry.note, "grade": " ".join(GRADES[grade]),
        "number": hazard.number if hazard else "",
        "pictures": shots([kept[each] for each in entry.photos if each in kept]),
    }  # fmt: skip


def _signature(each: InspectionSignature) -> dict[str, str]:
    return {
        "picture": pictures.embedded(each.image), "side": SIDES.get(each.side, each.side),
        "name": each.name, "department": _department(each.department),
    }  # fmt: skip
