"""Every way an office writes a day; what has two readings is refused with both."""

from datetime import date, datetime

import pytest

from tracker.roster.cells import EPOCH_1900, EPOCH_1904
from tracker.roster.dates import NO_END, Month, Refusal, parse_day, parse_range

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    "cell",
    [
        DAY, datetime(2026, 11, 30, 8, 15), 46356, 46356.5, "46356", "2026.11.30", "2026/11/30",
        "2026-11-30", "20261130", 20261130, 20261130.0, "2026年11月30日", "2026年11月30号",
        "２０２６．１１．３０", " 2026-11-30 ", "2026 - 11 - 30", "2026 年 11 月 30 日",
        "2026-11-30 00:00:00", "2026-11-30T08:15:00", "30 Nov 2026", "30-Nov-2026",
        "Nov 30, 2026", "November 30 2026", "30 November 2026", "30/11/2026", "11/30/2026",
        "30.11.2026", "\u200b2026-11-30\ufeff",
    ],
)  # fmt: skip
def test_day_is_read_in_every_form(app_words, cell):
    assert parse_day(cell, EPOCH_1900) == DAY


@pytest.mark.parametrize("cell", ["2026.1.5", "2026/1/5", "2026-01-05", "2026年1月5日", "20260105"])
def test_day_and_month_of_one_figure_are_read(app_words, cell):
    assert parse_day(cell, EPOCH_1900) == date(2026, 1, 5)


def test_serial_counts_from_the_epoch_of_its_workbook(app_words):
    assert parse_day(44894, EPOCH_1904) == DAY


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("03/04/2027", "2027-03-04 or 2027-04-03"),
        ("3.4.2027", "2027-03-04 or 2027-04-03"),
        ("27-3-4", "two digits"),
        ("26.11.30", "two digits"),
        ("2026.13.01", "no such day"),
        ("2026-02-30", "no such day"),
        ("31/04/2027", "no such day"),
        ("13/13/2027", "no such day"),
        ("2026.11", "day is missing"),
        ("2026年11月", "day is missing"),
        (2026.1, "a month is lost"),
        ("民国116年", "Republic"),
        ("明年", "no date that can be read"),
        ("2026-11-30 / 2027-11-30", "no date that can be read"),
        ("3026-11-30", "3026 cannot be meant"),
        (date(1826, 1, 1), "1826 cannot be meant"),
        (7, "no date that can be read"),
        (99999999, "no such day"),
        (True, "no date"),
        (None, "no date here"),
    ],
)
def test_what_is_not_certain_is_refused_with_the_remedy(app_words, cell, told):
    found = parse_day(cell, EPOCH_1900)

    assert isinstance(found, Refusal)
    assert told in found.message


@pytest.mark.parametrize(
    ("text", "meaning", "day"),
    [("2026.9", Month.FIRST, date(2026, 9, 1)), ("2026年2月", Month.LAST, date(2026, 2, 28))],
)
def test_month_counts_in_full_where_that_is_usual(app_words, text, meaning, day):
    assert parse_day(text, EPOCH_1900, meaning) == day


@pytest.mark.parametrize(
    "text", ["长期", "长期有效", "永久", "无固定期限", "Long-term", "indefinite"]
)
def test_no_end_is_said_expressly(app_words, text):
    assert parse_day(text, EPOCH_1900) is NO_END


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2025.9-2026.8", (date(2025, 9, 1), date(2026, 8, 31))),
        ("2025年9月至2026年8月", (date(2025, 9, 1), date(2026, 8, 31))),
        ("2025-09-01 - 2026-08-31", (date(2025, 9, 1), date(2026, 8, 31))),
        ("2025.9.1—2026.8.31", (date(2025, 9, 1), date(2026, 8, 31))),
        ("2025/9/1~2026/8/31", (date(2025, 9, 1), date(2026, 8, 31))),
        ("20250901-20260831", (date(2025, 9, 1), date(2026, 8, 31))),
        ("2025-09-01 to 2026-08-31", (date(2025, 9, 1), date(2026, 8, 31))),
        ("2025.9起", (date(2025, 9, 1), NO_END)),
        ("2025.9.1-长期", (date(2025, 9, 1), NO_END)),
    ],
)
def test_period_is_read_in_every_form(app_words, text, days):
    assert parse_range(text, EPOCH_1900, months=True) == days


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026.8-2025.9", "ends before it begins"),
        ("2025.9-2026.13", "no such month"),
        ("一年", "no period"),
        ("2025", "no period"),
        (46356, "no period"),
    ],
)
def test_what_is_no_period_is_refused(app_words, text, told):
    found = parse_range(text, EPOCH_1900, months=True)

    assert isinstance(found, Refusal)
    assert told in found.message
