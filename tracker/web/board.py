"""The board: what must be filed by when."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.models import ROLES, Account
from tracker.accounts.scope import scope_of
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import book, queries
from tracker.rules.book import RuleBook
from tracker.web import running
from tracker.web.access import READERS, roles, viewer
from tracker.web.forms import asked, page_number

bp = Blueprint("board", __name__)
#: Rows of each part on the overview, and on a page of one part.
FIRST, PAGE = 12, 100


@bp.get("/")
@roles(*ROLES)
def show() -> ResponseReturnValue:
    """Show the open deadlines by safe day, as far as the reader may see them."""
    account, today, now = viewer(), clock.today(), clock.now()
    if account.role == "expert" and account.person_id:
        return redirect(url_for("person.show", person_id=account.person_id), 302)
    if account.role == "inspector":
        return render_template("board/inspector.html")
    rules = book.current()
    deadlines = ids_of_deadlines(rules)
    counts = queries.counts(scope_of(account), deadlines, today=today)
    shared = {
        "counts": counts, "rules": rules, "today": today, "together": together,
        "running": running.look(now=now) if account.role in READERS else None,
    }  # fmt: skip
    if wanted := asked("part"):
        return _one(wanted, account, deadlines, today, shared)
    rows = queries.board(scope_of(account), deadlines, today=today, most=FIRST)
    if not any(counts.values()):
        shared["people"] = _anybody()
    return render_template("board/overview.html", rows=rows, most=FIRST, **shared)


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


def _anybody() -> bool:
    return db.session.query(Person.id).limit(1).first() is not None
