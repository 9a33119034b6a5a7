"""Dates as people write them: what has one reading is taken, what has two is refused.

A date cell, a serial, 2026.11.30, 2026/11/30, 2026-11-30, 20261130, 2026年11月30日, 30 Nov 2026
have one. 03/04/2027, 27-3-4 and 民国116年 have several, or need to be guessed at.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from tracker.core.i18n import gettext as _
from tracker.roster.cells import Cell, day_of

FIRST_YEAR, LAST_YEAR = 1900, 2200
#: Text and figures of five digits are serial dates between these: 1927 to 2099.
_SERIALS = range(10_000, 73_051)


class Month(Enum):
    """What a month without a day stands for: nothing, its first day, or its last one."""

    REFUSED = "refused"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a cell was not taken, and what to write instead."""

    message: str


class NoEnd(Enum):
    """Said expressly: it has no end."""

    NO_END = "no end"


NO_END = NoEnd.NO_END
Day = date | NoEnd | Refusal

_YMD = re.compile(
    r"(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)"
    r"(?:(?:[T ]|(?<=日))\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_YM = re.compile(r"(\d{4})(?:[-./](\d{1,2})|年(\d{1,2})月?)")
_NUMERIC = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[-./年]\d{1,2}[-./月]\d{1,2}日?")
_NAMED = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3,9})\.?[ -](?:(\d{1,2}),? )?(\d{4})")
_MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september",
         "october", "november", "december"), start=1)
    for length in (3, 4, len(name))
}  # fmt: skip
_ENDLESS = re.compile(
    r"长期(有效)?|永久(有效)?|无固定期限|无期限|不限|"
    r"long[- ]?term|permanent|indefinite|open[- ]?ended",
    re.IGNORECASE,
)
_ONE_DAY = r"\d{4}[-./年]\d{1,2}(?:[-./月]\d{1,2}[日号]?|月)?|\d{8}"
_RANGE = re.compile(
    rf"({_ONE_DAY})\s*(?:--?|–|—+|~|至|到|起至|起|to)\s*({_ONE_DAY}|{_ENDLESS.pattern})?",
    re.IGNORECASE,
)


def parse_day(value: Cell, epoch: date, month: Month = Month.REFUSED) -> Day:
    """Return the day a cell names, NO_END, or why it names none for certain."""
    if isinstance(value, datetime):
        return _checked(value.date())
    if isinstance(value, date):
        return _checked(value)
    if isinstance(value, int | float):
        return _from_figure(value, epoch)
    if isinstance(value, str):
        return _from_text(_folded(value), epoch, month)
    return Refusal(_("There is no date here. Write it like 2026-11-30."))


def parse_range(value: Cell, epoch: date, *, months: bool) -> tuple[Day, Day] | Refusal:
    """Return the first and the last day of a range; a month counts in full if `months`."""
    found = _RANGE.fullmatch(_folded(value)) if isinstance(value, str) else None
    if found is None:
        return Refusal(_("This is no period. Write it like 2025-09-01 - 2026-08-31."))
    first = _from_text(found[1], epoch, Month.FIRST if months else Month.REFUSED)
    last = _from_text(found[2] or "长期", epoch, Month.LAST if months else Month.REFUSED)
    for day in (first, last):
        if isinstance(day, Refusal):
            return day
    if isinstance(first, date) and isinstance(last, date) and last < first:
        return Refusal(_("The period ends before it begins. Correct one of its two dates."))
    return first, last


def is_range(value: Cell) -> bool:
    """Tell whether a cell holds two dates."""
    found = _RANGE.fullmatch(_folded(value)) if isinstance(value, str) else None
    return found is not None and _YMD.fullmatch(_folded(str(value))) is None


def _from_figure(value: int | float, epoch: date) -> Day:
    if value in _SERIALS or int(value) in _SERIALS:
        day = day_of(value, epoch)
        return day.date() if isinstance(day, datetime) else _checked(day) if day else _unreadable()
    if value == int(value):
        return _from_text(str(int(value)), epoch, Month.REFUSED)
    return Refusal(
        _("Excel keeps 2026.10 as 2026.1, so a month is lost here. Write the day as 2026-10-01.")
    )


def _from_text(text: str, epoch: date, month: Month) -> Day:
    if found := _YMD.fullmatch(text):
        return _day(found[1], found[3] or found[5], found[4] or found[6])
    if re.fullmatch(r"\d{8}", text):
        return _day(text[:4], text[4:6], text[6:])
    if re.fullmatch(r"\d{5}", text) and int(text) in _SERIALS:
        return _from_figure(int(text), epoch)
    if _ENDLESS.fullmatch(text):
        return NO_END
    if found := _YM.fullmatch(text):
        return _whole_month(int(found[1]), int(found[2] or found[3]), month)
    return _from_other_text(text)


def _from_other_text(text: str) -> Day:
    if found := _NUMERIC.fullmatch(text):
        return _day_or_month_first(int(found[1]), int(found[2]), int(found[3]))
    found = _NAMED.fullmatch(text)
    number = _MONTHS.get(found[2].lower()) if found else None
    if found and number and bool(found[1]) != bool(found[3]):
        return _day(found[4], str(number), found[1] or found[3])
    if text.startswith("民国"):
        return Refusal(_("A year of the Republic. Write the year of the common era: 2027-11-30."))
    if _SHORT_YEAR.fullmatch(text):
        return Refusal(
            _("The year has two digits, so day, month and year can be swapped. Write it like "
              "2026-11-30.")
        )  # fmt: skip
    return _unreadable()


def _day_or_month_first(first: int, second: int, year: int) -> Day:
    readings = set(_possible(year, first, second)) | set(_possible(year, second, first))
    if len(readings) == 1:
        return _checked(readings.pop())
    if not readings:
        return Refusal(_("There is no such day. Write it like 2026-11-30."))
    return Refusal(
        _("This can be %(one)s or %(other)s. Write the year first, like 2026-11-30.",
          one=min(readings).isoformat(), other=max(readings).isoformat())
    )  # fmt: skip


def _possible(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _day(year: str, month: str, day: str) -> Day:
    for found in _possible(int(year), int(month), int(day)):
        return _checked(found)
    return Refusal(_("There is no such day. Write it like 2026-11-30."))


def _whole_month(year: int, month: int, meaning: Month) -> Day:
    if not 1 <= month <= 12:
        return Refusal(_("There is no such month. Write the day like 2026-11-30."))
    if meaning is Month.REFUSED:
        return Refusal(_("The day is missing. Write it like 2026-11-30."))
    day = 1 if meaning is Month.FIRST else monthrange(year, month)[1]
    return _checked(date(year, month, day))


def _checked(day: date) -> Day:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    return Refusal(_("The year %(year)s cannot be meant. Correct it.", year=day.year))


def _unreadable() -> Refusal:
    return Refusal(_("This is no date that can be read. Write it like 2026-11-30."))


def _folded(text: str) -> str:
    """Return full-width figures as plain ones, without blanks around the signs between them."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("​﻿").strip()
    return re.sub(r"\s*([-./年月日])\s*(?=\D?\d|$)", r"\1", plain)
