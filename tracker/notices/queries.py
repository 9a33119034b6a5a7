"""Read notices: what is out, for the public page and the feed; all, for the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.notices.models import Notice, NoticeVersion
from tracker.notices.service import text_of
from tracker.notices.writing import Text

MOST = 200


@dataclass(frozen=True, slots=True)
class Published:
    """A notice as everybody sees it."""

    id: int
    text: Text
    published_at: datetime
    updated_at: datetime
    version: int


def out(*, most: int = MOST) -> list[Published]:
    """Return what is out, the newest first."""
    return [_published(row[0], row[1]) for row in db.session.execute(_out().limit(most))]


def one(notice_id: int) -> Published | None:
    """Return a notice that is out."""
    row = db.session.execute(_out().where(Notice.id == notice_id)).first()
    return _published(row[0], row[1]) if row else None


def every() -> Sequence[tuple[Notice, Text]]:
    """Return all notices with their newest text: drafts first, then the newest."""
    order = sa.case((Notice.state == "draft", 0), else_=1)
    rows = db.session.execute(
        sa.select(Notice, NoticeVersion)
        .join(NoticeVersion, sa.and_(NoticeVersion.notice_id == Notice.id,
                                     NoticeVersion.version == Notice.newest))
        .order_by(order, Notice.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [(notice, text_of(kept)) for notice, kept in rows]


def versions(notice: Notice) -> list[NoticeVersion]:
    """Return the versions of a notice, the newest first."""
    return list(
        db.session.scalars(
            sa.select(NoticeVersion)
            .filter_by(notice_id=notice.id)
            .order_by(NoticeVersion.version.desc())
        )
    )


def _out() -> Any:
    return (
        sa.select(Notice, NoticeVersion)
        .join(NoticeVersion, sa.and_(NoticeVersion.notice_id == Notice.id,
                                     NoticeVersion.version == Notice.published))
        .where(Notice.state == "published")
        .order_by(Notice.published_at.desc(), Notice.id.desc())
    )  # fmt: skip


def _published(notice: Notice, kept: NoticeVersion) -> Published:
    published_at = notice.published_at or kept.saved_at
    return Published(notice.id, text_of(kept), published_at, notice.updated_at or published_at,
                     kept.version)  # fmt: skip
