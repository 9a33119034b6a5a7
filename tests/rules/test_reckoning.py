"""The steps that are told lead to the day that was counted."""

from datetime import date, datetime, timedelta

import pytest

from tracker.rules.book import RuleBook
from tracker.rules.counting import CAMPUS
from tracker.rules.evaluate import evaluate
from tracker.rules.load import load_book
from tracker.rules.model import Fact, Person
from tracker.rules.reckoning import reckon


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_book()


def told(book, rule_id, kind, **data):
    return reckon(book.rule(rule_id), Fact(f"{kind}/1", kind, data), book)


def skipped(reckoning):
    return [(each.day.isoformat(), each.kind, each.name and each.name.en)
            for each in reckoning.skipped]  # fmt: skip


def test_safe_day_is_moved_back_over_a_named_holiday(book):
    found = told(book, "RP-EXT", "residence_permit", expires_on=date(2026, 10, 31))

    assert (found.start, found.statutory, found.last, found.safe) == (
        date(2026, 10, 31), date(2026, 10, 1), date(2026, 10, 1), date(2026, 9, 30),
    )  # fmt: skip
    assert skipped(found) == [("2026-10-01", "holiday", "National Day")]
    assert found.unknown_years == ()


def test_weekend_is_told_from_a_holiday(book):
    found = told(book, "RP-EXT", "residence_permit", expires_on=date(2026, 8, 31))

    assert (found.statutory, found.safe) == (date(2026, 8, 1), date(2026, 7, 31))
    assert skipped(found) == [("2026-08-01", "weekend", None)]


def test_counting_the_first_day_gives_a_day_away(book):
    found = told(book, "RP-FIRST", "entry", on=date(2026, 3, 2), visa="Z")

    assert (found.statutory, found.last, found.safe) == (
        date(2026, 4, 1), date(2026, 3, 31), date(2026, 3, 31),
    )  # fmt: skip
    assert found.skipped == ()


def test_working_days_name_what_does_not_count_and_what_does(book):
    found = told(book, "WP-CANCEL", "contract", terminated_on=date(2026, 9, 24))

    assert found.statutory == date(2026, 10, 15)
    assert len(found.within) == 11
    assert found.made_up == (date(2026, 10, 10),)


def test_stricter_reading_is_told_when_it_decides(book):
    found = told(book, "WP-CHANGE", "passport", received_on=date(2026, 9, 24), replaces="P1")

    assert found.statutory == date(2026, 10, 15)
    assert found.stricter is not None
    assert (found.stricter[1], found.safe) == (date(2026, 9, 30), date(2026, 9, 30))
    assert found.skipped == ()


def test_hours_go_on_over_holidays(book):
    moment = datetime(2026, 9, 30, 22, 15, tzinfo=CAMPUS)

    found = told(book, "ACC-24H", "accommodation", moved_in_at=moment)

    assert (found.start, found.statutory, found.safe) == (
        date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 1),
    )  # fmt: skip
    assert (found.skipped, found.unknown_years) == ((), ())


def test_year_without_a_notice_is_named(book):
    found = told(book, "RP-EXT", "residence_permit", expires_on=date(2027, 7, 15))

    assert found.unknown_years == (2027,)


def test_fact_that_starts_no_count_has_no_steps(book):
    assert told(book, "RP-EXT", "residence_permit", number="R1") is None
    assert told(book, "RP-EXT", "passport", expires_on=date(2027, 7, 15)) is None


def test_steps_agree_with_the_duties_for_every_rule_and_many_days(book):
    fields = {"expires_on", "issued_on", "received_on", "on", "starts_on", "terminated_on",
              "accepted_on"}  # fmt: skip
    wrong = []
    for offset in range(0, 400, 7):
        day = date(2026, 1, 3) + timedelta(offset)
        for kind in book.kinds:
            data = dict.fromkeys(fields, day) | {
                "replaces": "P1", "visa": "Z", "procedure": "work_permit",
                "moved_in_at": datetime(day.year, day.month, day.day, 9, tzinfo=CAMPUS),
            }  # fmt: skip
            fact = Fact(f"{kind}/1", kind, data)
            for duty in evaluate(Person("FRA", "B"), [fact], book):
                steps = reckon(book.rule(duty.rule_id, day), fact, book)
                assert steps is not None
                if (steps.statutory, steps.safe) != (duty.statutory, duty.safe or duty.statutory):
                    wrong.append((duty.rule_id, day))

    assert wrong == []
