"""Calendar years: which are official, and adding the State Council's notice of another."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import pipeline, work
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.facts import notices
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.obligations import service as obligations
from tracker.web import background, year_form
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.recipients import names_of_actors
from tracker.work import Task

bp = Blueprint("calendar_years", __name__, url_prefix="/calendar/years")
CHECK, APPLY = "calendar_check", "calendar_apply"
#: Moved deadlines that a preview lists; the rest it counts.
LISTED = 200
LARGEST_FILE = 64 * 1024


@bp.get("")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """List the years with where their days come from; the office finds the form for another."""
    return _page({}, {})


@bp.post("")
@roles(*OFFICE)
def send() -> ResponseReturnValue:
    """Read a notice and begin to see what it would move."""
    now = clock.now()
    try:
        content = _sent(clock.campus_day(now))
        year = year_form.read(content, file=_("notice"))
    except Invalid as error:
        return _page(error.messages, request.form), error.status
    task = work.begin(
        kind=CHECK, about=str(year.year), by=audit.actor_of(viewer()), at=now,
        result={"content": content},
    )  # fmt: skip
    db.session.commit()
    background.start(task.id, _foreseeing(content))
    return redirect(url_for("calendar_years.check", task_id=task.id), 303)


@bp.get("/<int(max=2147483647):task_id>")
@roles(*OFFICE)
def check(task_id: int) -> ResponseReturnValue:
    """Show what a notice would move, how far its recording is, or what it moved."""
    task = work.get(task_id, CHECK)
    apply = work.following(task, APPLY)
    current = apply or task
    content = task.result["content"]
    return render_template(
        "calendar/year_check.html", task=task, apply=apply, current=current,
        standing=current.standing(clock.now()), year=year_form.read(content, file="notice"),
        moved=_moved(task), rules=book.current(), today=clock.today(),
    )  # fmt: skip


@bp.post("/<int(max=2147483647):task_id>/apply")
@roles(*OFFICE)
def apply(task_id: int) -> ResponseReturnValue:
    """Record the notice and work everybody's deadlines out again; continue what was broken off."""
    now = clock.now()
    task = work.locked(task_id, CHECK)
    before = work.following(task, APPLY)
    if task.state != "done":
        raise Conflict(_("Wait until it is known what the notice would move."))
    if before is None or before.standing(now) not in {"running", "done"}:
        by = audit.actor_of(viewer())
        following = work.begin(kind=APPLY, about=task.about, by=by, at=now, parent=task)
        db.session.commit()
        background.start(following.id, _recording(int(task.about), task.result["content"], by))
    return redirect(url_for("calendar_years.check", task_id=task_id), 303)


def _sent(today: date) -> str:
    """Return the notice as text, from the file if there is one, else from the boxes."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return year_form.typed(today)
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Invalid(file=_("This is too large for the notice of one year."))
    try:
        return str(content, "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(file=_("Save the file as UTF-8 text.")) from None


def _foreseeing(content: str) -> background.Work:
    def do(progress: background.Progress) -> dict[str, Any]:
        rules = book.with_notice(year_form.read(content, file="notice"))
        total, done, moved, confirmed = _people(), 0, 0, 0
        listed: list[list[Any]] = []
        for ids in obligations.everybody():
            for each in obligations.foresee(ids, rules, today=clock.today()):
                if each.before == each.after:
                    confirmed += 1
                    continue
                moved += 1
                if moved <= LISTED:
                    days = (each.before.isoformat(), each.after.isoformat())
                    listed.append([each.person_id, each.rule_id, *days])
            db.session.rollback()
            done += len(ids)
            progress(done, total)
        return {"moved": moved, "confirmed": confirmed, "listed": listed, "people": done}

    return do


def _recording(year: int, content: str, by: str) -> background.Work:
    def do(progress: background.Progress) -> dict[str, Any]:
        now, total = clock.now(), _people()
        notices.record(year, content, by=by, at=now)
        audit.record(actor=by, action="calendar year added", subject=f"year:{year}", at=now)
        db.session.commit()
        count = pipeline.rebuild(
            today=clock.today(), now=now, progress=lambda done: progress(done, total)
        )
        return {"people": count}

    return do


def _moved(task: Task) -> list[dict[str, Any]]:
    """Return the moved deadlines that are listed, with their people."""
    listed = task.result.get("listed", [])
    wanted = sa.select(Person).where(Person.id.in_({row[0] for row in listed}))
    people = {person.id: person for person in db.session.scalars(wanted)}
    return [
        {
            "person": people[person_id], "rule_id": rule_id, "before": date.fromisoformat(before),
            "after": date.fromisoformat(after),
        }
        for person_id, rule_id, before, after in listed
        if person_id in people
    ]  # fmt: skip


def _people() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def _page(errors: dict[str, list[str]], typed: Any) -> str:
    calendar, entered, today = book.current().calendar, notices.every(), clock.today()
    official = calendar.official_years
    years = range(min(official), max(max(official), today.year + 2) + 1)
    return render_template(
        "calendar/years.html", years=[*years][::-1], calendar=calendar, entered=entered,
        names=names_of_actors([each.added_by for each in entered.values()]), errors=errors,
        typed=typed, holidays=year_form.HOLIDAYS, today=today,
        next_year=max(today.year, max(official) + 1), may_add=viewer().role in OFFICE,
    )  # fmt: skip
