"""One event tells all that follows from it: facts, duties, cases; and is undone at once."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.factories import make_person, record
from tracker import pipeline
from tracker.accounts import service as accounts
from tracker.accounts.models import AuditEntry
from tracker.accounts.scope import Scope
from tracker.cases.models import Case
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.facts import last_change, queries, service
from tracker.facts.models import Person
from tracker.lives import erasing, events, moving
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.outbox import queue
from tracker.outbox.message import Draft
from tracker.outbox.models import Letter
from tracker.reminders.recipients import mailboxes

TODAY = date(2026, 9, 21)
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
LEAVING = {"on": "2026-09-24", "reason": "resignation", "afterwards": "leaves_china"}


@pytest.fixture
def alice(app) -> Person:
    person = make_person()
    day, end = date(2025, 11, 1), date(2027, 10, 31)
    record(person, "work_permit", number="W1", issued_on=day, expires_on=end)
    record(person, "residence_permit", number="R1", issued_on=day, expires_on=end)
    record(person, "contract", starts_on=day, ends_on=end)
    settle(person)
    return person


def settle(person: Person, *, today: date = TODAY, now: datetime = NOW) -> None:
    pipeline.refresh([person.id], today=today, now=now)


def due(person: Person) -> dict[tuple[str, str], str]:
    rows = db.session.scalars(sa.select(Obligation).filter_by(person_id=person.id))
    return {(row.rule_id, row.fact_ref): str(row.safe_on) for row in rows if row.state == "open"}


def open_cases(person: Person) -> set[str]:
    cases = db.session.scalars(sa.select(Case).filter_by(person_id=person.id, closed_at=None))
    return {case.procedure for case in cases}


def leave(person: Person, **changes: str) -> None:
    events.leave(person, LEAVING | changes, book.current(), by="test", at=NOW)
    settle(person)


def test_leaving_ends_the_contract_and_opens_the_cases(alice):
    leave(alice)

    contract = next(v for v in queries.in_force(alice.id) if v.kind == "contract")
    found = due(alice)
    assert contract.data["terminated_on"] == "2026-09-24"
    assert {key: found[key] for key in found if key[0] in moving.LEAVING} == {
        ("LEAVE-CONFIRM", "leaving/1"): "2026-09-28", ("LEAVE-ROOM", "leaving/1"): "2026-09-24",
        ("PSB-REPORT", "contract/1"): "2026-09-28", ("WP-CANCEL", "contract/1"): "2026-10-15",
    }  # fmt: skip
    assert open_cases(alice) == {"departure", "work_permit_cancellation"}


def test_another_last_day_moves_the_end_of_the_contract(alice):
    leave(alice)
    leave(alice, on="2026-09-30", afterwards="new_employer")

    found = due(alice)
    assert found["WP-CANCEL", "contract/1"] == "2026-10-20"
    assert found["RP-CHANGE", "leaving/1"] == "2026-10-09"
    assert [key for key in found if key[0] == "LEAVE-ROOM"] == [("LEAVE-ROOM", "leaving/1")]


def test_leaving_is_undone_at_once(alice):
    before = due(alice)
    leave(alice)

    last_change.undo(alice, expected=alice.revision, by="test", at=NOW.replace(hour=3))
    settle(alice)

    steps = {"WP-END-PAPERS", "WP-END-FILE", "LEAVE-REPORT", "LEAVE-EXIT"}
    assert {key: day for key, day in due(alice).items() if key[0] not in steps} == before


def test_an_arrival_starts_the_clocks(app):
    person = make_person(status="recruiting")
    events.plan_arrival(person, {"on": "2026-09-18"}, by="test", at=NOW)
    events.plan_arrival(person, {"on": "2026-09-19", "met_by": "李老师"}, by="test", at=NOW)
    lodging = {"moved_in_at": "2026-09-20T22:00", "building": "东院外专楼"}

    events.arrive(person, {"on": "2026-09-20", "visa": "Z"}, lodging, by="test", at=NOW)
    settle(person)

    assert person.status == "active"
    assert set(due(person)) == {
        ("ACC-24H", "accommodation/1"), ("HC-ENTRY", "entry/1"), ("RP-FIRST", "entry/1"),
    }  # fmt: skip
    assert events.planned_arrival(person.id) is None


def test_an_examination_before_the_journey_counts(app):
    person = make_person()
    record(person, "health_certificate", issued_on=date(2026, 3, 21))
    record(person, "entry", on=date(2026, 9, 20), visa="Z")
    settle(person)

    assert ("HC-ENTRY", "entry/1") not in due(person)


def test_no_letter_goes_to_the_dead(alice):
    account = accounts.create_account(
        email="alice@example.org", name="Alice", role="expert", at=NOW, person_id=alice.id
    )
    queue.enqueue(
        [Draft(f"person:{alice.id}", "alice@example.org", "s", "t", "h", None, key="k")],
        now=NOW, send_after=NOW,
    )  # fmt: skip
    events.die(alice, {"on": "2026-09-20"}, book.current(), by="test", at=NOW)
    settle(alice)

    mailbox = mailboxes([f"person:{alice.id}"])[f"person:{alice.id}"]
    assert (mailbox.address, alice.status, account.active) == (None, "departed", False)
    assert set(due(alice)) == {
        ("DEATH-FILE", due_ref(alice, "death")), ("DEATH-REPORT", due_ref(alice, "death")),
        ("PSB-REPORT", "death/1"), ("WP-CANCEL", "death/1"),
        ("WP-END-FILE", due_ref(alice, "work_permit_cancellation")),
        ("WP-END-PAPERS", due_ref(alice, "work_permit_cancellation")),
    }  # fmt: skip


def due_ref(person: Person, procedure: str) -> str:
    case = db.session.scalar(
        sa.select(Case).filter_by(person_id=person.id, procedure=procedure, closed_at=None)
    )
    return f"case/{case.id}" if case else ""


def test_an_address_typed_later_does_not_reach_the_dead(alice):
    events.die(alice, {"on": "2026-09-20"}, book.current(), by="test", at=NOW)
    service.change_profile(alice, {"email": "new@example.org"}, valid_from=TODAY, by="test", at=NOW)
    settle(alice)

    assert alice.email is None


def test_a_death_taken_back_gives_the_address_back(alice):
    events.die(alice, {"on": "2026-09-20"}, book.current(), by="test", at=NOW)
    settle(alice)

    last_change.undo(alice, expected=alice.revision, by="test", at=NOW.replace(hour=3))
    settle(alice)

    assert (alice.email, alice.status) == ("alice@example.org", "active")


@pytest.mark.parametrize(
    ("item", "values", "expected"),
    [
        ("name", {"name_en": "JONES Alice"}, {"WP-CHANGE", "RP-CHANGE"}),
        ("nationality", {"nationality": "CAN"}, {"WP-NATIONALITY", "RP-CHANGE"}),
        ("post", {"post": "教授"}, {"WP-CHANGE"}),
        ("category", {"category": "A"}, {"WP-CHANGE"}),
        ("workplace", {"after": "深圳校区"}, {"PSB-REPORT"}),
    ],
)
def test_a_change_starts_its_duties(alice, item, values, expected):
    events.change(alice, item, "2026-09-18", values, book.current(), by="test", at=NOW)
    settle(alice)

    assert {rule for rule, ref in due(alice) if ref == "change/1"} == expected


def test_nothing_different_is_no_change(alice):
    with pytest.raises(Invalid):
        events.change(
            alice, "category", "2026-09-18", {"category": "B"}, book.current(), by="t", at=NOW
        )


def test_a_lost_permit_is_reported_and_replaced(alice):
    told = {"on": "2026-09-21", "document": "residence_permit"}
    events.lose(alice, told, book.current(), by="test", at=NOW)
    settle(alice)

    assert due(alice)["RP-LOSS", "loss/1"] == "2026-09-22"
    assert open_cases(alice) == {"residence_permit_reissue"}


def test_the_lists_say_who_comes_and_what_is_ready(alice):
    bob = make_person(name_en="BOB", name_zh=None, status="recruiting", email=None)
    record(bob, "passport", number="P1", expires_on=date(2030, 1, 1))
    events.plan_arrival(bob, {"on": "2026-10-08", "met_by": "李老师"}, by="test", at=NOW)
    settle(bob)
    leave(alice)

    coming = moving.arrivals(Scope(everybody=True), today=TODAY)
    going = moving.departures(Scope(everybody=True), today=TODAY)

    assert [(each.person.id, each.come, str(each.on)) for each in coming] == [
        (bob.id, False, "2026-10-08")
    ]
    assert {need.name for need in coming[0].needs if need.ready} == {"passport", "met_by"}
    assert [clock.rule_id for clock in coming[0].clocks] == ["ARRIVE-READY", "ARRIVE-CONFIRM"]
    assert [each.person.id for each in going] == [alice.id]
    assert moving.arrivals(Scope(unit_id=bob.unit_id + 9), today=TODAY) == []


def test_a_record_is_proposed_on_its_day_and_then_deleted(alice):
    service.depart(alice, departed_on=date(2026, 9, 20), by="test", at=NOW)
    last = date(2029, 9, 19)  # 20 September 2026 + 1095 days
    later = NOW.replace(year=2029)
    settle(alice, today=last.replace(day=18), now=later)
    early = due(alice)
    settle(alice, today=last, now=later)
    proposed = due(alice)
    queue.enqueue([Draft(f"person:{alice.id}", "a@example.org", "s", "t", "h", None, key="k")],
                  now=NOW, send_after=NOW)  # fmt: skip
    number = alice.id
    with pytest.raises(Conflict):
        erasing.erase(number, by="account:1", today=last.replace(day=18), now=later)

    erasing.erase(number, by="account:1", today=last, now=later)

    assert ("KEEP-END", "record") not in early
    assert proposed["KEEP-END", "record"] == "2029-09-19"
    assert db.session.get(Person, number) is None
    assert db.session.scalar(sa.select(sa.func.count(Letter.id))) == 0
    entry = db.session.scalar(sa.select(AuditEntry).filter_by(action="delete record"))
    assert entry.subject == f"person:{number}"
    assert entry.details == {
        "versions": 6, "files": 0, "letters": 1, "told_others": 0, "left_on": "2026-09-20",
    }  # fmt: skip
