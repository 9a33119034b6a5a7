"""The rule book in use: the files, plus the calendars the office added."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from tracker.core.db import db
from tracker.facts.models import CalendarNotice
from tracker.rules.book import RuleBook
from tracker.rules.holidays import parse_year
from tracker.rules.load import load_book
from tracker.rules.model import YearCalendar
from tracker.rules.procedures.load import PROCEDURES


@dataclass(frozen=True, slots=True)
class _Known:
    stamp: tuple[tuple[Any, ...], ...]
    book: RuleBook
    fingerprint: str


def current() -> RuleBook:
    """Return the rule book; read again only when a calendar was added."""
    return _known().book


def fingerprint() -> str:
    """Return what changes whenever the law, the city's numbers or a calendar does."""
    return _known().fingerprint


def _known() -> _Known:
    known: _Known | None = current_app.extensions.get("rulebook")
    notices = db.session.execute(
        sa.select(CalendarNotice.year, CalendarNotice.added_at).order_by(CalendarNotice.year)
    ).all()
    stamp = tuple(tuple(row) for row in notices)
    if known is None or known.stamp != stamp:
        known = _Known(stamp, _load(), _digest(stamp))
        current_app.extensions["rulebook"] = known
    return known


def _digest(stamp: object) -> str:
    directory = Path(current_app.config["RULES_DIR"])
    city = directory.parent / "jurisdictions" / f"{current_app.config['JURISDICTION']}.yaml"
    digest = hashlib.sha256(repr(stamp).encode())
    own = directory.parent / "procedures"
    procedures = own if own.is_dir() else PROCEDURES
    for file in [*sorted(directory.rglob("*.yaml")), *sorted(procedures.glob("*.yaml")), city]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def deadlines(rules: RuleBook) -> list[str]:
    """Return the rules that set a day by which somebody must act, the steps of cases among them."""
    return sorted(rules.deadlines)


def with_notice(year: YearCalendar) -> RuleBook:
    """Return the rule book as it would be with the notice of one more year."""
    return _load({year.year: year})


def _load(more: Mapping[int, YearCalendar] = {}) -> RuleBook:
    contents = db.session.scalars(sa.select(CalendarNotice).order_by(CalendarNotice.year))
    calendars = {
        notice.year: parse_year(notice.content, file=str(notice.year)) for notice in contents
    }
    calendars |= more
    return load_book(
        Path(current_app.config["RULES_DIR"]),
        jurisdiction=current_app.config["JURISDICTION"],
        extra_calendars=calendars,
    )
