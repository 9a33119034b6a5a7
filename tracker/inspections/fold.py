"""What follows from the operations of one inspection, in whatever order they arrived. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tracker.inspections.kinds import catalogue
from tracker.inspections.telling import uuid_of
from tracker.inspections.template import SEVERITIES, Template

RESULTS = ("pass", "fail", "na")
SIDES = ("inspector", "inspected")
#: Everything that is told of an inspection; a later version of the page may know more.
TYPES = ("inspection.begin", "item.set", "hazard.review", "signature.add", "inspection.finish")


class Op(Protocol):
    """An operation on record."""

    id: Any
    device: Any
    seq: Any
    type: Any
    data: Any
    at: Any
    account_id: Any
    received_at: Any
    settled: Any


@dataclass(frozen=True, slots=True)
class World:
    """What the server knows: rooms by building, and the versions of the template named here."""

    rooms: Mapping[int, frozenset[int]]
    templates: Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Begun:
    """How an inspection began."""

    building_id: int
    room_id: int | None
    kind: str
    template: Template
    inspectors: list[dict[str, str]]
    planned: str | None
    op: Op


@dataclass(frozen=True, slots=True)
class Entry:
    """What was found of one item at one place."""

    room_id: int | None
    item: str
    result: str
    note: str
    severity: str | None
    photos: list[str]
    op: Op


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature; `image` as a data URL, not looked at yet."""

    id: str
    side: str
    name: str
    department: str
    image: str
    op: Op


@dataclass(slots=True)
class State:
    """Everything that could be applied, and why the rest could not, by operation."""

    begun: Begun | None = None
    entries: dict[tuple[int, str], Entry] = field(default_factory=dict)
    signatures: dict[str, Signed] = field(default_factory=dict)
    reviews: list[Op] = field(default_factory=list)
    finish: Op | None = None
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def finished_at(self) -> datetime | None:
        """When it was finished."""
        return None if self.finish is None else self.finish.at


class Fault(Exception):
    """Why an operation cannot be applied, as one of faults.FAULTS."""


def fold(ops: Iterable[Op], world: World) -> State:
    """Return what follows; the same operations in another order give the same."""
    ordered = sorted(ops, key=lambda op: (op.device, op.seq, op.id))
    state = State()
    _begin(state, ordered, world)
    rooms = world.rooms.get(state.begun.building_id, frozenset()) if state.begun else frozenset()
    for op in ordered:
        if op.type == "inspection.begin":
            continue
        if state.begun is None:
            state.faults[op.id] = "beginning"
            continue
        try:
            _apply(state, op, state.begun, rooms)
        except Fault as fault:
            state.faults[op.id] = str(fault)
    return state


def _begin(state: State, ordered: Sequence[Op], world: World) -> None:
    """Take the earliest beginning that can be applied."""
    for op in sorted(ordered, key=lambda op: (op.at, op.device, op.seq)):
        if op.type != "inspection.begin" or state.begun is not None:
            continue
        try:
            state.begun = _begun(op, world)
        except Fault as fault:
            state.faults[op.id] = str(fault)


def _begun(op: Op, world: World) -> Begun:
    data = op.data
    building = data.get("building")
    if not isinstance(building, int) or building not in world.rooms:
        raise Fault("building")
    template = world.templates.get(str(data.get("template")))
    if template is None:
        raise Fault("template")
    if data.get("kind") not in catalogue().kinds:
        raise Fault("kind")
    return Begun(
        building, _room(data.get("room"), world.rooms[building]), data["kind"], template,
        _inspectors(data.get("inspectors")), text(data.get("planned"), 60) or None, op,
    )  # fmt: skip


def _apply(state: State, op: Op, begun: Begun, rooms: frozenset[int]) -> None:
    if op.type == "item.set":
        entry = _entry(op, begun, rooms)
        key = (entry.room_id or 0, entry.item)
        if _newer(entry.op, state.entries.get(key)):
            state.entries[key] = entry
    elif op.type == "signature.add":
        signed = _signed(op)
        state.signatures[signed.id] = signed
    elif op.type == "hazard.review":
        state.reviews.append(op)
    elif op.type == "inspection.finish":
        if state.finish is None or (op.at, op.seq) >= (state.finish.at, state.finish.seq):
            state.finish = op
    else:
        raise Fault("type")


def _newer(op: Op, known: Entry | None) -> bool:
    """Tell whether an operation has the last word: by its device's count, else by its time."""
    if known is None or known.op.device == op.device:
        return True  # of one device they come in order
    return bool((op.at, op.device) > (known.op.at, known.op.device))


def _entry(op: Op, begun: Begun, rooms: frozenset[int]) -> Entry:
    data = op.data
    item = data.get("item")
    if not isinstance(item, str) or item not in begun.template.items:
        raise Fault("item")
    if data.get("result") not in RESULTS:
        raise Fault("shape")
    severity = data.get("severity")
    return Entry(
        _room(data.get("room"), rooms), item, data["result"], text(data.get("note"), 2_000),
        severity if severity in SEVERITIES else None, photos_of(data), op,
    )  # fmt: skip


def _signed(op: Op) -> Signed:
    data = op.data
    name = uuid_of(data.get("signature"))
    if name is None or data.get("side") not in SIDES or not isinstance(data.get("image"), str):
        raise Fault("signature")
    return Signed(
        name, data["side"], text(data.get("name"), 120), text(data.get("department"), 120),
        data["image"], op,
    )  # fmt: skip


def photos_of(data: Mapping[str, Any]) -> list[str]:
    """Return the photos an operation names, each once, in order."""
    named = data.get("photos")
    found = [uuid_of(each) for each in named] if isinstance(named, list) else []
    return list(dict.fromkeys(each for each in found if each))


def text(value: Any, longest: int) -> str:
    """Return a text, cut to what its column takes; "" for anything else."""
    return value.strip()[:longest] if isinstance(value, str) else ""


def _room(value: Any, rooms: frozenset[int]) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or value not in rooms:
        raise Fault("room")
    return value


def _inspectors(value: Any) -> list[dict[str, str]]:
    people = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    named = [
        {"name": text(each.get("name"), 120), "department": text(each.get("department"), 120)}
        for each in people[:20]
    ]
    return [each for each in named if each["name"]]
