"""Where the weeks to come are placed in their picture."""

from datetime import date, timedelta

from tracker.obligations.load import Week
from tracker.web.weeks import FOOT, TOP, lay_out

MONDAY = date(2026, 11, 23)


def drawn(*loads, capacity=10, width=100, height=146):
    weeks = [Week(MONDAY + timedelta(7 * n), load, capacity) for n, load in enumerate(loads)]
    return lay_out(weeks, width=width, height=height)


def test_busiest_week_reaches_the_top_and_its_excess_stands_on_the_capacity():
    picture = drawn(20, 5, 0, 10)

    first, second, third, fourth = picture.columns
    assert picture.base == 146 - FOOT
    assert (first.over_y, first.over, first.fits_y, first.fits) == (TOP, 50, TOP + 50, 50)
    assert (second.fits, second.over, third.fits, fourth.fits, fourth.over) == (25, 0, 0, 50, 0)
    assert [column.crowded for column in picture.columns] == [True, False, False, False]


def test_capacity_is_a_line_over_all_weeks():
    assert drawn(20, 5).limit == "M0.0 72.0H50.0 L50.0 72.0H100.0"


def test_empty_weeks_are_drawn_against_the_capacity():
    picture = drawn(0, 0)

    assert {column.limit_y for column in picture.columns} == {TOP}


def test_months_are_named_where_they_begin():
    picture = drawn(*[1] * 10)

    assert [column.monday.isoformat() for column in picture.columns if column.month] == [
        "2026-11-23", "2026-12-07", "2027-01-04",
    ]  # fmt: skip


def test_flood_is_cut_off_so_that_usual_weeks_stay_visible():
    picture = drawn(1000, 60, 61, 10)

    assert [column.cut for column in picture.columns] == [True, False, True, False]
    assert {column.over_y for column in picture.columns[:3]} == {TOP}
    assert [column.load for column in picture.columns] == [1000, 60, 61, 10]
