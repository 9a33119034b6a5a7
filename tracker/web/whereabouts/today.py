"""Who is where on a day: for an emergency, on paper and on a phone."""

from datetime import date, timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.web.access import OFFICE, roles
from tracker.web.forms import asked
from tracker.whereabouts import keeping, where
from tracker.whereabouts.where import PLACES, Wanted

bp = Blueprint("where", __name__)
AHEAD = timedelta(days=30)


@bp.get("/whereabouts/today")
@roles(*OFFICE, "head", "inspector")
def show() -> ResponseReturnValue:
    """Show who is where today, or on another day that is still kept."""
    today = clock.today()
    first, last = keeping.first_kept(today), today + AHEAD
    day, wrong = _day(today, first, last)
    everybody = where.everybody(day, today=today)
    place = asked("place") or "away"
    wanted = Wanted(
        asked("unit", 120), asked("building", 120), asked("country", 3),
        "" if place == "all" else place,
    )  # fmt: skip
    return render_template(
        "whereabouts/today.html", day=day, today=today, wrong=wrong, first=first, last=last,
        found=[each for each in everybody if wanted.takes(each)], place=place, wanted=wanted,
        counts=where.counts(everybody), countries=where.countries(everybody), places=PLACES,
        units=sorted({(each.unit_zh, each.unit_en) for each in everybody if each.unit_zh}),
        buildings=where.buildings(everybody), total=len(everybody),
    ), 422 if wrong else 200  # fmt: skip


def _day(today: date, first: date, last: date) -> tuple[date, str]:
    text = asked("on", 12)
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        return today, _("“%(text)s” is not a date. Write it like 2026-11-30.", text=text)
    if not first <= day <= last:
        return today, _("Trips of that day are not kept, or not yet known. Today is shown.")
    return day, ""
