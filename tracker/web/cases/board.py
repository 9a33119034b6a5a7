"""The board of cases: a column for each state, cards that are moved from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.models import Account
from tracker.accounts.scope import scope_of
from tracker.cases import acts, overview
from tracker.cases.states import STATES
from tracker.core import clock
from tracker.directory import cases as listing
from tracker.directory import listing as people
from tracker.directory.cases import Listed, Wanted
from tracker.obligations import book
from tracker.rules.book import RuleBook
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.forms import asked, page_number

bp = Blueprint("cases", __name__)
#: Cards of each column, and on a page of one state.
FIRST, PAGE = 12, 60
WAITS = ("unit", "person", "office", "authority")


@dataclass(frozen=True, slots=True)
class Card:
    """A case with how it stands and where it may go."""

    listed: Listed
    standing: overview.Standing | None
    moves: Sequence[str]


@bp.get("/cases")
@roles(*READERS, "unit_secretary")
def show() -> ResponseReturnValue:
    """Show the cases the reader may see, by state."""
    account, today, now, rules = viewer(), clock.today(), clock.now(), book.current()
    scope, wanted = scope_of(account), _wanted()
    shared = _offers(account, rules) | {
        "wanted": wanted, "today": today, "rules": rules, "may_change": account.role in OFFICE,
        "counts": listing.counts(scope, wanted, today=today, now=now), "asks": acts.ASKS,
    }  # fmt: skip
    if wanted.state or wanted.closed:
        page = page_number()
        found = listing.page(scope, wanted, offset=(page - 1) * PAGE, most=PAGE + 1, now=now)
        return render_template(
            "cases/state.html", cards=_cards(found[:PAGE], rules, today), page=page,
            more=len(found) > PAGE, **shared,
        )  # fmt: skip
    columns = listing.board(scope, wanted, most=FIRST, now=now)
    cards = _cards([each for column in columns.values() for each in column], rules, today)
    by_id = {card.listed.case.id: card for card in cards}
    return render_template(
        "cases/board.html", most=FIRST, columns={
            name: [by_id[each.case.id] for each in columns.get(name, ())]
            for name in listing.COLUMNS
        }, **shared,
    )  # fmt: skip


def _cards(found: Sequence[Listed], rules: RuleBook, today: date) -> list[Card]:
    standing = overview.of_cases([each.case for each in found], rules, today=today)
    return [
        Card(
            each, standing.get(each.case.id),
            acts.possible(each.case, rules.procedures.by_id.get(each.case.procedure)),
        )
        for each in found
    ]  # fmt: skip


def _offers(account: Account, rules: RuleBook) -> dict[str, Any]:
    used = listing.procedures(scope_of(account))
    return {
        "units": people.units(scope_of(account)), "waits": WAITS,
        "procedures": [
            rules.procedures.by_id[each] for each in used if each in rules.procedures.by_id
        ],
    }  # fmt: skip


def _wanted() -> Wanted:
    unit, state, waits = asked("unit", 10), asked("state"), asked("waits")
    return Wanted(
        unit_id=min(int(unit), 2**31 - 1) if unit.isascii() and unit.isdecimal() else None,
        procedure=asked("procedure"), waits=waits if waits in WAITS else "",
        month=month_of(asked("month", 7)), state=state if state in STATES else "",
        closed=asked("closed") == "1",
    )  # fmt: skip


def month_of(text: str) -> date | None:
    """Return the first day of a month written 2026-11; None for anything else."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
