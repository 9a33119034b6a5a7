"""What is inspected by plan in each building: last, next, missed; tests are recorded here."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields, validate

from tracker import pipeline
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.files import content
from tracker.housing.models import Building
from tracker.inspections import patrols, plans, queries, tests
from tracker.inspections import plan_file as file
from tracker.inspections.models import BuildingTest
from tracker.inspections.plans import Standing
from tracker.obligations import book
from tracker.rules.model import Rule
from tracker.web import forms
from tracker.web.access import roles, viewer
from tracker.web.headers import LOCKED
from tracker.web.safety import INSPECTORS, LOOKERS

bp = Blueprint("inspection_plans", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One plan of a building. `missed`: the last day of what was missed, if something was."""

    rule: Rule
    every: str
    last: date | None
    next: date | None
    done: bool
    missed: date | None


class Test(forms.Form):
    """A test that was made."""

    building = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))
    rule = forms.text(20)
    done_on = forms.OptionalDay()
    done_by = forms.text(200)
    number = fields.String(load_default="", validate=validate.Length(max=60))
    note = fields.String(load_default="", validate=validate.Length(max=500))


@bp.get("/inspections/plans")
@roles(*LOOKERS)
def show() -> ResponseReturnValue:
    """Show where each building stands with what is inspected by plan."""
    return _page({}, {})


@bp.post("/inspections/tests")
@roles(*INSPECTORS)
def record() -> ResponseReturnValue:
    """Record a test, drill or visit that others made."""
    now = clock.now()
    today = clock.campus_day(now)
    try:
        typed = forms.typed(Test())
        if typed["done_on"] is None:
            raise Invalid(done_on=_("Give the day like 2026-11-30."))
        building_id = typed.pop("building")
        if db.session.get(Building, building_id) is None:
            raise Invalid(building=_("Choose one of the list."))
        row = tests.record(
            building_id, typed.pop("rule"), **typed, paper=_paper(), today=today,
            by=audit.actor_of(viewer()), at=now,
        )  # fmt: skip
    except TrackerError as error:
        db.session.rollback()
        return _page(error.messages, dict(request.form)), error.status
    pipeline.refresh_buildings([building_id], today=today, now=now)
    audit.record(actor=audit.actor_of(viewer()), action="record test",
                 subject=f"building:{building_id}", at=now,
                 details={"rule": row.rule_id, "done_on": row.done_on.isoformat()})  # fmt: skip
    db.session.commit()
    flash(_("Recorded. The next one is planned from this day."))
    return redirect(url_for("inspection_plans.show"), 303)


@bp.get("/inspections/tests/<int(max=2147483647):test_id>/paper")
@roles(*LOOKERS)
def paper(test_id: int) -> Response:
    """Hand out the paper of a test."""
    row, path = tests.paper_of(test_id)
    name = f"{row.rule_id}-{row.done_on}{path.suffix}"
    answer = send_file(path, mimetype=row.media_type, as_attachment=True, download_name=name,
                       max_age=0)  # fmt: skip
    answer.headers.update(LOCKED)
    return answer


def rows_of(building_ids: list[int], *, today: date) -> dict[int, list[Row]]:
    """Return the plans of each building with where they stand."""
    rules = book.current()
    grouped: dict[tuple[int, str], list[Standing]] = defaultdict(list)
    for each in plans.standings(building_ids, rules.calendar, today=today):
        grouped[each.building.id, each.plan.rule_id].append(each)
    found: dict[int, list[Row]] = {each: [] for each in building_ids}
    for (building_id, rule_id), standings in grouped.items():
        missed = next((each.start for each in standings if each.missed), None)
        current = next((each for each in standings if not each.missed), None)
        due = plans.days_of(current, rules)["safe_on"] if current else None
        found[building_id].append(
            Row(rules.rule(rule_id), standings[0].plan.every, standings[-1].last,
                due if current and current.is_open else None,
                bool(current and not current.is_open), missed)
        )  # fmt: skip
    return found


def _page(errors: dict[str, list[str]], typed: dict[str, Any]) -> str:
    today = clock.today()
    buildings = queries.buildings()
    ids = [each.id for each in buildings]
    rows, rules = rows_of(ids, today=today), book.current()
    papers: dict[int, list[BuildingTest]] = defaultdict(list)
    for each in tests.of_buildings(ids):
        papers[each.building_id].append(each)
    by_test = [key for key, plan in file.plans().plans.items() if plan.by_test]
    return render_template(
        "inspections/plans.html", buildings=[(each, rows[each.id]) for each in buildings],
        patrols=patrols.by_month(ids, today=today), papers=papers, tests=by_test,
        rules={key: rules.rule(key) for key in by_test}, today=today, errors=errors, typed=typed,
        may_record=viewer().role in INSPECTORS,
    )  # fmt: skip


def _paper() -> bytes | None:
    sent = request.files.get("paper")
    return sent.read(content.LARGEST + 1) or None if sent else None
