"""What a unit's secretary may know: how many, or who, has no booking yet. Nothing else."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.core import clock
from tracker.health import due, standing
from tracker.health.models import HealthSchedule
from tracker.health.rounds import Round
from tracker.health.standing import Line, rhythm_of
from tracker.web.access import roles, viewer

bp = Blueprint("health_of_unit", __name__)


@dataclass(frozen=True, slots=True)
class Unbooked:
    """A round, how many of the unit have no booking for it, and who if that may be told."""

    schedule: HealthSchedule
    round: Round
    count: int
    lines: list[Line]


@bp.get("/health/unit")
@roles("unit_secretary")
def show() -> ResponseReturnValue:
    """Show who of the unit has no booking, as far as each schedule lets the unit know."""
    today, unit_id = clock.today(), viewer().unit_id
    found = []
    for schedule in due.running(today):
        rhythm = rhythm_of(schedule)
        each = rhythm.latest(today) or rhythm.round(0)
        if schedule.tell_units == "nothing" or each is None or unit_id is None:
            continue
        lines = [
            line
            for line in standing.lines(schedule, each, on=today, unit_id=unit_id)
            if line.state in ("missing", "coming") and line.booked_at is None
        ]
        named = lines if schedule.tell_units == "names" else []
        found.append(Unbooked(schedule, each, len(lines), named))
    return render_template("health/unit.html", found=found, today=today)
