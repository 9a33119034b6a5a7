"""A notice goes once to everybody it concerns; who has no address is listed, not lost."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from tests.factories import make_person, record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.notices import audience, queries, service
from tracker.notices.models import Notice, NoticeLetter
from tracker.notices.writing import Reader, Text, write
from tracker.outbox.models import Letter

TODAY = date(2026, 9, 21)
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
TEXT = Text("国庆值班", "Office hours", "十月一日至七日休息。", "Closed from 1 to 7 October.")
HEAD = {"university": {"zh": "示例大学", "en": "Example University"},
        "office": {"zh": "国际交流处", "en": "International Office"}}  # fmt: skip


def published(query: str = "") -> Notice:
    notice = service.save(None, TEXT, audience_query=query, read=0, by="account:2", at=NOW)
    service.publish(notice, at=NOW)
    return notice


def send(notice: Notice) -> dict[str, int]:
    return service.send(notice, now=NOW, send_after=NOW)


def letters() -> list[Letter]:
    return list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))


@pytest.fixture
def people(app):
    alice = make_person()
    bob = make_person(name_en="BOB", name_zh=None, unit="化学学院", email="bob@example.org",
                      language="both", nationality="DEU")  # fmt: skip
    carl = make_person(name_en="CARL", name_zh=None, email=None)
    gone = make_person(name_en="GONE", status="departed", email="gone@example.org")
    return {"alice": alice, "bob": bob, "carl": carl, "gone": gone}


def test_everybody_it_concerns_gets_one_letter_and_the_rest_is_listed(people):
    notice = published()

    first, second = send(notice), send(notice)

    assert first == {"queued": 2, "no_address": 1}
    assert second == {"queued": 0, "no_address": 1}
    assert [(each.recipient, each.subject) for each in letters()] == [
        (f"person:{people['bob'].id}", "国庆值班 / Office hours"),
        (f"person:{people['alice'].id}", "Office hours"),
    ]
    assert [person.name for person, _letter in audience.unreached(notice)] == ["CARL"]


def test_an_audience_narrows_and_the_dead_are_nobodys_readers(people):
    record(people["alice"], "death", on=date(2026, 9, 1))
    db.session.execute(sa.text("UPDATE person SET status = 'active'"))
    db.session.expire_all()
    unit = published(f"unit={people['bob'].unit_id}")
    everybody = published()

    assert [p.name for p in audience.preview(unit, today=TODAY).reachable] == ["BOB"]
    assert "马爱丽 MARTIN Alice" not in [
        p.name for p in audience.outstanding(everybody, today=TODAY)
    ]


def test_who_gets_an_address_later_is_sent_it_then(people):
    notice = published()
    send(notice)
    people["carl"].email = "carl@example.org"
    letter = letters()[0]
    letter.state = "refused"
    db.session.flush()

    done = send(notice)

    assert done == {"queued": 2, "no_address": 0}
    keys = [each.key for each in letters()]
    assert keys[0] != keys[2]
    assert len(keys) == len(set(keys)) == 4


def test_a_link_opens_the_notice_until_it_is_withdrawn_and_reading_counts_once(people):
    notice = published()
    send(notice)
    message = message_from_bytes(letters()[1].content, policy=policy.default)
    token = message.get_body(("plain",)).get_content().partition(service.PATH)[2].split()[0]
    row = service.find(token)
    service.mark_read(row, at=NOW)
    service.mark_read(row, at=NOW.replace(hour=9))

    rates = [(rate.unit.name_zh, rate.sent, rate.read) for rate in audience.rates(notice)]
    taken = service.withdraw(notice, at=NOW)

    assert (row.person_id, row.read_at) == (people["alice"].id, NOW)
    assert sorted(rates) == [("化学学院", 1, 0), ("物理学院", 2, 1)]
    assert (taken, service.find(token), queries.out()) == (2, None, [])
    assert {each.state for each in letters()} == {"superseded"}


def test_what_is_out_stays_until_the_next_version_is_published(app):
    notice = published()
    changed = Text("国庆值班", "Office hours", "休息。", "Closed all week.")

    service.save(notice, changed, audience_query="", read=1, by="account:2", at=NOW)
    before = queries.one(notice.id).text
    service.publish(notice, at=NOW)

    assert (before, queries.one(notice.id).text) == (TEXT, changed)
    with pytest.raises(Conflict):
        service.save(notice, TEXT, audience_query="", read=1, by="account:3", at=NOW)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (Text("", "", "", ""), "title_zh"),
        (Text("题", "", "文", ""), "one_language"),
        (Text("题", "T", "文", ""), "body_en"),
        (Text("", "T", "", "b"), "one_language"),
    ],
)
def test_a_notice_in_one_language_says_why(app, text, field):
    with pytest.raises(Invalid) as caught:
        service.save(None, text, audience_query="", read=0, by="t", at=NOW)

    assert list(caught.value.messages) == [field]
    assert db.session.scalar(sa.select(sa.func.count(NoticeLetter.id))) == 0


def test_a_reader_of_the_other_language_is_told_why_there_is_only_one():
    text = Text("通告", "", "公安机关原文。", "", "The police published it in Chinese only.")

    letter = write(text, Reader(None, "BOB", "en"), link="https://example.org/x", letterhead=HEAD)
    both = write(text, Reader("鲍", "BOB", "both"), link="https://example.org/x", letterhead=HEAD)

    assert "This notice is in Chinese only: The police published it" in letter.text
    assert both.text.count("公安机关原文。") == 1
