"""The board: what must be filed by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.models import ROLES, Account
from tracker.accounts.scope import scope_of
from tracker.core import clock
from tracker.core.db import db
from tracker.directory import cases
from tracker.facts.models import Person
from tracker.hazards import queries as hazards
from tracker.hazards.queries import Summary
from tracker.obligations import book, conflicts, load, queries
from tracker.rules.book import RuleBook
from tracker.rules.conflict_file import GRADES
from tracker.web import running
from tracker.web.access import READERS, roles, viewer
from tracker.web.forms import asked, page_number
from tracker.web.weeks import Load, lay_out

bp = Blueprint("board", __name__)
#: Rows of each part on the overview, and on a page of one part.
FIRST, PAGE = 12, 100


@dataclass(frozen=True, slots=True)
class Ahead:
    """The coming half year: its weeks, what can be filed earlier, and both pictures."""

    weeks: list[load.Week]
    moves: list[load.Move]
    wide: Load
    narrow: Load


@bp.get("/")
@roles(*ROLES)
def show() -> ResponseReturnValue:
    """Show the open deadlines by safe day, as far as the reader may see them."""
    account, today, now = viewer(), clock.today(), clock.now()
    if account.role == "expert" and account.person_id:
        return redirect(url_for("person.show", person_id=account.person_id), 302)
    if account.role == "inspector":
        return render_template(
            "board/inspector.html", hazards=_hazards(account, today), today=today
        )
    rules = book.current()
    deadlines = ids_of_deadlines(rules)
    counts = queries.counts(scope_of(account), deadlines, today=today)
    shared = {
        "counts": counts, "rules": rules, "today": today, "together": together,
        "running": running.look(now=now) if account.role in READERS else None,
    }  # fmt: skip
    if wanted := asked("part"):
        return _one(wanted, account, deadlines, today, shared)
    if week := asked("week"):
        return _week(week, account, deadlines, shared)
    if grade := asked("conflicts"):
        return _conflicts(grade, account, shared)
    rows = queries.board(scope_of(account), deadlines, today=today, most=FIRST)
    if not any(counts.values()):
        shared["people"] = _anybody()
    return render_template(
        "board/overview.html", rows=rows, most=FIRST, ahead=_ahead(account, rules, today),
        conflicts=conflicts.people(scope_of(account), rules, today=today),
        cases=cases.counts(scope_of(account), cases.Wanted(), today=today, now=now),
        hazards=_hazards(account, today), **shared,
    )  # fmt: skip


def _hazards(account: Account, today: date) -> Summary:
    """Return how the hazards stand; a unit's secretary is told of those that are theirs."""
    theirs = account.id if account.role == "unit_secretary" else None
    return hazards.summary(today=today, owner_id=theirs)


def ids_of_deadlines(rules: RuleBook) -> list[str]:
    """Return the rules that set a day by which somebody must act."""
    return book.deadlines(rules)


def together(rows: Sequence[sa.Row[Any]]) -> list[list[sa.Row[Any]]]:
    """Put side by side what one person has to file by the same day."""
    return [list(same) for _key, same in groupby(rows, lambda row: (row.safe_on, row.person_id))]


def _one(
    wanted: str, account: Account, deadlines: list[str], today: date, shared: dict[str, object]
) -> ResponseReturnValue:
    span = next((span for span in queries.spans(today) if span.name == wanted), None)
    if span is None:
        abort(404)
    page = page_number()
    rows = queries.part(scope_of(account), deadlines, span, offset=(page - 1) * PAGE, most=PAGE + 1)
    return render_template(
        "board/part.html", part=wanted, rows=rows[:PAGE], page=page, more=len(rows) > PAGE,
        **shared,
    )  # fmt: skip


def _week(
    wanted: str, account: Account, deadlines: list[str], shared: dict[str, object]
) -> ResponseReturnValue:
    """Show what is to be filed in the week that a day lies in."""
    try:
        day = date.fromisoformat(wanted)
        monday = day - timedelta(days=day.weekday())
        span = queries.Span("week", monday, monday + timedelta(days=6))
    except (ValueError, OverflowError):
        abort(404)
    page = page_number()
    rows = queries.part(scope_of(account), deadlines, span, offset=(page - 1) * PAGE, most=PAGE + 1)
    return render_template(
        "board/week.html", monday=monday, rows=rows[:PAGE], page=page, more=len(rows) > PAGE,
        **shared,
    )  # fmt: skip


def _conflicts(grade: str, account: Account, shared: dict[str, object]) -> ResponseReturnValue:
    """Show whose papers contradict each other, in one grade of urgency."""
    rules, today, page = book.current(), clock.today(), page_number()
    scope = scope_of(account)
    counted = conflicts.people(scope, rules, today=today)
    if grade not in GRADES:
        abort(404)
    rows = conflicts.listed(
        scope, rules, grade=grade, today=today, offset=(page - 1) * PAGE, most=PAGE + 1
    )
    return render_template(
        "board/conflicts.html", grade=grade, counted=counted, rows=rows[:PAGE], page=page,
        more=len(rows) > PAGE, grades=GRADES, **shared,
    )  # fmt: skip


def _ahead(account: Account, rules: RuleBook, today: date) -> Ahead | None:
    """Return the coming half year; only the whole office has a capacity to hold it against."""
    if account.role not in READERS:
        return None
    everybody = scope_of(account)
    planned = load.weeks(everybody, rules, today=today)
    if not any(week.load for week in planned):
        return None
    return Ahead(
        planned, load.moves(everybody, rules, planned, today=today),
        wide=lay_out(planned, width=1000, height=220),
        narrow=lay_out(planned, width=358, height=190),
    )  # fmt: skip


def _anybody() -> bool:
    return db.session.query(Person.id).limit(1).first() is not None
