"""Keep the obligations of buildings in step with their registers. Flushes only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.housing.models import Building
from tracker.obligations import book, registers
from tracker.obligations.derive import differences
from tracker.obligations.models import Obligation
from tracker.obligations.saving import update

#: Columns that a register need not give.
_DEFAULTS: Mapping[str, Any] = {"owner_id": None, "detail_zh": None, "detail_en": None}
_TABLE: Any = Obligation.__table__


def sync(building_ids: Sequence[int], *, today: date, now: datetime) -> list[int]:
    """Derive the obligations of these buildings anew; return the ids of those that changed."""
    # Locked before the registers are read: whoever changes them meanwhile derives after us.
    db.session.execute(
        sa.select(Building.id)
        .where(Building.id.in_(building_ids))
        .order_by(Building.id)
        .with_for_update(key_share=True)
    )
    told = registers.rows(registers.OF_BUILDINGS, building_ids, book.current(), today=today)
    wanted = {key: {**_DEFAULTS, **row} for key, row in told.items()}
    existing = _existing(building_ids)
    changes = list(differences(wanted, existing))
    update(existing, changes, now)
    new = [
        {"building_id": key[0], "rule_id": key[1], "fact_ref": key[2], "changed_at": now, **row}
        for key, row in wanted.items()
        if key not in existing
    ]
    if new:
        db.session.execute(sa.insert(_TABLE), new)
    return [existing[key]["id"] for key, _ in changes]


def everywhere() -> list[int]:
    """Return the ids of all buildings."""
    return list(db.session.scalars(sa.select(Building.id).order_by(Building.id)))


def _existing(building_ids: Sequence[int]) -> dict[tuple[int, str, str], dict[str, Any]]:
    rows = db.session.execute(
        sa.select(*_TABLE.columns).where(_TABLE.c.building_id.in_(building_ids))
    )
    return {(row.building_id, row.rule_id, row.fact_ref): dict(row._mapping) for row in rows}
