"""The audit trail: who did what to which thing, when."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts import audit
from tracker.core.clock import CAMPUS
from tracker.web.access import roles
from tracker.web.forms import asked, page_number

bp = Blueprint("audit", __name__, url_prefix="/audit")
PAGE = 100


@bp.get("")
@roles("admin", "auditor")
def show() -> ResponseReturnValue:
    """List entries, newest first, by actor, action, subject and days."""
    page = page_number()
    wanted = {name: asked(name, 80) for name in ("actor", "action", "subject", "from", "to")}
    since, until = _day(wanted["from"]), _day(wanted["to"])
    entries = audit.entries(
        actor=wanted["actor"], action=wanted["action"], subject=wanted["subject"],
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        offset=(page - 1) * PAGE, most=PAGE + 1,
    )  # fmt: skip
    shown = entries[:PAGE]
    return render_template(
        "audit/list.html", entries=shown, names=audit.names_of(shown), page=page,
        more=len(entries) > PAGE, asked=wanted, actions=audit.actions(), actors=audit.actors(),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CAMPUS)
