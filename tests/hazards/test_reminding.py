"""Hazards reach people by the one ladder and the one outbox, once each."""

from collections import Counter
from datetime import date, datetime, timedelta

from tests.hazards.places import AT, account, deed, find, make_house, order
from tracker import jobs, pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.hazards import duties, moving
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.outbox.lease import SchedulerLease


def refresh(house, at):
    pipeline.refresh_buildings([house.building.id], today=clock.campus_day(at), now=at)
    db.session.commit()


def run(day):
    """Plan and send on a day, at nine in the morning."""
    at = datetime.combine(day, datetime.min.time(), clock.CAMPUS) + timedelta(hours=9)
    pipeline.remind(today=day, now=at)


def heard(sink, before=()):
    """Return who got letters, one address a letter, but for those `before`."""
    return sorted((Counter(sink.addresses()) - Counter(before)).elements())


def due_of(hazard):
    rows = db.session.query(Obligation).filter_by(fact_ref=hazard.ref).order_by(Obligation.rule_id)
    return {row.rule_id: (row.state, row.safe_on) for row in rows}


def test_overdue_hazard_reaches_its_owner_and_then_the_head_once_each(office, sink):
    house = make_house()
    plumber, _head = account("plumber", "unit_secretary"), account("head", "head")
    hazard = find(house)
    order(hazard, house, owner_id=plumber.id, deadline=date(2026, 3, 12))
    refresh(house, AT)

    days, before = {}, []
    for number in range(14):
        day = date(2026, 3, 2) + timedelta(number)
        run(day)
        if letters := heard(sink, before):
            days[day.day] = letters
        before = sink.addresses()

    officer, keeper, head = "officer@example.org", "keeper@example.org", "head@example.org"
    owner = "plumber@example.org"
    assert days == {
        2: [owner], 11: [owner], 13: [keeper, officer, owner], 15: [head, officer, owner],
    }  # fmt: skip


def test_major_hazard_is_told_at_once_at_any_hour(office, sink):
    account("head", "head")
    house = make_house()
    night = datetime(2026, 3, 7, 23, 0, tzinfo=clock.CAMPUS)
    hazard = find(house, "major", item="G01", at=night, text="燃气管道泄漏")
    refresh(house, night)

    lease = SchedulerLease("test", ttl=60, now=lambda: night)
    for _ in range(2):
        jobs.tick(lease, now=night)

    assert heard(sink) == ["head@example.org", "keeper@example.org", "officer@example.org"]
    assert due_of(hazard) == {
        "HAZ-PLAN": ("open", date(2026, 3, 8)), "HAZ-REPORT": ("open", date(2026, 3, 8)),
        "HAZ-STOP": ("open", date(2026, 3, 7)),
    }  # fmt: skip


def test_duties_of_a_hazard_follow_its_life(app):
    house = make_house()
    hazard = find(house)
    refresh(house, AT)
    assert due_of(hazard) == {"HAZ-FIX-SERIOUS": ("open", date(2026, 3, 5))}
    row = db.session.query(Obligation).filter_by(fact_ref=hazard.ref).one()
    assert (row.owner_id, row.detail_zh, row.detail_en) == (
        house.keeper.id, "302 插排串接（2026-0001）", "302 插排串接 (2026-0001)"
    )  # fmt: skip

    order(hazard, house, deadline=date(2026, 3, 4))
    moving.done(hazard, deed())
    refresh(house, AT)
    assert due_of(hazard) == {
        "HAZ-FIX-SERIOUS": ("met", date(2026, 3, 4)), "HAZ-RECHECK": ("open", date(2026, 3, 4)),
    }  # fmt: skip
    assert hazard.next_on == date(2026, 3, 4)

    moving.reinspect(hazard, deed(), passed=True)
    refresh(house, AT)
    assert due_of(hazard) == {
        "HAZ-FIX-SERIOUS": ("met", date(2026, 3, 4)), "HAZ-RECHECK": ("met", date(2026, 3, 4)),
        "HAZ-SIGN": ("open", date(2026, 3, 9)),
    }  # fmt: skip


def test_failed_twice_is_the_heads(app):
    house = make_house()
    hazard = find(house, "minor")
    order(hazard, house)
    for _ in range(2):
        moving.done(hazard, deed())
        moving.reinspect(hazard, deed("仍在"), passed=False, deadline=date(2026, 3, 6))
    refresh(house, AT)

    assert duties.rule_of(hazard) == "HAZ-REOPENED-TWICE"
    assert hazard.next_on == date(2026, 3, 6)
    assert duties.next_day(hazard, book.current()) == date(2026, 3, 6)
