"""Working days of the published years, and of years whose notice is not out."""

from datetime import date

import pytest

from tracker.rules.calendar import WorkCalendar
from tracker.rules.holidays import parse_year
from tracker.rules.load import load_book
from tracker.rules.model import RulesError

NOTICE_2027 = """
year: 2027
source: {law: invented notice, article: no. 1, issued_on: 2026-11-25, checked_on: 2026-11-26}
off:
  - {name: {zh: 元旦, en: New Year}, from: 2026-12-31, to: 2027-01-03}
  - {name: {zh: 春节, en: Spring Festival}, from: 2027-02-05, to: 2027-02-12}
working: [2027-02-14]
"""


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_book().calendar


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_published_years_have_their_known_number_of_working_days(
    calendar: WorkCalendar, year: int, workdays: int
) -> None:
    days = [
        date.fromordinal(n)
        for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    ]

    assert sum(calendar.is_workday(day) for day in days) == workdays


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # make-up Saturday
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 9, 20), True),  # make-up Sunday
        (date(2026, 9, 19), False),
        (date(2025, 10, 8), False),
        (date(2024, 10, 12), True),
        (date(2027, 2, 5), False),  # statutory only
        (date(2027, 2, 9), True),  # a notice may make it a day off
        (date(2027, 6, 9), False),
        (date(2035, 9, 17), True),
        (date(2036, 10, 1), False),  # beyond the table: fixed dates only
        (date(2036, 1, 28), True),
    ],
)
def test_a_day_works_or_not(calendar: WorkCalendar, day: date, works: bool) -> None:
    assert calendar.is_workday(day) is works


def test_previous_workday_is_the_day_itself_if_it_works(calendar: WorkCalendar) -> None:
    assert calendar.previous_workday(date(2026, 9, 30)) == date(2026, 9, 30)
    assert calendar.previous_workday(date(2026, 10, 7)) == date(2026, 9, 30)


def test_next_workday_is_strictly_after(calendar: WorkCalendar) -> None:
    assert calendar.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
    assert calendar.next_workday(date(2026, 10, 3)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, date(2026, 9, 24)),
        (1, date(2026, 9, 28)),
        (10, date(2026, 10, 15)),
        (-1, date(2026, 9, 23)),
        (-4, date(2026, 9, 20)),  # the make-up Sunday
        (-5, date(2026, 9, 18)),
    ],
)
def test_workdays_are_counted_without_the_first_day(
    calendar: WorkCalendar, count: int, expected: date
) -> None:
    assert calendar.add_workdays(date(2026, 9, 24), count) == expected


def test_only_years_without_notice_are_provisional(calendar: WorkCalendar) -> None:
    assert calendar.official_years == (2024, 2025, 2026)
    assert not calendar.is_provisional(date(2024, 1, 1), date(2026, 12, 31))
    assert calendar.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert calendar.is_provisional(date(2023, 12, 31))


def test_a_notice_entered_by_the_office_replaces_the_table() -> None:
    notice = parse_year(NOTICE_2027, file="2027.yaml")

    calendar = load_book(extra_calendars={2027: notice}).calendar

    assert calendar.official_years == (2024, 2025, 2026, 2027)
    assert not calendar.is_provisional(date(2027, 5, 1))
    assert not calendar.is_workday(date(2027, 2, 9))
    assert calendar.is_workday(date(2027, 2, 14))
    # A notice may exchange days of the December before.
    assert not calendar.is_workday(date(2026, 12, 31))


def test_a_notice_entered_by_the_office_replaces_one_shipped() -> None:
    corrected = parse_year(NOTICE_2027.replace("2027", "2026").replace("[2026-02-14]", "[]")
                           .replace("2026-12-31", "2025-12-31"), file="2026.yaml")  # fmt: skip

    calendar = load_book(extra_calendars={2026: corrected}).calendar

    assert calendar.is_workday(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("year: 2027", "year: 207", "year", "cannot be 207"),
        ("[2027-02-14]", "[2027-02-15]", "working", "has 2027-02-15, no weekend"),
        ("[2027-02-14]", "[2027-02-07]", "working", "has 2027-02-07, also off"),
        ("[2027-02-14]", "[2028-02-13]", "working", "has 2028-02-13, outside 2027"),
        ("[2027-02-14]", "[soon]", "working", "is not a list of dates"),
        ("to: 2027-02-12", "to: 2027-02-04", "off[2].to", "lies before `from`"),
        ("to: 2027-02-12", "to: 2027-03-12", "off[2].to", "makes more than 16 days"),
        (
            "2026-12-31, to: 2027-01-03",
            "2026-12-16, to: 2026-12-17",
            "off",
            "has 2026-12-16, outside 2027",
        ),
        ("law: invented notice, ", "", "source.law", "is missing"),
        ("working:", "worked:", "worked", "is unknown here"),
        ("en: New Year", "en: ''", "off[1].name.en", "is not a text"),
    ],
)
def test_a_mistake_in_a_notice_is_named(old: str, new: str, field: str, problem: str) -> None:
    text = NOTICE_2027.replace(old, new)

    with pytest.raises(RulesError) as error:
        parse_year(text, file="2027.yaml")

    assert (error.value.field, error.value.problem) == (field, problem)


def test_a_notice_without_days_off_is_refused() -> None:
    text = NOTICE_2027.partition("off:")[0]

    with pytest.raises(RulesError) as error:
        parse_year(text, file="2027.yaml")

    assert (error.value.field, error.value.problem) == ("off", "is missing or empty")


def test_a_notice_reaches_back_no_further_than_mid_december() -> None:
    text = NOTICE_2027.replace("2026-12-31, to: 2027-01-03", "2026-12-16, to: 2026-12-17")

    with pytest.raises(RulesError) as error:
        parse_year(text, file="2027.yaml")

    assert error.value.problem == "has 2026-12-16, outside 2027"
