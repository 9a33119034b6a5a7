"""Documents in, out and back; returns chased; places counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import make_person, record
from tracker import pipeline
from tracker.accounts import service as accounts
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.custody import queries, service, stock
from tracker.custody.models import CustodyEvent
from tracker.custody.service import Handing
from tracker.obligations.models import Obligation
from tracker.reminders.models import Reminder

#: A Tuesday.
TODAY = date(2026, 11, 24)
BY = "account:1"


def at(day=TODAY, hour=2):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def lodged(name="MARTIN Alice", number="EA1", form="lodge"):
    person = make_person(name_en=name, email=f"{number.lower()}@example.org")
    record(person, "passport", number=number, expires_on=date(2030, 1, 1))
    service.lodge(person.id, ["passport/1"], cabinet_id=None, by=BY, at=at(), form_id=form)
    return queries.of_person(person.id)[0]


def hand_out(items, form="out", **told):
    handing = Handing(**({"holder": "person", "due_on": date(2026, 12, 1)} | told))
    return service.hand_out(items, handing, by=BY, at=at(hour=3), form_id=form)


def duties():
    rows = db.session.execute(
        sa.select(Obligation.rule_id, Obligation.state, Obligation.safe_on, Obligation.detail_zh)
        .where(Obligation.rule_id.startswith("CUSTODY"))
    )  # fmt: skip
    return [tuple(row) for row in rows]


def refresh(items, day=TODAY):
    pipeline.refresh([item.person_id for item in items], today=day, now=at(day))


def test_twelve_passports_leave_by_one_form_and_the_form_sent_twice_is_one(app):
    items = [lodged(f"PERSON {n}", f"EA{n}") for n in range(12)]

    hand_out(items, reason="visas for a conference")
    again = hand_out(items)

    assert again == []
    assert queries.counts(today=TODAY) == {"in": 0, "out": 12, "late": 0, "missing": 0, "given": 0}
    assert {item.current.reason for item in items} == {"visas for a conference"}
    assert [event.kind for event in queries.events(items[0].id)] == ["out", "in"]


def test_all_leave_or_none(app):
    first, second = lodged("PERSON A", "EA1"), lodged("PERSON B", "EA2")
    hand_out([second])

    with pytest.raises(Conflict):
        hand_out([first, second], form="other")
    db.session.rollback()


def test_what_is_in_is_not_lodged_again_and_nobody_lodges_what_is_not_theirs(app):
    item = lodged()

    with pytest.raises(Conflict):
        service.take_in([item], cabinet_id=None, by=BY, at=at(), form_id="other")
    with pytest.raises(Invalid):
        service.lodge(item.person_id, ["visa/1"], cabinet_id=None, by=BY, at=at(), form_id="x")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"holder": "nobody"}, "holder"), ({"holder": "other"}, "to_whom"),
        ({"due_on": TODAY - timedelta(1)}, "due_on"),
    ],
)  # fmt: skip
def test_a_mistake_in_handing_out_is_named(app, told, field):
    item = lodged()

    with pytest.raises(Invalid) as caught:
        hand_out([item], **told)

    assert list(caught.value.messages) == [field]


def test_a_late_return_is_chased_with_the_person_and_whoever_handed_it_out(app):
    officer = accounts.create_account(email="o@example.org", name="O", role="officer", at=at())
    item = lodged()
    hand_out([item])
    refresh([item])
    asked = duties()
    told = {}
    for day in (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)):
        pipeline.plan_day(today=day, now=at(day))
        rows = db.session.scalars(sa.select(Reminder.recipient).filter_by(planned_on=day))
        told[day.day] = sorted(rows)

    service.take_in([item], cabinet_id=None, by=BY, at=at(date(2026, 12, 2)), form_id="back")
    refresh([item], date(2026, 12, 2))

    person = f"person:{item.person_id}"
    assert asked == [("CUSTODY-RETURN", "open", date(2026, 12, 1), "护照")]
    assert told == {30: [person], 1: [], 2: [f"account:{officer.id}", person]}
    assert [row[:2] for row in duties()] == [("CUSTODY-RETURN", "met")]


def test_what_a_colleague_has_is_chased_with_the_office_alone(app):
    item = lodged()
    hand_out([item], holder="office", due_on=date(2026, 12, 6))  # a Sunday: Friday is safe
    refresh([item])

    assert duties() == [("CUSTODY-FETCH", "open", date(2026, 12, 4), "护照")]


def test_given_back_for_good_is_due_never(app):
    item = lodged()
    hand_out([item], due_on=None)
    refresh([item])

    assert duties() == []
    assert queries.counts(today=TODAY)["given"] == 1


def test_a_stock_take_ends_once_each_difference_is_explained(app):
    here, gone, strange = (lodged(f"PERSON {n}", f"EA{n}") for n in range(3))
    hand_out([strange])
    take = stock.begin(cabinet_id=None, by=BY, at=at(hour=4))
    with pytest.raises(Conflict):
        stock.begin(cabinet_id=None, by=BY, at=at(hour=4))
    stock.tick(take, [here.id], [here.id, gone.id], {})
    stock.found_too(take, strange)
    with pytest.raises(Invalid):
        stock.finish(take, by=BY, at=at(hour=5))

    stock.tick(take, [], [], {gone.id: "handed over at the counter", strange.id: "brought back"})
    different = stock.finish(take, by=BY, at=at(hour=5))

    assert [line.item_id for line in different] == [gone.id, strange.id]
    assert [item.current.kind for item in (here, gone, strange)] == ["in", "missing", "in"]
    assert gone.current.reason == "handed over at the counter"
    with pytest.raises(Conflict):
        stock.get(take.id, change=True)


def test_a_number_on_a_sleeve_is_of_one_document(app):
    first, second = lodged("PERSON A", "EA1"), lodged("PERSON B", "EA2")
    service.tag(first, " s 17 ")

    with pytest.raises(Conflict):
        service.tag(second, "S17")

    assert first.tag == "S17"


def test_documents_go_with_their_person(app):
    item = lodged()
    hand_out([item])
    db.session.commit()

    db.session.execute(sa.text("DELETE FROM person"))

    assert db.session.scalars(sa.select(CustodyEvent.id)).all() == []
