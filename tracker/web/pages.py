"""What every template can use: dates, addresses with one part changed, languages."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, request
from markupsafe import Markup, escape

from tracker.core import clock, i18n
from tracker.roster import countries
from tracker.web import language, menu, paths, words

_ALPHA2 = {alpha3: alpha2 for alpha2, alpha3 in countries.ALPHA3.items()}
#: Parts of China, which Unicode's list of territories names on their own.
OURS = {
    "HKG": {"zh": "中国香港", "en": "Hong Kong, China"},
    "MAC": {"zh": "中国澳门", "en": "Macau, China"},
    "TWN": {"zh": "中国台湾", "en": "Taiwan, China"},
}


def init_app(app: Flask) -> None:
    """Give the templates of `app` their filters and globals."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=day,
        short_day=short_day,
        instant=instant,
        in_reader_language=in_reader_language,
        iso_day=iso_day,
        as_day=as_day,
        plain_day=plain_day,
        country=country,
        month_name=month_name,
        number=number,
    )
    app.jinja_env.globals.update(
        words=words,
        here=here,
        menu_entries=menu.entries,
        menu_here=menu.here,
        url_for=paths.address,
        months=i18n.MONTHS_EN,
    )


def day(value: date) -> Markup:
    """Write a day in full, machine-readable too."""
    return _day(value, language.current())


def short_day(value: date, today: date) -> Markup:
    """Write a day in a table: the year only when it is not this one."""
    return _short_day(value, value.year != today.year, language.current())


def plain_day(value: date) -> Markup:
    """Write a day as a document prints it, without the weekday."""
    return _plain_day(value, language.current())


# The same few days stand on every page.
@lru_cache(maxsize=4096)
def _day(value: date, spoken: str) -> Markup:
    return _time(value.isoformat(), i18n.day_text(value, spoken))


@lru_cache(maxsize=4096)
def _short_day(value: date, with_year: bool, spoken: str) -> Markup:
    return _time(value.isoformat(), _short_text(value, with_year, spoken))


@lru_cache(maxsize=4096)
def _plain_day(value: date, spoken: str) -> Markup:
    if spoken == "zh":
        return _time(value.isoformat(), f"{value.year}年{value.month}月{value.day}日")
    text = f"{value.day} {i18n.MONTHS_EN[value.month - 1][:3]} {value.year}"
    return _time(value.isoformat(), text)


def _short_text(value: date, with_year: bool, spoken: str) -> str:
    if spoken == "zh":
        text = (f"{value.year}年" if with_year else "") + f"{value.month}月{value.day}日"
        return text + f" 周{i18n.WEEKDAYS_ZH[value.weekday()]}"
    text = f"{i18n.WEEKDAYS_EN[value.weekday()]} {value.day} "
    return text + i18n.MONTHS_EN[value.month - 1][:3] + (f" {value.year}" if with_year else "")


def month_name(value: date) -> str:
    """Write a day's month, short, as a chart has room for."""
    if language.current() == "zh":
        return f"{value.month}月"
    return i18n.MONTHS_EN[value.month - 1][:3]


def number(value: int) -> str:
    """Write a count with its thousands apart."""
    return f"{value:,}"


def country(alpha3: str) -> str:
    """Return what the reader calls a nationality; the code itself if it is unknown."""
    if alpha3 in OURS:
        return OURS[alpha3][language.current()]
    names = _territories(language.babel_locale())
    return str(names.get(_ALPHA2.get(alpha3, ""), alpha3))


@cache
def _territories(locale: str) -> Mapping[str, str]:
    names: Mapping[str, str] = Locale.parse(locale).territories
    return names


def iso_day(value: str, today: date) -> str:
    """Write a day that comes as YYYY-MM-DD, as short_day() does."""
    written = date.fromisoformat(value)
    return _short_text(written, written.year != today.year, language.current())


def as_day(value: str) -> Markup:
    """Write a day that comes as YYYY-MM-DD, as plain_day() does; anything else as it is."""
    try:
        return plain_day(date.fromisoformat(value))
    except ValueError:
        return escape(value)


def instant(value: datetime) -> Markup:
    """Write an instant as campus day and hour."""
    local = value.astimezone(clock.CAMPUS)
    with_year = local.year != clock.today().year
    text = f"{_short_text(local.date(), with_year, language.current())} {local:%H:%M}"
    return _time(local.isoformat(timespec="minutes"), text)


def in_reader_language(zh: str | None, en: str | None) -> str:
    """Return the reader's of two texts, or the one there is."""
    first, second = (zh, en) if language.current() == "zh" else (en, zh)
    return first or second or ""


def here(**changes: str | int | None) -> str:
    """Return the address of this page with some of its parameters changed (None: left out)."""
    # Not url_for(**request.args): a visitor's "?_scheme=" would steer it.
    kept = {**request.args.to_dict(), **changes}
    query = urlencode({name: value for name, value in kept.items() if value is not None})
    return f"{request.path}?{query}" if query else request.path


def _time(machine: str, text: str) -> Markup:
    """Mark up what is ours: digits and names of days."""
    return Markup(f'<time datetime="{machine}">{text}</time>')  # noqa: S704
