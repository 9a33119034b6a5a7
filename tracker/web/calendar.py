"""The calendar: what is to be filed, opens, expires and was written, by month and by day."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.audit import actor_of
from tracker.accounts.models import Account
from tracker.accounts.scope import Scope, scope_of
from tracker.core import clock, i18n
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import agenda, book
from tracker.obligations.queries import visible
from tracker.outbox.models import Letter
from tracker.rules.book import RuleBook
from tracker.web import language
from tracker.web.access import READERS, roles, viewer
from tracker.web.forms import asked, page_number

bp = Blueprint("calendar", __name__)
KINDS = (*agenda.KINDS, "letters")
#: Entries of a day in the month's grid, in the list of days, and on a page of one day.
IN_GRID, IN_LIST, PAGE = 3, 8, 100
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
#: Letters that were taken back are on no day.
NEVER_LEFT = ("superseded", "cancelled")
_EMPTY = agenda.Day()


@dataclass(frozen=True, slots=True)
class Box:
    """A day of the month as the page draws it."""

    on: date
    holiday: bool
    makeup: bool
    name: str
    found: agenda.Day
    letters: int


@bp.get("/calendar")
@roles(*READERS, "unit_secretary", "expert")
def show() -> ResponseReturnValue:
    """Show a month, its days as a grid or as a list."""
    today = clock.today()
    first = _month(asked("month", 20), today)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    kind, account, rules = _kind(), viewer(), book.current()
    found = agenda.between(
        first, last, scope=scope_of(account), rules=rules,
        kinds=[each for each in agenda.KINDS if kind in ("", each)], most=IN_LIST,
    )  # fmt: skip
    letters = _letters(first, last, account) if kind in ("", "letters") else {}
    return render_template(
        "calendar/month.html", title=_title(first), first=first, today=today, kind=kind,
        kinds=KINDS, rules=rules, boxes=_boxes(first, last, found, letters, rules),
        in_grid=IN_GRID, in_list=IN_LIST, before=_turned(first, -1), after=_turned(first, 1),
        title_of=_title, as_list=asked("view") == "list",
        provisional=rules.calendar.is_provisional(first),
    )  # fmt: skip


@bp.get("/calendar/<day>")
@roles(*READERS, "unit_secretary", "expert")
def show_day(day: str) -> ResponseReturnValue:
    """Show everything on one day, a page of each kind at a time."""
    on, kind, page = _day(day), _kind(), page_number()
    account, rules = viewer(), book.current()
    kinds = [each for each in agenda.KINDS if kind in ("", each)]
    found = agenda.between(
        on, on, scope=scope_of(account), rules=rules, kinds=kinds, most=PAGE,
        offset=(page - 1) * PAGE,
    ).get(on, _EMPTY)  # fmt: skip
    letters = _letters(on, on, account) if kind in ("", "letters") else {}
    return render_template(
        "calendar/day.html", today=clock.today(), rules=rules, kind=kind, page=page,
        box=_boxes(on, on, {on: found}, letters, rules)[0], size=PAGE,
        before=max(on - timedelta(1), EARLIEST), after=min(on + timedelta(1), LATEST),
        pages=max((-(-count // PAGE) for count in found.counts.values()), default=1),
        provisional=rules.calendar.is_provisional(on),
        sees_delivery=account.role in READERS,
    )  # fmt: skip


def _boxes(
    first: date, last: date, found: Mapping[date, agenda.Day], letters: Mapping[date, int],
    rules: RuleBook,
) -> list[Box]:  # fmt: skip
    calendar = rules.calendar
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return [
        Box(
            on, calendar.is_holiday(on), calendar.is_makeup_workday(on), _name(on, rules),
            found.get(on, _EMPTY), letters.get(on, 0),
        )
        for on in days
    ]  # fmt: skip


def _name(on: date, rules: RuleBook) -> str:
    name = rules.calendar.name_of(on)
    return name[language.current()] if name else ""


def _title(first: date) -> str:
    if language.current() == "zh":
        return f"{first.year}年{first.month}月"
    return f"{i18n.MONTHS_EN[first.month - 1]} {first.year}"


def _letters(first: date, last: date, account: Account) -> dict[date, int]:
    """Return how many letters to those in the reader's scope left, or are to leave, on each day."""
    left_at = sa.func.coalesce(Letter.finished_at, Letter.send_after)
    starts = [_midnight(first + timedelta(n)) for n in range((last - first).days + 2)]
    day = sa.case(
        *((left_at < start, number) for number, start in enumerate(starts[1:])), else_=None
    )
    rows = db.session.execute(
        sa.select(day, sa.func.count())
        .where(
            left_at >= starts[0], left_at < starts[-1], Letter.state.not_in(NEVER_LEFT),
            _addressed(scope_of(account), account),
        )
        .group_by(day)
    )  # fmt: skip
    return {first + timedelta(number): count for number, count in rows}


def _addressed(scope: Scope, account: Account) -> sa.ColumnElement[bool]:
    if scope.everybody:
        return sa.true()
    people = sa.select(sa.literal("person:") + sa.cast(Person.id, sa.String)).where(visible(scope))
    return sa.or_(Letter.recipient == actor_of(account), Letter.recipient.in_(people))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.CAMPUS)


def _kind() -> str:
    kind = asked("kind")
    if kind and kind not in KINDS:
        abort(404)
    return kind


def _month(text: str, today: date) -> date:
    return _day(f"{text}-01") if text else today.replace(day=1)


def _day(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day
    except ValueError:
        abort(404)
    if len(text) != len("2026-01-31") or not EARLIEST <= day <= LATEST:
        abort(404)
    return day


def _turned(first: date, months: int) -> date | None:
    """Return the first day of a month before or after; None beyond what there is."""
    number = first.year * 12 + first.month - 1 + months
    if not EARLIEST.year * 12 <= number <= LATEST.year * 12 + 11:
        return None
    return date(number // 12, number % 12 + 1, 1)
