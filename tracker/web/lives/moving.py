"""Who comes when and what is ready; who leaves when and what is still open."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.scope import scope_of
from tracker.core import clock
from tracker.lives import moving
from tracker.obligations import book
from tracker.web.access import READERS, roles, viewer

bp = Blueprint("moving", __name__)


@bp.get("/arriving")
@roles(*READERS, "unit_secretary")
def arriving() -> ResponseReturnValue:
    """Show who is expected and who came lately."""
    today = clock.today()
    found = moving.arrivals(scope_of(viewer()), today=today)
    return render_template(
        "lives/arriving.html", today=today, rules=book.current(),
        expected=[each for each in found if not each.come],
        come=[each for each in found if each.come and each.clocks],
    )  # fmt: skip


@bp.get("/leaving")
@roles(*READERS, "unit_secretary")
def leaving() -> ResponseReturnValue:
    """Show who is to leave and who left lately."""
    today = clock.today()
    found = moving.departures(scope_of(viewer()), today=today)
    return render_template(
        "lives/leaving.html", today=today, rules=book.current(),
        staying=[each for each in found if each.person.status != "departed"],
        gone=[each for each in found if each.person.status == "departed"],
    )  # fmt: skip
