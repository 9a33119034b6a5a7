"""Invented notices: one that was sent and partly read, one in Chinese only, and a draft."""

from datetime import datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.notices import service
from tracker.notices.models import NoticeLetter
from tracker.notices.writing import Text

TEXTS = (
    Text("国庆假期出入境须知", "Travel during the National Day holiday",
         "十月一日至七日学校放假。\n\n- 出境前请确认居留许可有效\n- 更换住处的24小时内登记\n\n"
         "详情见[出入境管理局](https://example.org/exit)。",
         "The university is closed from 1 to 7 October.\n\n- Check that permit and visa are valid "
         "before you travel\n- Register within 24 hours if you live elsewhere afterwards\n\n"
         "See the [exit-entry administration](https://example.org/exit)."),
    Text("居留许可办理地点变更", "", "自下月起，居留许可在新大厅办理。", "",
         "The police published it in Chinese only."),
    Text("冬季用电安全", "Electrical safety in winter", "请勿使用大功率电器。",
         "Please use no appliances of high power."),
)  # fmt: skip
#: Whom each concerns.
AUDIENCES = ("status=active", "identity=foreigner", "")
#: Of so many to whom it was sent, one has read it.
READ = 3


def make(*, by: str, now: datetime) -> None:
    """Write the notices; the first is sent to everybody in service. Flushes only."""
    sent, published, _draft = [
        service.save(None, text, audience_query=query, read=0, by=by, at=now)
        for text, query in zip(TEXTS, AUDIENCES, strict=True)
    ]
    for notice in (sent, published):
        service.publish(notice, at=now)
    service.send(sent, now=now, send_after=now)
    rows = sa.select(NoticeLetter).filter_by(notice_id=sent.id).order_by(NoticeLetter.person_id)
    for row in db.session.scalars(rows).all()[::READ]:
        service.mark_read(row, at=now)
