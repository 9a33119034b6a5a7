"""Holiday notices as the office entered them. The one writer of `calendar_notice`. Flushes only."""

from datetime import datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.models import CalendarNotice


def record(year: int, content: str, *, by: str, at: datetime) -> CalendarNotice:
    """Record the notice of a year, in place of one entered before."""
    notice = CalendarNotice(year=year, content=content, added_at=at, added_by=by)
    notice = db.session.merge(notice)
    db.session.flush()
    return notice


def every() -> dict[int, CalendarNotice]:
    """Return the notices the office entered, by year."""
    found = db.session.scalars(sa.select(CalendarNotice).order_by(CalendarNotice.year))
    return {notice.year: notice for notice in found}
