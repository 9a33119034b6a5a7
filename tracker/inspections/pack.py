"""Everything a phone needs to inspect without signal: places, templates, what is known of them."""

import hashlib
import json
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core import clock
from tracker.core.db import db
from tracker.hazards import queries as hazards
from tracker.housing.models import Building, Campus, Floor, Room
from tracker.inspections import plans, templates
from tracker.inspections.kinds import catalogue
from tracker.inspections.models import Inspection, InspectionEntry
from tracker.inspections.template import FEATURES, Item, Template
from tracker.rules.book import RuleBook
from tracker.rules.model import Words

#: Findings of inspections longer ago say little of a room as it is.
LAST = timedelta(days=400)


def content(book: RuleBook, *, now: datetime) -> dict[str, Any]:
    """Return the pack without its version; the same as long as nothing in it changed."""
    buildings = list(db.session.execute(_BUILDINGS).all())
    ids = [row.id for row in buildings]
    return {
        "kinds": [
            {"key": kind.key, "patrol": kind.patrol} | _both(kind.title)
            for kind in catalogue().kinds.values()
        ],
        "departments": [
            {"key": key} | _both(words) for key, words in catalogue().departments.items()
        ],
        "templates": [_template(templates.current())],
        "buildings": _buildings(buildings),
        "hazards": _hazards(ids),
        "last": _last(now - LAST),
        "planned": plans.open_of(ids, book, today=clock.campus_day(now)),
    }  # fmt: skip


def version_of(pack: dict[str, Any]) -> str:
    """Name a pack by what it says."""
    text = json.dumps(pack, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_BUILDINGS = (
    sa.select(
        Building.id, Building.name_zh, Building.name_en, Campus.name_zh.label("campus"),
        *(getattr(Building, feature) for feature in FEATURES),
    )
    .join(Campus)
    .where(Building.active)
    .order_by(Campus.id, Building.name_zh)
)  # fmt: skip


def _buildings(rows: list[Any]) -> list[dict[str, Any]]:
    rooms = db.session.execute(
        sa.select(Room.id, Room.building_id, Room.number, Room.use, Floor.level)
        .join(Floor, Floor.id == Room.floor_id)
        .where(Room.active)
        .order_by(Room.building_id, Floor.level, Room.number)
    )
    floors: dict[int, dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for room in rooms:
        floors[room.building_id][room.level].append(
            {"id": room.id, "number": room.number, "use": room.use}
        )
    return [
        {
            "id": row.id, "zh": row.name_zh, "en": row.name_en or row.name_zh,
            "campus": row.campus, **{feature: getattr(row, feature) for feature in FEATURES},
            "floors": [
                {"level": level, "rooms": each} for level, each in floors[row.id].items()
            ],
        }
        for row in rows
    ]  # fmt: skip


def _template(template: Template) -> dict[str, Any]:
    return {
        "id": template.id, "number": template.number, "name": _both(template.name),
        "sections": [{"key": key} | _both(words) for key, words in template.sections.items()],
        "items": [_item(item) for item in template.items.values()],
    }  # fmt: skip


def _item(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": item.code, "section": item.section, **_both(item.title),
        "severity": item.severity, "photo": item.photo, "place": item.place,
        "patrol": item.patrol, "applies": dict.fromkeys(sorted(item.applies), True),
    }  # fmt: skip
    if item.help:
        told["help"] = _both(item.help)
    if item.picture:
        told["picture"] = item.picture
    return told


def _last(since: datetime) -> list[dict[str, Any]]:
    """Return what failed in the last inspection of each building and of each room by itself."""
    patrols = [kind.key for kind in catalogue().kinds.values() if kind.patrol]
    place = (Inspection.building_id, Inspection.room_id)
    ranked = (
        sa.select(
            Inspection.id,
            sa.func.row_number()
            .over(partition_by=place, order_by=Inspection.finished_at.desc())
            .label("nth"),
        )
        .where(Inspection.finished_at >= since, Inspection.kind.not_in(patrols))
        .subquery()
    )
    entry = InspectionEntry
    rows = db.session.execute(
        sa.select(Inspection.building_id, entry.room_id, entry.item, entry.result, entry.note,
                  entry.photos, entry.at)
        .join(Inspection, Inspection.id == entry.inspection_id)
        .join(ranked, sa.and_(ranked.c.id == entry.inspection_id, ranked.c.nth == 1))
        .where(entry.result == "fail")
        .order_by(entry.at, entry.item)
    )  # fmt: skip
    return [
        {"building": row.building_id, "room": row.room_id, "item": row.item, "result": row.result,
         "note": row.note, "photos": row.photos, "at": row.at.isoformat()}
        for row in rows
    ]  # fmt: skip


def _hazards(building_ids: list[int]) -> list[dict[str, Any]]:
    found = hazards.open_at(building_ids)
    pictures = hazards.photos_of([each.id for each in found])
    return [
        {"id": each.id, "number": each.number, "building": each.building_id, "room": each.room_id,
         "item": each.item, "grade": each.grade, "text": each.text, "state": each.state,
         "found_at": each.found_at.isoformat(), "photos": pictures.get(each.id, []),
         "due_on": each.next_on.isoformat() if each.next_on else None}
        for each in found
    ]  # fmt: skip


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
