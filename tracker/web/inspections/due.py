"""What is to be inspected and tested soon, for the board; hazards have a part of their own."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.housing.models import Building
from tracker.inspections.plan_file import plans
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.rules.model import Rule
from tracker.web.access import viewer
from tracker.web.safety import LOOKERS

#: Days that the board looks ahead.
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing due of a building."""

    building: Building
    rule: Rule
    safe_on: date
    detail_zh: str | None
    detail_en: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """How many things are due, of them overdue, and the first of them."""

    count: int
    late: int
    rows: list[Duty]


def of_buildings(today: date, most: int = 8) -> Due:
    """Return what is planned within two weeks or overdue; nothing to who may not look."""
    if viewer().role not in LOOKERS:
        return Due(0, 0, [])
    chosen = (
        sa.text("obligation.state = 'open'"), Obligation.building_id.is_not(None),
        Obligation.rule_id.in_(plans().plans), Obligation.safe_on <= today + SOON,
    )  # fmt: skip
    late = sa.func.coalesce(sa.func.sum(sa.case((Obligation.safe_on < today, 1), else_=0)), 0)
    counted = db.session.execute(sa.select(sa.func.count(), late).where(*chosen)).one()
    rows = db.session.execute(_rows(chosen).limit(most)) if counted[0] else ()
    rules = book.current()
    return Due(counted[0], counted[1], [
        Duty(building, rules.rule(row.rule_id), row.safe_on, row.detail_zh, row.detail_en)
        for row, building in rows
    ])  # fmt: skip


def _rows(chosen: Any) -> Any:
    return (
        sa.select(Obligation, Building)
        .join(Building, Building.id == Obligation.building_id)
        .where(*chosen)
        .order_by(Obligation.safe_on, Obligation.id)
    )
