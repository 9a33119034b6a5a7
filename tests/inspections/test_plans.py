"""What is inspected by plan: what is due when, what fulfils it, what is missed."""

from datetime import date, datetime, time, timedelta

import pytest

from tests.inspections.phones import Phone, make_building, make_inspector, rooms_of
from tracker import pipeline
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.inspections import done, periods, plans, tests
from tracker.inspections.done import missing_rounds
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.rules.holidays import load_calendar
from tracker.rules.load import REGULATIONS

MONDAY = date(2026, 3, 2)


def at(day, hour=10):
    return datetime.combine(day, time(hour), CAMPUS)


def inspect(phone, building, kind, when):
    """Make a finished inspection of a whole building."""
    key = f"{kind} {when}"
    phone.clock = when
    phone.send(phone.begin(building, key, kind=kind), phone.finish(key), now=when)


def duties(building, today):
    pipeline.refresh_buildings([building.id], today=today, now=at(today))
    rows = db.session.query(Obligation).filter_by(building_id=building.id)
    return {
        f"{row.rule_id} {row.fact_ref}": (row.state, row.safe_on)
        for row in rows
        if row.state != "ended" and row.rule_id not in ("INS-DAILY", "INS-FIRE-TEST")
    }


@pytest.mark.parametrize(
    ("every", "day", "before", "current"),
    [("month", date(2026, 3, 2), "2026-02", ("2026-03", date(2026, 3, 1), date(2026, 3, 31))),
     ("quarter", date(2026, 1, 1), "2025-Q4", ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31))),
     ("half_year", date(2026, 7, 9), "2026-H1", ("2026-H2", date(2026, 7, 1), date(2026, 12, 31))),
     ("half_month", date(2026, 2, 16), "2026-02-a",
      ("2026-02-b", date(2026, 2, 16), date(2026, 2, 28))),
     ("holiday", date(2026, 9, 28), "2026-09-25",
      ("2026-10-01", date(2026, 9, 21), date(2026, 9, 30))),
     ("term", date(2026, 3, 2), "2026-02-24", 
      ("2026-09-01", date(2026, 8, 22), date(2026, 8, 31)))],
)  # fmt: skip
def test_periods_around_a_day(every, day, before, current):
    found = periods.around(
        every, day, load_calendar(REGULATIONS / "calendar", {}), ahead=10, terms=((2, 24), (9, 1))
    )

    assert found[0].key == before
    assert (found[1].key, found[1].first, found[1].last) == current


def test_new_building_owes_nothing_of_before(app):
    building = make_building(gas=True)

    assert duties(building, MONDAY) == {
        "INS-DRILL 2026-H1": ("open", date(2026, 6, 30)),
        "INS-GAS first/2026-03-02": ("open", date(2026, 4, 1)),
        "INS-HOLIDAY 2026-04-04": ("open", date(2026, 4, 3)),
        "INS-MONTH 2026-03": ("open", date(2026, 3, 31)),
        "INS-QUARTER 2026-Q1": ("open", date(2026, 3, 31)),
        "INS-TERM 2026-09-01": ("open", date(2026, 8, 31)),
    }


def test_joint_inspection_fulfils_what_it_covers(app):
    phone = Phone(make_inspector().id)
    building = make_building()
    duties(building, MONDAY)
    inspect(phone, building, "joint", at(date(2026, 3, 10)))

    found = duties(building, date(2026, 3, 11))

    assert {key: state for key, (state, _day) in found.items()} == {
        "INS-DRILL 2026-H1": "open", "INS-HOLIDAY 2026-04-04": "open",
        "INS-MONTH 2026-03": "met", "INS-QUARTER 2026-Q1": "met", "INS-TERM 2026-09-01": "open",
    }  # fmt: skip


def test_missed_month_stays_due_until_the_next_inspection(app):
    phone = Phone(make_inspector().id)
    building = make_building()
    duties(building, MONDAY)

    april = duties(building, date(2026, 4, 6))
    assert april["INS-MONTH 2026-03"] == ("open", date(2026, 3, 31))
    assert april["INS-MONTH 2026-04"] == ("open", date(2026, 4, 30))

    inspect(phone, building, "monthly", at(date(2026, 4, 7)))
    after = duties(building, date(2026, 4, 8))
    assert "INS-MONTH 2026-03" not in after
    assert after["INS-MONTH 2026-04"][0] == "met"


def test_recorded_test_moves_the_next_by_a_year(app):
    building = make_building(lift=True)
    duties(building, MONDAY)
    tests.record(building.id, "INS-LIFT", done_on=date(2026, 3, 9), done_by="特检院", number="T-1",
                 note="", paper=None, today=date(2026, 3, 11), by="account:1",
                 at=at(date(2026, 3, 11)))  # fmt: skip

    found = duties(building, date(2026, 3, 11))

    assert found["INS-LIFT after/2026-03-09"] == ("open", date(2027, 3, 9))


def gaps(building, today):
    rows = plans.standings([building.id], book.current().calendar, today=today)
    return [(each.plan.rule_id, each.ref) for each in rows if each.ref.startswith("gap/")]


def test_missed_patrols_are_one_duty_until_the_next_patrol(app):
    phone = Phone(make_inspector().id)
    building = make_building()
    done.begin([building.id], today=MONDAY)
    inspect(phone, building, "daily", at(MONDAY))

    assert gaps(building, date(2026, 3, 3)) == []
    assert gaps(building, date(2026, 3, 4)) == [("INS-DAILY", "gap/2026-03-03")]
    assert gaps(building, date(2026, 3, 9)) == [("INS-DAILY", "gap/2026-03-03")]
    inspect(phone, building, "daily", at(date(2026, 3, 9)))
    assert gaps(building, date(2026, 3, 10)) == []


def test_night_is_whole_only_with_a_round_in_each_stretch():
    rounds = [
        at(MONDAY, 22),
        at(MONDAY, 23) + timedelta(hours=1.5),
        at(MONDAY, 23) + timedelta(hours=4),
    ]
    night = (22, 6, 2)

    assert missing_rounds(MONDAY, rounds, night) == [
        (at(date(2026, 3, 3), 4), at(date(2026, 3, 3), 6))
    ]
    assert missing_rounds(MONDAY, [*rounds, at(date(2026, 3, 3), 5)], night) == []


def test_night_patrol_is_asked_only_where_the_building_wants_it(app):
    building = make_building(night_patrol=True)
    other = make_building(name="西院外专楼")
    done.begin([building.id, other.id], today=MONDAY)

    found = gaps(building, date(2026, 3, 4))

    assert found == [("INS-DAILY", "gap/2026-03-02"), ("INS-NIGHT", "gap/2026-03-02")]
    assert gaps(other, date(2026, 3, 4)) == [("INS-DAILY", "gap/2026-03-02")]


def test_room_by_itself_is_no_inspection_of_the_building(app):
    phone = Phone(make_inspector().id)
    building = make_building()
    duties(building, MONDAY)
    room = rooms_of(building)[0].id
    phone.send(phone.begin(building, kind="monthly", room=room), phone.finish(), now=at(MONDAY))

    assert duties(building, MONDAY)["INS-MONTH 2026-03"][0] == "open"
