"""Keep the obligations of buildings in step with their registers. Flushes only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.housing.models import Building
from tracker.obligations import book, registers
from tracker.obligations.derive import OVER, Key, differences
from tracker.obligations.models import Obligation
from tracker.obligations.saving import update

#: Columns that a register need not give.
_DEFAULTS: Mapping[str, Any] = {"owner_id": None, "detail_zh": None, "detail_en": None}
_TABLE: Any = Obligation.__table__
CHUNK = 500


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
    existing = _existing(building_ids, wanted)
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


def _existing(
    building_ids: Sequence[int], wanted: Collection[Key]
) -> dict[Key, dict[str, Any]]:  # fmt: skip
    """Return the rows to compare with: the wanted ones, and those that are not over.

    What is over and no longer named stays as it is; of a busy building that is most of it.
    """
    theirs = _TABLE.c.building_id.in_(building_ids)
    refs = sorted({ref for _building, _rule, ref in wanted})
    looked_at = [_TABLE.c.state.not_in(OVER)]
    looked_at += [
        _TABLE.c.fact_ref.in_(refs[start : start + CHUNK]) for start in range(0, len(refs), CHUNK)
    ]
    return {
        (row.building_id, row.rule_id, row.fact_ref): dict(row._mapping)
        for which in looked_at
        for row in db.session.execute(sa.select(*_TABLE.columns).where(theirs, which))
    }
