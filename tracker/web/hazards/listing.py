"""The list of hazards: filtered, the overdue first, taken along as a file."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.core import clock
from tracker.hazards import owners, queries, states
from tracker.hazards.queries import Wanted
from tracker.web.access import roles, viewer
from tracker.web.forms import asked, page_number
from tracker.web.hazards.within import LOOKERS, WRITERS, bp

PAGE = 60
#: What the address may ask for.
NAMES = ("building", "grade", "state", "kind", "age", "owner", "overdue")


@bp.get("/hazards")
@roles(*LOOKERS)
def show() -> ResponseReturnValue:
    """Show hazards, the overdue first."""
    today, page = clock.today(), page_number()
    told = {name: asked(name, 20) for name in NAMES if asked(name, 20)}
    which = wanted(told)
    count = queries.count(which, today=today)
    pages = max(-(-count // PAGE), 1)
    page = min(page, pages)
    rows = queries.listed(which, today=today, offset=(page - 1) * PAGE, most=PAGE)
    account = viewer()
    return render_template(
        "hazards/list.html", hazards=rows, count=count, page=page, pages=pages, wanted=which,
        today=today, filtered=which != Wanted(owner_id=_only()), may_write=account.role in WRITERS,
        summary=queries.summary(today=today) if _only() is None else None, asked_for=told,
        **_offers(),
    )  # fmt: skip


def wanted(told: Mapping[str, str]) -> Wanted:
    """Return which hazards are asked for, within what the reader may see; nonsense asks nothing."""

    def one_of(name: str, choices: Collection[str], otherwise: str = "") -> str:
        return told.get(name, "") if told.get(name, "") in choices else otherwise

    return Wanted(
        building_id=number(told.get("building", "")), grade=one_of("grade", states.GRADES),
        state=one_of("state", (*states.STATES, "all"), "open"),
        owner_id=_only() or number(told.get("owner", "")), kind=one_of("kind", states.KINDS),
        age=one_of("age", queries.AGES), overdue=told.get("overdue", "") == "1",
    )  # fmt: skip


def number(text: str) -> int | None:
    """Return a number of the address that a row may have; None for anything else."""
    return min(int(text), 2**31 - 1) if text.isascii() and text.isdecimal() else None


def _only() -> int | None:
    """Return whose hazards alone the reader may see, if it is not all."""
    account = viewer()
    return account.id if account.role == "unit_secretary" else None


def _offers() -> dict[str, Any]:
    return {
        "buildings": queries.buildings(), "owners": owners.choices(), "ages": queries.AGES,
        "states": ("open", *states.STATES, "all"), "grades": states.GRADES, "kinds": states.KINDS,
    }  # fmt: skip
