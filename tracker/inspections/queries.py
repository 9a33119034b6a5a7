"""Read inspections: lists, one with everything of it, operations that could not be applied."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from tracker.accounts.models import Account
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.files import photos
from tracker.housing.models import Building, Room
from tracker.inspections import templates
from tracker.inspections.models import (
    Inspection,
    InspectionEntry,
    InspectionOp,
    InspectionSignature,
)
from tracker.inspections.template import Item, Template
from tracker.rules.counting import add_months


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; what is empty is not asked. `month`: its first day."""

    building_id: int | None = None
    kind: str = ""
    month: date | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """One inspection with everything of it. `missing`: photos that are still on their way."""

    row: Inspection
    template: Template
    places: list[tuple[Room | None, list[tuple[Item, InspectionEntry]]]]
    signatures: list[InspectionSignature]
    reviews: list[InspectionOp]
    faulty: list[InspectionOp]
    begun_by: str
    missing: frozenset[str]


def listed(wanted: Wanted, *, offset: int = 0, most: int) -> list[Inspection]:
    """Return inspections, the newest first."""
    selected = (
        _selected(wanted)
        .options(joinedload(Inspection.building), joinedload(Inspection.room))
        .order_by(Inspection.started_at.desc(), Inspection.id)
        .offset(offset)
        .limit(most)
    )
    return list(db.session.scalars(selected))


def count(wanted: Wanted) -> int:
    """Return how many there are."""
    return db.session.scalar(
        sa.select(sa.func.count()).select_from(_selected(wanted).subquery())
    ) or 0  # fmt: skip


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the instants between which the campus days from `first` to `last` lie."""
    begins = datetime.combine(first, time(), CAMPUS)
    return begins, datetime.combine(last + timedelta(1), time(), CAMPUS)


def _selected(wanted: Wanted) -> sa.Select[Any]:
    selected = sa.select(Inspection)
    if wanted.building_id:
        selected = selected.where(Inspection.building_id == wanted.building_id)
    if wanted.kind:
        selected = selected.where(Inspection.kind == wanted.kind)
    if wanted.month:
        begins, ends = span(wanted.month, add_months(wanted.month, 1) - timedelta(1))
        selected = selected.where(Inspection.started_at >= begins, Inspection.started_at < ends)
    return selected


def get(inspection_id: str) -> Inspection:
    """Return an inspection; NotFound if none has arrived under this id."""
    found = db.session.get(
        Inspection, inspection_id,
        options=[joinedload(Inspection.building), joinedload(Inspection.room)],
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


def whole(inspection_id: str) -> Whole:
    """Return an inspection with its entries by place, in the order of the template."""
    row = get(inspection_id)
    template = templates.get(row.template_id)
    entries = db.session.scalars(
        sa.select(InspectionEntry)
        .filter_by(inspection_id=row.id)
        .options(joinedload(InspectionEntry.room))
        .order_by(InspectionEntry.place, InspectionEntry.item)
    ).all()
    by_place: dict[int, list[InspectionEntry]] = defaultdict(list)
    for entry in entries:
        by_place[entry.place].append(entry)
    named = {name for entry in entries for name in entry.photos}
    account = db.session.get(Account, row.account_id) if row.account_id else None
    return Whole(
        row, template, [_placed(group, template) for group in by_place.values()],
        signatures_of(row.id), _ops(row.id, InspectionOp.type == "hazard.review"),
        _ops(row.id, InspectionOp.fault.is_not(None)), account.name if account else "",
        frozenset(named - set(photos.arrived(named))),
    )  # fmt: skip


def _placed(
    group: list[InspectionEntry], template: Template
) -> tuple[Room | None, list[tuple[Item, InspectionEntry]]]:
    order = {code: place for place, code in enumerate(template.items)}
    group.sort(key=lambda entry: order[entry.item])
    return group[0].room, [(template.items[entry.item], entry) for entry in group]


def signatures_of(inspection_id: str) -> list[InspectionSignature]:
    """Return its signatures: inspectors before the inspected side, each in the order given."""
    return list(
        db.session.scalars(
            sa.select(InspectionSignature)
            .filter_by(inspection_id=inspection_id)
            .order_by(InspectionSignature.side.desc(), InspectionSignature.seq)
        )
    )


def signature(inspection_id: str, signature_id: str) -> bytes:
    """Return the picture of a signature as PNG; NotFound if there is none."""
    found = db.session.get(
        InspectionSignature, signature_id, options=[undefer(InspectionSignature.image)]
    )
    if found is None or found.inspection_id != inspection_id:
        raise NotFound
    return found.image


def faulty(*, most: int = 200) -> list[InspectionOp]:
    """Return operations that could not be applied, the oldest first."""
    return list(
        db.session.scalars(
            sa.select(InspectionOp)
            .where(InspectionOp.fault.is_not(None))
            .order_by(InspectionOp.received_at, InspectionOp.device, InspectionOp.seq)
            .limit(most)
        )
    )


def names(account_ids: Sequence[int | None]) -> Mapping[int, str]:
    """Return the names of accounts by id."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name).where(Account.id.in_({n for n in account_ids if n}))
    )
    return {row.id: row.name for row in rows}


def buildings() -> list[Building]:
    """Return the buildings in use, by name."""
    return list(
        db.session.scalars(
            sa.select(Building).where(Building.active).order_by(Building.campus_id, Building.id)
        )
    )


def _ops(inspection_id: str, chosen: sa.ColumnElement[bool]) -> list[InspectionOp]:
    return list(
        db.session.scalars(
            sa.select(InspectionOp)
            .where(InspectionOp.inspection == inspection_id, chosen)
            .order_by(InspectionOp.device, InspectionOp.seq)
        )
    )
