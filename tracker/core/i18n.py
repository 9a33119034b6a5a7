"""Languages: which one a reader gets, and how dates read in it."""

from datetime import date, datetime

import flask_babel

from tracker.core.clock import CAMPUS

LANGUAGES = ("zh", "en")
LOCALES = {"zh": "zh_Hans", "en": "en"}
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August",
             "September", "October", "November", "December")  # fmt: skip


def day_text(day: date, language: str) -> str:
    """Write `day` so that nobody swaps day and month: 2026年10月1日（周四）, Thu 1 October 2026."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS_ZH[day.weekday()]}）"
    return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def instant_text(instant: datetime, language: str) -> str:
    """Write an aware instant as campus day and hour."""
    local = instant.astimezone(CAMPUS)
    return f"{day_text(local.date(), language)} {local:%H:%M}"


def gettext(message: str, **values: object) -> str:
    """Return a message in the language of the page being answered; English outside of one."""
    return str(flask_babel.gettext(message, **values))
