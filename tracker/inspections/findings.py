"""What operations tell of hazards: what failed, what was entered by itself, what was seen again.

The register of hazards keeps each under a key made of what told it, so that telling it again is
harmless; a second look is told once, and its operation remembers that. Flushes only.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import TrackerError
from tracker.hazards import service as hazards
from tracker.inspections import templates
from tracker.inspections.fold import Begun, Entry, State, photos_of, text
from tracker.inspections.models import InspectionOp
from tracker.inspections.telling import uuid_of
from tracker.inspections.template import SEVERITIES, Item

GRADES = {"M": "major", "H": "serious", "L": "minor"}
_OPS: Any = InspectionOp.__table__


def settle(key: str, state: State, begun: Begun, ops: dict[str, Any]) -> set[int]:
    """Tell the register of hazards what a finished inspection found and what was looked at again.

    Adds to the faults of `state`; returns the buildings of the hazards.
    """
    touched = set()
    for review in state.reviews:
        if not review.settled:
            touched |= _once(review, state.faults, partial(_review, review))
    if state.finish is not None:
        for (place, _item), entry in state.entries.items():
            if entry.result == "fail":
                told = _failure(key, place, entry, begun, ops[entry.op.id].received_at)
                touched |= _tried(entry.op.id, state.faults, told)
    return touched


def report(op: Any, faults: dict[str, str]) -> set[int]:
    """Tell of a hazard that was entered by itself."""
    return _once(op, faults, lambda: _report(op))


def severity(entry: Entry, begun: Begun) -> str:
    """Return how what failed is graded: as the inspector said, else as the template does."""
    return entry.severity or begun.template.items[entry.item].severity


def _once(op: Any, faults: dict[str, str], tell: Callable[[], int]) -> set[int]:
    touched = _tried(op.id, faults, tell)
    if touched:
        db.session.execute(sa.update(_OPS).where(_OPS.c.id == op.id).values(settled=True))
    return touched


def _tried(op_id: str, faults: dict[str, str], tell: Callable[[], int]) -> set[int]:
    try:
        with db.session.begin_nested():
            return {tell()}
    except (TrackerError, KeyError, TypeError, ValueError):
        faults[op_id] = "hazard"
        return set()


def _failure(
    key: str, place: int, entry: Entry, begun: Begun, received_at: Any
) -> Callable[[], int]:
    item = begun.template.items[entry.item]

    def tell() -> int:
        return hazards.found(
            key=str(uuid5(UUID(key), f"{place}:{entry.item}")), building_id=begun.building_id,
            room_id=entry.room_id, item=entry.item, text=entry.note or _called(item),
            grade=GRADES[severity(entry, begun)], found_at=entry.op.at, by=entry.op.account_id,
            inspection=key, photos=entry.photos, now=received_at,
        ).building_id  # fmt: skip

    return tell


def _review(op: Any) -> int:
    hazard = hazards.get(int(op.data["hazard"]))
    verdict, note = str(op.data["verdict"]), text(op.data.get("note"), 1_000)
    hazards.review(
        hazard, verdict, at=op.at, by=op.account_id, note=note, photos=photos_of(op.data),
        now=op.received_at,
    )  # fmt: skip
    return hazard.building_id


def _report(op: Any) -> int:
    data = op.data
    key = uuid_of(data.get("hazard"))
    if key is None:
        raise ValueError("a hazard is named by a UUID")
    item = templates.current().items.get(str(data.get("item")))
    given = data.get("severity")
    graded = given if given in SEVERITIES else item.severity if item else "L"
    return hazards.found(
        key=key, building_id=int(data["building"]), room_id=data.get("room"),
        item=item.code if item else None, text=text(data.get("text"), 1_000) or _called(item),
        grade=GRADES[graded], found_at=op.at, by=op.account_id, photos=photos_of(data),
        now=op.received_at,
    ).building_id  # fmt: skip


def _called(item: Item | None) -> str:
    return "见照片 / see the photo" if item is None else f"{item.title.zh} / {item.title.en}"
