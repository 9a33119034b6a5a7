"""Whom a schedule means: a filter over persons as they are now."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tracker.facts.models import FactVersion, Person
from tracker.health.models import HealthSchedule
from tracker.housing.models import Stay

#: The lists a filter may hold, and the column each is compared with.
_LISTS: Mapping[str, Any] = {
    "buildings": Person.building, "units": Person.unit_id, "identities": Person.identity,
    "categories": Person.category,
}  # fmt: skip


def persons(schedule: HealthSchedule) -> sa.ColumnElement[bool]:
    """Return the condition on `person`: in service, and all that the filter says.

    People named one by one are meant besides; a filter that says nothing means everybody.
    """
    told = schedule.meant
    conditions: list[Any] = [
        column.in_(told[name]) for name, column in _LISTS.items() if told.get(name)
    ]
    if told.get("off_campus"):
        conditions.append(~_in_our_buildings())
    if told.get("hazard_posts"):
        conditions.append(_hazard_post())
    named = Person.id.in_(told.get("people") or [])
    if conditions:
        who = sa.or_(sa.and_(*conditions), named)
    else:
        who = named if told.get("people") else sa.true()
    # An entry examination comes before the first day of work.
    statuses = ("recruiting", "active") if schedule.kind == "entry" else ("active",)
    return sa.and_(Person.status.in_(statuses), who)


def _in_our_buildings() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Stay.person_id == Person.id, Stay.lives, Stay.building_id.is_not(None)
    )  # fmt: skip


def _hazard_post() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        FactVersion.person_id == Person.id, FactVersion.kind == "contract",
        FactVersion.withdrawn_at.is_(None), FactVersion.valid_to.is_(None),
        FactVersion.data["hazard_post"].as_boolean().is_(True),
    )  # fmt: skip
