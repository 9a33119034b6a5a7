"""The half year to come against the office's capacity, and what can be filed earlier."""

from datetime import date, timedelta

import pytest

from tests.factories import make_person
from tracker.accounts.scope import Scope
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.obligations import book, load
from tracker.obligations.load import Filing, Move, Week, level
from tracker.obligations.models import Obligation

TODAY = date(2026, 11, 25)  # a Wednesday
MONDAY = date(2026, 11, 23)
EVERYBODY = Scope(everybody=True)


def obligation(person, rule_id, safe_on, opens_on=None, state="open"):
    db.session.add(Obligation(
        person_id=person.id, rule_id=rule_id, fact_ref=f"{rule_id}/{safe_on}", safe_on=safe_on,
        statutory_on=safe_on, opens_on=opens_on, state=state, changed_at=clock.now(),
    ))  # fmt: skip
    db.session.flush()


def weeks(scope=EVERYBODY, capacity=10):
    return load.weeks(scope, book.current(), today=TODAY, capacity=capacity)


def week(number, filings, capacity=2, overdue=0):
    return Week(MONDAY + number * load.WEEK, filings, capacity, overdue)


def filing(number, week_no, opens=None, weekday=2):
    opens_on = None if opens is None else MONDAY + timedelta(days=opens)
    return Filing(number, "RP-EXT", opens_on, MONDAY + week_no * load.WEEK + timedelta(weekday))


def moved(moves):
    return [(move.filing.person_id, (move.to - MONDAY).days // 7) for move in moves]


def test_safe_days_fall_into_their_weeks(app):
    person = make_person()
    obligation(person, "RP-EXT", date(2026, 11, 29))
    obligation(person, "WP-EXT-CLOSE", date(2026, 11, 30))
    obligation(make_person(name_en="B B", email="b@example.org"), "RP-EXT", date(2026, 12, 6))

    planned = weeks()

    assert [each.filings for each in planned[:4]] == [1, 2, 0, 0]
    assert (len(planned), planned[0].monday, planned[-1].monday) == (
        26, MONDAY, date(2027, 5, 17),
    )  # fmt: skip


def test_what_is_overdue_weighs_on_this_week(app):
    person = make_person()
    obligation(person, "RP-EXT", date(2026, 11, 24))
    obligation(person, "WP-EXT-CLOSE", date(2026, 3, 2))

    first = weeks(capacity=1)[0]

    assert (first.filings, first.overdue, first.load, first.excess) == (0, 2, 2, 1)


def test_only_filings_that_are_open_are_counted(app):
    person = make_person()
    for rule_id, day in (("WP-CHANGE", 7), ("WP-EXT-CLOSE", 9), ("VISA-COUNT", 9), ("VISA-EXT", 8)):
        obligation(person, rule_id, date(2026, 12, day))
    obligation(person, "RP-EXT", date(2026, 12, 8), state="filed")
    obligation(person, "SI-REG-JOB", date(2026, 12, 8))
    obligation(person, "WP-EXT-LOCAL", date(2026, 11, 26))

    assert [each.filings for each in weeks()[:4]] == [0, 0, 3, 0]


def test_half_a_year_is_looked_at_and_no_day_more(app):
    person = make_person()
    obligation(person, "RP-EXT", date(2027, 5, 23))
    obligation(person, "WP-EXT-CLOSE", date(2027, 5, 24))

    assert sum(each.filings for each in weeks()) == 1


def test_weeks_with_holidays_have_less_capacity(app):
    capacities = {each.monday: each.capacity for each in weeks(capacity=10)}

    # 1 January 2027 is a Friday, the spring festival takes 5 and 8 February.
    assert capacities[date(2026, 12, 21)] == 10
    assert capacities[date(2026, 12, 28)] == 8
    assert capacities[date(2027, 2, 8)] == 8


def test_scope_bounds_the_weeks(app):
    person = make_person()
    obligation(person, "RP-EXT", TODAY)

    assert weeks(Scope())[0].load == 0
    assert weeks(Scope(unit_id=person.unit_id))[0].load == 1


@pytest.mark.parametrize(
    ("planned", "filings", "expected"),
    [
        # No week is crowded.
        ([week(0, 2), week(1, 2)], [filing(1, 1), filing(2, 1)], []),
        # The one whose window opened first goes, to the latest week with room.
        ([week(0, 0), week(1, 1), week(2, 3)],
         [filing(1, 2, opens=3), filing(2, 2, opens=1), filing(3, 2, opens=9)], [(2, 1)]),
        # Not before its window opens.
        ([week(0, 0), week(1, 3)], [filing(1, 1, opens=7), filing(2, 1, opens=8)], []),
        ([week(0, 0), week(1, 3)], [filing(1, 1, opens=4), filing(2, 1, opens=8)], [(1, 0)]),
        # A window that opens on the weekend is no day to file.
        ([week(0, 0), week(1, 3)], [filing(1, 1, opens=5)], []),
        # An event's clock runs at once.
        ([week(0, 1), week(1, 3)], [filing(1, 1)], [(1, 0)]),
        # A full week takes none.
        ([week(0, 2), week(1, 3)], [filing(1, 1)], []),
        # No more go than are too many, and each week fills up.
        ([week(0, 1), week(1, 1), week(2, 6)], [filing(n, 2) for n in range(1, 7)],
         [(1, 1), (2, 0)]),
        # The first week's overdue ones cannot go anywhere.
        ([week(0, 1, overdue=4), week(1, 0)], [filing(1, 0)], []),
    ],
)  # fmt: skip
def test_crowded_weeks_give_to_earlier_ones(planned, filings, expected):
    assert moved(level(planned, filings)) == expected


def test_moves_name_the_person_and_both_weeks(app):
    person = make_person()
    obligation(person, "RP-EXT", date(2026, 12, 9), opens_on=date(2026, 11, 1))

    moves = load.moves(EVERYBODY, book.current(), [week(0, 0), week(1, 0), week(2, 3)],
                       today=TODAY)  # fmt: skip

    assert moves == [Move(
        Filing(person.id, "RP-EXT", date(2026, 11, 1), date(2026, 12, 9), "马爱丽", "MARTIN Alice",
               "物理学院", None),
        to=date(2026, 11, 30),
    )]  # fmt: skip


@pytest.mark.parametrize("value", [None, 0, -3, "12", True, 2.5])
def test_capacity_must_be_a_whole_number(value):
    with pytest.raises(Invalid, match=r"office\.yaml: give filings_per_week"):
        load.capacity_of({"filings_per_week": value}, name="office.yaml")


def test_the_office_shipped_has_a_capacity():
    assert load.office_capacity() == 12
