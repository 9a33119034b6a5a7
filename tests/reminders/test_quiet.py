"""An answer quiets its ladder for some working days; then it goes on by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import make_residence_permit
from tests.test_pipeline import make_account, make_expert
from tests.web.letters_with_links import LINK
from tracker import pipeline
from tracker.answers import links, service
from tracker.answers.service import Duty, Words
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter
from tracker.reminders import ladder_file, quiet, why

#: Thursday; the permit is to be filed by Wednesday 30 September: d30 now, d14 on the 16th.
DAY = date(2026, 9, 10)


def at(day):
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=1)


@pytest.fixture
def alice(office, sink):
    person = make_expert()
    make_account("officer")
    make_residence_permit(person)
    pipeline.refresh([person.id], today=DAY, now=at(DAY))
    db.session.commit()
    pipeline.remind(today=DAY, now=clock.now())
    return person


def text_of(received):
    return received.message.get_body(("plain",)).get_content()


def give(sink, day, kind="filed", said=None):
    """Answer by the link of the newest letter to Alice."""
    to_her = [each for each in sink.received if each.address == "alice@example.org"][-1]
    token = LINK.findall(text_of(to_her))[0].removeprefix("/answer/")
    link = links.find(token)
    assert links.works(link, now=clock.now())
    row = db.session.get_one(Obligation, link.obligation_id)
    words = Words(kind, said or {}, "", "f" * 32)
    answer = service.give(
        link, Duty(row.rule_id, row.fact_ref, None), words, at=at(day), written=[]
    )
    quiet.begin(answer, today=day, now=at(day))
    db.session.commit()
    return answer


def days_told(sink, first, last):
    """Run every day; return the days on which Alice got a letter, and the officer."""
    told = {"alice@example.org": [], "officer@example.org": []}
    for offset in range((last - first).days + 1):
        before = len(sink.received)
        pipeline.remind(today=first + timedelta(offset), now=clock.now())
        for each in sink.received[before:]:
            told[each.address].append((first + timedelta(offset)).day)
    return told


def test_ladder_is_quiet_and_goes_on_by_itself(alice, sink):
    give(sink, date(2026, 9, 11))

    told = days_told(sink, date(2026, 9, 11), date(2026, 9, 23))

    # Five working days from Friday 11: quiet until Friday 18; d14 of the 16th is told then.
    assert told == {"alice@example.org": [18, 23], "officer@example.org": [23]}


def test_quiet_ends_on_the_safe_day_though_nobody_looked(alice, sink):
    days_told(sink, DAY, date(2026, 9, 28))
    give(sink, date(2026, 9, 28))

    told = days_told(sink, date(2026, 9, 29), date(2026, 9, 30))

    assert told == {"alice@example.org": [30], "officer@example.org": [30]}


def test_answer_the_office_closed_lets_the_ladder_go_on(alice, sink):
    answer = give(sink, date(2026, 9, 11))
    service.decide(answer, "closed", by="account:1", at=at(date(2026, 9, 14)))
    quiet.end(answer.id, by="account:1", today=date(2026, 9, 14), now=at(date(2026, 9, 14)))
    db.session.commit()

    assert days_told(sink, date(2026, 9, 14), date(2026, 9, 17))["alice@example.org"] == [16]


def test_why_says_that_an_answer_waits(alice, sink):
    give(sink, date(2026, 9, 11))
    days_told(sink, date(2026, 9, 16), date(2026, 9, 16))

    steps = [step for story in why.stories(alice, today=date(2026, 9, 16)) for step in story.steps]
    [step] = [step for step in steps if step.state == "held" and step.stage.id == "d14"]

    assert (step.decision.kind, step.decision.reason) == ("answer", "filed")
    assert step.decision.until == date(2026, 9, 18)


def test_wrong_address_hears_nothing_until_somebody_looks(alice, sink):
    give(sink, date(2026, 9, 11), kind="not_me")

    told = days_told(sink, date(2026, 9, 11), date(2026, 9, 30))

    assert told == {"alice@example.org": [], "officer@example.org": [23, 24, 30]}


def test_officer_is_reminded_of_answers_that_wait(alice, sink):
    give(sink, date(2026, 9, 11), kind="not_me")
    days_told(sink, date(2026, 9, 23), date(2026, 9, 23))

    [letter] = [each for each in sink.received if each.address == "officer@example.org"]

    assert "待您处理的在线答复：1 条" in text_of(letter)


def test_second_sending_has_the_same_bytes_and_the_same_link(alice, office, sink):
    [first] = [each for each in sink.received if each.address == "alice@example.org"]
    letter = db.session.scalars(sa.select(Letter)).one()
    letter.state, letter.finished_at, letter.send_after = "deferred", None, at(DAY)
    db.session.commit()

    pipeline.deliver()

    second = [each for each in sink.received if each.address == "alice@example.org"][1]
    assert second.content == first.content
    assert db.session.scalar(sa.text("SELECT count(*) FROM answer_link")) == 1


def test_plan_says_how_long_it_is_quiet():
    stages = "[{id: d7, days_before: 7, to: [expert]}]"
    text = f"quiet_after_answer: {{filed: 2}}\nx: {{rules: [RP-EXT], stages: {stages}}}"

    assert ladder_file.quiet_days(text) == {"filed": 2}
    assert [each.id for each in ladder_file.parse(text)] == ["x"]
    with pytest.raises(Invalid, match="whole number from 0 to 20"):
        ladder_file.quiet_days("quiet_after_answer: {filed: 99}")
