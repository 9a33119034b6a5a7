"""A clinic's list typed in one go, and the list of who is missing: on a page, on paper, as xlsx."""

import io
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import xlsxwriter
from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.health import results, standing
from tracker.health.models import RESULTS, HealthSchedule
from tracker.health.rounds import Round
from tracker.health.standing import Line, rhythm_of
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.forms import asked, page_number
from tracker.web.health_checks.within import (
    ROUND,
    SCHEDULE,
    actor,
    for_the_desk,
    note,
    round_of,
    schedule_of,
    settle,
)
from tracker.web.pages import in_reader_language

bp = Blueprint("health_entering", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of the form; what is more is typed in a second go.
PAGE = 100


class Sheet(forms.Form):
    """What a clinic reports of a day: a result for each person on the page, or none."""

    done_on = forms.OptionalDay()
    person = fields.List(fields.Integer(validate=validate.Range(1, 2**31 - 1)), required=True)
    result = fields.List(fields.String(validate=validate.OneOf(("", *RESULTS))), required=True)


class Day(forms.Form):
    """As of which day."""

    on = forms.OptionalDay()


@bp.get(ROUND + "/results")
@roles(*OFFICE)
@for_the_desk
def sheet(schedule_id: int, number: int) -> ResponseReturnValue:
    """Show those of whom nothing is recorded yet, to be typed row by row."""
    return _sheet(schedule_id, number, {}, {})


@bp.post(ROUND + "/results")
@roles(*OFFICE)
@for_the_desk
def save(schedule_id: int, number: int) -> ResponseReturnValue:
    """Record what was typed; who is refused stays on the page with the reason."""
    schedule = schedule_of(schedule_id)
    try:
        typed = forms.typed(Sheet(), lists=("person", "result"))
        told = _told(typed)
        allowed = {line.person_id for line in standing.lines(
            schedule, round_of(schedule, number), on=clock.today())}  # fmt: skip
        refused = results.record_many(
            schedule, number, {each: told[each] for each in told if each in allowed},
            by=actor(), at=clock.now(),
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        return _sheet(schedule_id, number, error.messages, {}), 422
    saved = sorted((set(told) & allowed) - set(refused))
    note(
        "health results recorded", f"health_schedule:{schedule_id}", round=number, count=len(saved)
    )
    settle(saved)
    flash(ngettext("%(num)s result recorded.", "%(num)s results recorded.", len(saved)))
    if refused:
        return _sheet(schedule_id, number, {}, refused), 409
    return redirect(url_for("health_entering.sheet", schedule_id=schedule_id, number=number), 303)


def _told(typed: dict[str, Any]) -> dict[int, tuple[date, str]]:
    if typed["done_on"] is None:
        raise Invalid(done_on=_("Give the day like 2026-11-30."))
    if len(typed["person"]) != len(typed["result"]):
        raise Invalid(_("The form came incomplete. Load the page again."))
    pairs = zip(typed["person"], typed["result"], strict=True)
    return {person_id: (typed["done_on"], result) for person_id, result in pairs if result}


def _sheet(
    schedule_id: int, number: int, errors: dict[str, list[str]], refused: dict[int, str]
) -> str:
    schedule, today = schedule_of(schedule_id), clock.today()
    each, page = round_of(schedule, number), page_number()
    found = standing.lines(schedule, each, on=today)
    waiting = [line for line in found if line.state in ("missing", "booked", "coming")]
    return render_template(
        "health/sheet.html", schedule=schedule, round=each, today=today, errors=errors,
        refused=refused, lines=waiting[(page - 1) * PAGE : page * PAGE], count=len(waiting),
        page=page, pages=-(-len(waiting) // PAGE), done=len(found) - len(waiting),
    )  # fmt: skip


@bp.get(SCHEDULE + "/missing")
@roles(*OFFICE)
@for_the_desk
def missing(schedule_id: int) -> ResponseReturnValue:
    """Show who is missing on a day, by unit; made to be printed."""
    schedule, on = schedule_of(schedule_id), _day()
    each, lines = _missing(schedule, on)
    return render_template(
        "health/missing.html", schedule=schedule, round=each, on=on, today=clock.today(),
        count=len(lines), by_unit=_by_unit(lines),
    )  # fmt: skip


@bp.post(SCHEDULE + "/missing")
@roles(*OFFICE)
@for_the_desk
def workbook(schedule_id: int) -> Response:
    """Hand out who is missing on a day: names, unit and the day due, nothing else."""
    schedule, on = schedule_of(schedule_id), forms.typed(Day())["on"] or clock.today()
    _each, lines = _missing(schedule, on)
    note("health list taken along", f"health_schedule:{schedule_id}", count=len(lines))
    db.session.commit()
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False,
                                         "strings_to_urls": False})  # fmt: skip
    sheet = book.add_worksheet()
    headings = (_("Unit"), _("Chinese name"), _("Name in the passport"), _("Due on"))
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, book.add_format({"bold": True}))
    for row, line in enumerate(lines, start=1):
        unit = in_reader_language(line.unit_zh, line.unit_en)
        cells = (unit, line.name_zh or "", line.name_en or "", line.due_on.isoformat())
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)
    sheet.set_column(0, len(headings) - 1, 24)
    book.close()
    content.seek(0)
    return send_file(content, XLSX, as_attachment=True, download_name=f"missing-{on}.xlsx")


def _day() -> date:
    text = asked("on", 10)
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError:
        return clock.today()


def _missing(schedule: HealthSchedule, on: date) -> tuple[Round | None, Sequence[Line]]:
    each = rhythm_of(schedule).latest(on)
    if each is None or on > schedule.ends_on:
        return each, []
    found = standing.lines(schedule, each, on=on)
    return each, [line for line in found if line.state == "missing"]


def _by_unit(lines: Sequence[Line]) -> list[tuple[Line, list[Line]]]:
    """Return the lines of each unit behind the first of them, which names it."""
    grouped = groupby(lines, key=lambda line: line.unit_id)
    listed = [list(same) for _unit, same in grouped]
    return [(same[0], same) for same in listed]
