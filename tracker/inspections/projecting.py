"""Write what follows from operations: inspections, entries, signatures, faults. Flushes only."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.housing.models import Building, Room
from tracker.inspections import findings, signing, templates
from tracker.inspections.fold import TYPES, Begun, Entry, State, World, fold, text
from tracker.inspections.models import (
    Inspection,
    InspectionEntry,
    InspectionOp,
    InspectionSignature,
)
from tracker.inspections.telling import ALONE
from tracker.inspections.template import SEVERITIES, Template

log = logging.getLogger(__name__)

_OPS: Any = InspectionOp.__table__
_ENTRIES: Any = InspectionEntry.__table__


def apply(inspections: Collection[str], alone: Sequence[str]) -> frozenset[int]:
    """Bring these inspections and these single operations in step; return the buildings touched.

    A mistake of ours leaves the operations kept and marked, and the others applied.
    """
    touched: set[int] = set()
    for key in sorted(inspections):
        touched |= _guarded(partial(_inspection, key), _OPS.c.inspection == key)
    for op_id in alone:
        touched |= _guarded(partial(_single, op_id), _OPS.c.id == op_id)
    return frozenset(touched)


def _guarded(work: Callable[[], set[int]], of: sa.ColumnElement[bool]) -> set[int]:
    try:
        with db.session.begin_nested():
            return work()
    except sa.exc.OperationalError:
        raise  # the database is away or wants another go: the device sends it all again
    except Exception:
        log.exception("operations could not be applied; they are kept")
        db.session.execute(sa.update(_OPS).where(of).values(fault="failed"))
        return set()


def _inspection(key: str) -> set[int]:
    ops = db.session.execute(sa.select(_OPS).where(_OPS.c.inspection == key)).all()
    state = fold(ops, _world(ops))
    touched: set[int] = set()
    if state.begun is not None:
        _write(key, state, state.begun, ops)
        touched = {state.begun.building_id}
        touched |= findings.settle(key, state, state.begun, {op.id: op for op in ops})
    _mark(ops, state.faults)
    return touched


def _single(op_id: str) -> set[int]:
    op = db.session.execute(sa.select(_OPS).where(_OPS.c.id == op_id)).one()
    faults: dict[str, str] = {}
    touched: set[int] = set()
    if op.type != ALONE:
        faults[op.id] = "shape" if op.type in TYPES else "type"
    elif not op.settled:
        touched = findings.report(op, faults)
    _mark([op], faults)
    return touched


def _world(ops: Sequence[Any]) -> World:
    """Read what the beginnings name: the rooms of a building, versions of the template."""
    begins = [op.data for op in ops if op.type == "inspection.begin"]
    buildings = {each["building"] for each in begins if isinstance(each.get("building"), int)}
    named = {str(each.get("template")) for each in begins}
    found = {name: templates.find(name) for name in named}
    known: dict[str, Template] = {name: each for name, each in found.items() if each is not None}
    return World(_rooms_of(buildings), known)


def _rooms_of(building_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the ids of the rooms of those of these buildings that there are."""
    pairs = db.session.execute(
        sa.select(Building.id, Room.id)
        .join_from(Building, Room, isouter=True)
        .where(Building.id.in_(building_ids))
    ).all()
    rooms: dict[int, set[int]] = {building: set() for building, _room in pairs}
    for building, room in pairs:
        if room is not None:
            rooms[building].add(room)
    return {building: frozenset(ids) for building, ids in rooms.items()}


def _write(key: str, state: State, begun: Begun, ops: Sequence[Any]) -> None:
    row = db.session.get(Inspection, key)
    if row is None:
        row = Inspection(id=key)
        db.session.add(row)
    finish = state.finish.data if state.finish is not None else {}
    counted = Counter(entry.result for entry in state.entries.values())
    skews = [op.skew for op in ops if op.skew is not None]
    columns = {
        "building_id": begun.building_id, "room_id": begun.room_id, "kind": begun.kind,
        "template_id": begun.template.id, "planned": begun.planned,
        "inspectors": begun.inspectors, "account_id": begun.op.account_id,
        "device": begun.op.device, "started_at": begun.op.at, "finished_at": state.finished_at,
        "received_at": max(op.received_at for op in ops), "skew": max(skews, key=abs, default=None),
        "note": text(finish.get("note"), 4_000),
        "accompanied_by": text(finish.get("accompanied_by"), 200),
        "passed": counted["pass"], "failed": counted["fail"], "worst": _worst(state, begun),
    }  # fmt: skip
    for name, value in columns.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    db.session.flush()
    _write_entries(key, state.entries.items())
    _write_signatures(key, state)


def _write_entries(key: str, wanted: Iterable[tuple[tuple[int, str], Entry]]) -> None:
    """Insert, change and remove what differs; an op's word is the same as long as the op is."""
    rows = db.session.execute(
        sa.select(_ENTRIES.c.place, _ENTRIES.c.item, _ENTRIES.c.device, _ENTRIES.c.seq).where(
            _ENTRIES.c.inspection_id == key
        )
    )
    known = {(row.place, row.item): (row.device, row.seq) for row in rows}
    new: list[dict[str, Any]] = []
    for (place, item), entry in wanted:
        before = known.pop((place, item), None)
        if before == (entry.op.device, entry.op.seq):
            continue
        if before is not None:
            _delete(key, place, item)
        new.append(_columns(key, place, entry))
    for place, item in known:
        _delete(key, place, item)
    if new:
        db.session.execute(sa.insert(_ENTRIES), new)


def _delete(key: str, place: int, item: str) -> None:
    at = (_ENTRIES.c.inspection_id == key, _ENTRIES.c.place == place, _ENTRIES.c.item == item)
    db.session.execute(sa.delete(_ENTRIES).where(*at))


def _columns(key: str, place: int, entry: Entry) -> dict[str, Any]:
    return {
        "inspection_id": key, "place": place, "item": entry.item, "room_id": entry.room_id,
        "result": entry.result, "note": entry.note, "severity": entry.severity,
        "photos": entry.photos, "at": entry.op.at, "account_id": entry.op.account_id,
        "device": entry.op.device, "seq": entry.op.seq,
    }  # fmt: skip


def _write_signatures(key: str, state: State) -> None:
    for signed in state.signatures.values():
        known = db.session.get(InspectionSignature, signed.id)
        if known is not None and known.seq == signed.op.seq:
            continue
        image = signing.drawn(signed.image)
        if image is None or (known is not None and known.inspection_id != key):
            state.faults[signed.op.id] = "signature"
            continue
        row = known or InspectionSignature(id=signed.id, inspection_id=key)
        row.side, row.name, row.department = signed.side, signed.name, signed.department
        row.image, row.at, row.seq = image, signed.op.at, signed.op.seq
        db.session.add(row)
    db.session.flush()


def _worst(state: State, begun: Begun) -> str | None:
    grades = {
        findings.severity(entry, begun)
        for entry in state.entries.values()
        if entry.result == "fail"
    }
    return next((each for each in SEVERITIES if each in grades), None)


def _mark(ops: Sequence[Any], faults: dict[str, str]) -> None:
    """Note what could not be applied, and take the mark from what now could."""
    for op in ops:
        fault = faults.get(op.id)
        if op.fault != fault:
            db.session.execute(sa.update(_OPS).where(_OPS.c.id == op.id).values(fault=fault))
