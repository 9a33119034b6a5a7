"""Expert projects and honours: listed, summed up, taken along; a project told of all its people."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import pipeline
from tracker.accounts import audit
from tracker.accounts.scope import scope_of
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import TrackerError
from tracker.core.spreadsheets import guarded
from tracker.lives import projects
from tracker.lives.projects import Project
from tracker.web import forms, pages, words
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.editing import boxes
from tracker.web.forms import asked

bp = Blueprint("projects", __name__, url_prefix="/projects")
ONE = "/<int(max=2147483647):project_id>"
SEEN_BY = (*READERS, "unit_secretary")
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@bp.get("")
@roles(*SEEN_BY)
def show() -> ResponseReturnValue:
    """List the projects of a year, or all, with what each programme comes to."""
    year, scope = _year(), scope_of(viewer())
    every = projects.projects(scope)
    found = [each for each in every if year is None or each.runs_in(year)]
    return render_template(
        "lives/projects.html", projects=found, sums=projects.sums(found), year=year,
        years=_years(every), today=clock.today(),
    )  # fmt: skip


@bp.get("/honours")
@roles(*SEEN_BY)
def honours() -> ResponseReturnValue:
    """List who is nominated for what, what is still to be sent first."""
    found = projects.honours(scope_of(viewer()))
    return render_template("lives/honours.html", honours=found, today=clock.today())


@bp.post("/list.<any(xlsx, csv):form>")
@roles(*SEEN_BY)
def take_along(form: str) -> ResponseReturnValue:
    """Send the projects, a row a person, as a file."""
    found = projects.projects(scope_of(viewer()), year=_year())
    audit.record(
        actor=audit.actor_of(viewer()), action="export projects", subject="projects",
        at=clock.now(), details={"projects": len(found), "format": form},
    )  # fmt: skip
    db.session.commit()
    rows = [_headings(), *_rows(found)]
    content = _workbook(rows) if form == "xlsx" else _lines(rows)
    answer = Response(content, mimetype=FORMATS[form])
    answer.headers.set("Content-Disposition", "attachment", filename=f"projects.{form}")
    return answer


@bp.route("/new", methods=["GET", "POST"])
@roles(*OFFICE)
def new() -> ResponseReturnValue:
    """Enter a project with its people."""
    return _form(None)


@bp.route(ONE, methods=["GET", "POST"])
@roles(*OFFICE)
def one(project_id: int) -> ResponseReturnValue:
    """Change what the people of a project have in common, or add people."""
    return _form(projects.one(project_id, scope_of(viewer())))


def _form(project: Project | None) -> ResponseReturnValue:
    fields = boxes.boxes_of("project", projects.SHARED)
    if request.method == "GET":
        typed = boxes.shown("project", project.data) if project else {}
        return _page(project, fields, typed, {})
    forms.refuse_nul()
    typed = boxes.raw(fields, request.form) | {"people": request.form.get("people", "")[:4000]}
    try:
        _save(project, typed)
    except TrackerError as error:
        db.session.rollback()
        again = projects.one(project.id, scope_of(viewer())) if project else None
        return _page(again, fields, typed, error.messages), error.status
    flash(_("Saved. What is due of it is on its people's pages."))
    return redirect(url_for(".show"), 303)


def _save(project: Project | None, typed: dict[str, str]) -> None:
    today, now = clock.today(), clock.now()
    people = projects.people_named(typed["people"])
    shared = boxes.given("project", {name: typed[name] for name in projects.SHARED})
    changed = projects.tell(project, shared, people, by=audit.actor_of(viewer()), at=now)
    pipeline.refresh(changed, today=today, now=now)
    audit.record(
        actor=audit.actor_of(viewer()), action="record project", subject="projects", at=now,
        details={"people": len(changed)},
    )  # fmt: skip
    db.session.commit()


def _page(
    project: Project | None, fields: list[boxes.Box], typed: dict[str, str],
    errors: dict[str, list[str]],
) -> str:  # fmt: skip
    return render_template(
        "lives/project.html", project=project, boxes=fields, typed=typed, errors=errors
    )


def _year() -> int | None:
    text = asked("year", 4)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) != 4:
        abort(404)
    return int(text)


def _years(found: list[Project]) -> list[int]:
    days = [each.data[name] for each in found for name in ("starts_on", "ends_on", "apply_by")
            if name in each.data]  # fmt: skip
    return sorted({day.year for day in days}, reverse=True)


def _headings() -> list[str]:
    names = (*projects.SHARED[:4], "name_zh", "name_en", "nationality", "unit", "person_months",
             *projects.SHARED[4:])  # fmt: skip
    return [words.named(words.FIELDS, name) for name in names]


def _rows(found: list[Project]) -> Iterator[list[str]]:
    days = projects.SHARED[4:]
    for project in found:
        data: Any = project.data
        for part in project.parts:
            person = part.person
            yield [
                data["programme"], data.get("number", ""), *_texts(data, "starts_on", "ends_on"),
                person.name_zh or "", person.name_en or "", pages.country(person.nationality),
                person.unit.name_zh if person.unit else "",
                str(part.data.get("person_months", "")), *_texts(data, *days),
            ]  # fmt: skip


def _texts(data: Any, *names: str) -> list[str]:
    return [data[name].isoformat() if name in data else "" for name in names]


def _lines(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _workbook(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, safe)
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(rows[0]) - 1, 16)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if number and column == 8 and cell:
                sheet.write_number(number, column, int(cell))
            else:
                sheet.write_string(number, column, cell, None if number else bold)
    book.close()
    return out.getvalue()
