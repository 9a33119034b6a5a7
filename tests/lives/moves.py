"""People who come, leave, or left long ago, and notices that tell of something, in an office."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker import pipeline
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.facts.models import Person
from tracker.lives import events
from tracker.notices import service as notices
from tracker.notices.writing import Text
from tracker.obligations import book
from tracker.outbox.models import Letter

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


def make(*, today: date, at: datetime) -> None:
    """Let somebody be expected, somebody leave, one record have been kept long enough; commits."""
    by_status = {
        status: db.session.scalars(
            sa.select(Person).filter_by(status=status).order_by(Person.id)
        ).all()
        for status in ("recruiting", "active", "departed")
    }
    for number, person in enumerate(by_status["recruiting"][:3]):
        told = {"on": today + timedelta(4 + 9 * number), "flight": "CA8206", "port": "武汉天河机场"}
        settled = {"met_by": "李老师", "lodging": "东院外专楼 301"} if number == 0 else {}
        events.plan_arrival(person, told | settled, by="account:2", at=at)
    for person in by_status["active"][9:10]:
        told = {"on": today + timedelta(12), "reason": "resignation", "afterwards": "new_employer"}
        events.leave(person, told, book.current(), by="account:2", at=at)
    for person in by_status["departed"][:1]:
        left = {"departed_on": today - timedelta(1200)}
        facts.change_profile(person, left, valid_from=today, by="account:2", at=at)
    moved = [each.id for people in by_status.values() for each in people]
    pipeline.refresh(moved, today=today, now=at)
    make_notices(at=at)
    db.session.commit()


def make_notices(*, at: datetime) -> None:
    """Leave a notice that was sent and partly read, one that is out, and a draft."""
    kept = [
        notices.save(None, text, audience_query=query, read=0, by="account:2", at=at)
        for text, query in zip(TEXTS, ("status=active", "identity=foreigner", ""), strict=True)
    ]
    for notice in kept[:2]:
        notices.publish(notice, at=at)
    notices.send(kept[0], now=at, send_after=at)
    for letter in db.session.scalars(sa.select(Letter).where(Letter.key.startswith("notice/"))):
        letter.state, letter.attempts, letter.finished_at = "accepted", 1, at
    for person_id in (1, 2, 4):
        row = notices.addressed(kept[0].id, person_id)
        if row is not None:
            notices.mark_read(row, at=at)
