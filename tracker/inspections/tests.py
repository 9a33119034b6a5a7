"""Tests, drills and visits that others made, each with its day and its paper. Flushes only."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.files import content, store
from tracker.inspections.models import BuildingTest
from tracker.inspections.plan_file import plans


def record(
    building_id: int, rule_id: str, *, done_on: date, done_by: str, number: str, note: str,
    paper: bytes | None, today: date, by: str, at: datetime,
) -> BuildingTest:  # fmt: skip
    """Keep that a test was made; Invalid says which field is wrong.

    The paper is on disk before the row; a transaction that fails leaves it without one.
    """
    plan = plans().plans.get(rule_id)
    if plan is None or not plan.by_test:
        raise Invalid(rule=_("Choose one of the list."))
    if done_on > today:
        raise Invalid(done_on=_("This day has not come yet."))
    examined = content.examine(paper) if paper else None
    stored_as = (
        store.keep(examined.data, examined.preview, suffix=examined.suffix, under=store.PHOTOS)
        if examined
        else None
    )
    row = BuildingTest(
        building_id=building_id, rule_id=rule_id, done_on=done_on, done_by=done_by, number=number,
        note=note, stored_as=stored_as, media_type=examined.media_type if examined else None,
        recorded_at=at, recorded_by=by,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def of_buildings(building_ids: Sequence[int], *, most: int = 50) -> list[BuildingTest]:
    """Return the tests of buildings, the newest first."""
    return list(
        db.session.scalars(
            sa.select(BuildingTest)
            .where(BuildingTest.building_id.in_(building_ids))
            .order_by(BuildingTest.done_on.desc(), BuildingTest.id.desc())
            .limit(most)
        )
    )


def paper_of(test_id: int) -> tuple[BuildingTest, Path]:
    """Return a test and where its paper lies; NotFound if it has none."""
    row = db.session.get(BuildingTest, test_id)
    if row is None or row.stored_as is None:
        raise NotFound
    return row, store.present(store.path_of(row.stored_as, under=store.PHOTOS))
