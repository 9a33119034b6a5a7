"""Rosters in: sent, looked through, confirmed, taken in, and taken back."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask import send_file as send
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker import work
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.facts import batches, queries
from tracker.facts.models import ImportBatch, Person
from tracker.obligations import service as obligations
from tracker.outbox import holds
from tracker.roster import findings, service, template
from tracker.roster import undo as undoing
from tracker.roster.judging import Judged
from tracker.roster.windows import Windows
from tracker.web import background, forms, import_errors, uploads
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.forms import asked, page_number
from tracker.web.recipients import names_of_actors
from tracker.work import Task

bp = Blueprint("imports", __name__, url_prefix="/imports")
CHECK, APPLY, UNDO = "roster_check", "roster_apply", "roster_undo"
#: People on a page of the difference, and lines on a page of mistakes.
PAGES = {"updated": 20, "created": 20, "rejected": 100}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HELD = "held at the first import, until somebody has looked at the letters"
INTEGER = "int(max=2147483647)"


class Decision(forms.Form):
    """What is asked before a roster is taken in: a first one may let many letters leave at once."""

    letters = fields.String(load_default="send", validate=validate.OneOf(["send", "hold"]))


@bp.get("")
@roles(*OFFICE)
def show() -> ResponseReturnValue:
    """List the imports there were, with the form for another."""
    return _front({})


@bp.post("")
@roles(*OFFICE)
def upload() -> ResponseReturnValue:
    """Keep the file that was sent and begin to look through it."""
    now, sent = clock.now(), request.files.get("file")
    try:
        name = uploads.checked_name(sent)
    except Invalid as error:
        return _front(error.messages), error.status
    assert sent is not None
    uploads.forget_old(now)
    task = work.begin(kind=CHECK, about=name, by=audit.actor_of(viewer()), at=now)
    uploads.keep(task.id, sent)
    db.session.commit()
    background.start(task.id, _looking(task.id))
    return redirect(url_for("imports.check", task_id=task.id), 303)


@bp.get(f"/<{INTEGER}:task_id>")
@roles(*OFFICE)
def check(task_id: int) -> ResponseReturnValue:
    """Show how one upload stands: looked through, waiting for a decision, taken in."""
    now, task = clock.now(), work.get(task_id, CHECK)
    apply = work.following(task, APPLY)
    current = apply or task
    standing = current.standing(now)
    return render_template(
        "imports/check.html", task=task, apply=apply, current=current,
        standing=standing,
        preview=_preview(task) if standing != "running" else None,
        kept_mistakes=findings.count(uploads.folder(task_id), "rejected"),
    )  # fmt: skip


@bp.get(f"/progress/<{INTEGER}:task_id>")
@roles(*OFFICE)
def progress(task_id: int) -> ResponseReturnValue:
    """Say how far a piece of work is, for the page that waits for it."""
    task = work.get(task_id)
    standing = task.standing(clock.now())
    return jsonify(standing=standing, done=task.done, percent=task.percent, text=rows_so_far(task))


@bp.post(f"/<{INTEGER}:task_id>/apply")
@roles(*OFFICE)
def apply(task_id: int) -> ResponseReturnValue:
    """Take in what was looked through; continue what was broken off."""
    now = clock.now()
    task = work.locked(task_id, CHECK)
    before = work.following(task, APPLY)
    if before is not None and before.standing(now) in {"running", "done"}:
        return redirect(url_for("imports.check", task_id=task_id), 303)
    if task.state != "done" or not uploads.waiting(task_id):
        raise Conflict(_("The file is not kept any more. Send it again."))
    by = audit.actor_of(viewer())
    if forms.typed(Decision())["letters"] == "hold":
        holds.hold("manual", HELD, now=now)
        audit.record(actor=by, action="letters held", subject=f"task:{task_id}", at=now)
    following = work.begin(kind=APPLY, about=task.about, by=by, at=now, parent=task)
    db.session.commit()
    background.start(following.id, _taking_in(task_id, task.about, by))
    return redirect(url_for("imports.check", task_id=task_id), 303)


@bp.post(f"/<{INTEGER}:task_id>/discard")
@roles(*OFFICE)
def discard(task_id: int) -> ResponseReturnValue:
    """Throw an upload away without taking it in."""
    task = work.locked(task_id, CHECK)
    following = work.following(task, APPLY)
    if following is not None and following.standing(clock.now()) == "running":
        raise Conflict(_("This file is being imported. Wait for its end; then it can be undone."))
    uploads.forget(task_id)
    db.session.commit()
    flash(_("“%(name)s” was thrown away; nothing was changed by it.", name=task.about))
    return redirect(url_for("imports.show"), 303)


@bp.get(f"/<{INTEGER}:task_id>/errors.<any(csv, xlsx):ending>")
@roles(*OFFICE)
def errors(task_id: int, ending: str) -> ResponseReturnValue:
    """Send the cells that were not taken, with why and what to do, as a table."""
    task = work.get(task_id, CHECK)
    folder = uploads.folder(task_id)
    if not findings.count(folder, "rejected"):
        abort(404)
    content = import_errors.as_table(findings.read(folder, "rejected"), ending)
    kind = SPREADSHEET if ending == "xlsx" else "text/csv"
    name = uploads.download_name(task.about, ending)
    return send(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@bp.get("/template.xlsx")
@roles(*OFFICE)
def blank() -> ResponseReturnValue:
    """Send the empty workbook, with the office's own units to choose from."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        template.write(path, units=queries.unit_names())
        content = path.read_bytes()
    return send(
        BytesIO(content), mimetype=SPREADSHEET, as_attachment=True, download_name="roster.xlsx"
    )


@bp.get(f"/batches/<{INTEGER}:batch_id>")
@roles(*OFFICE)
def batch(batch_id: int) -> ResponseReturnValue:
    """Show one import: who, when, what it did, and the way back."""
    found = db.session.get(ImportBatch, batch_id)
    if found is None:
        raise NotFound
    undo_task = _undo_of(batch_id)
    return render_template(
        "imports/batch.html", batch=found, task=undo_task,
        names=names_of_actors([found.imported_by]),
        standing=undo_task.standing(clock.now()) if undo_task else "",
    )  # fmt: skip


@bp.post(f"/batches/<{INTEGER}:batch_id>/undo")
@roles(*OFFICE)
def undo(batch_id: int) -> ResponseReturnValue:
    """Take an import back; continue what was broken off."""
    now = clock.now()
    found = db.session.get(ImportBatch, batch_id, with_for_update=True)
    if found is None:
        raise NotFound
    before = _undo_of(batch_id)
    if found.undone_at is None and (before is None or before.standing(now) != "running"):
        by = audit.actor_of(viewer())
        task = work.begin(
            kind=UNDO, about=found.filename, by=by, at=now, result={"batch": batch_id}
        )
        db.session.commit()
        background.start(task.id, _taking_back(batch_id, by))
    return redirect(url_for("imports.batch", batch_id=batch_id), 303)


def rows_so_far(task: Task) -> str:
    """Return how far a piece of work is, in words."""
    return str(ngettext("%(num)s row so far", "%(num)s rows so far", task.done))


def _looking(task_id: int) -> background.Work:
    def do(progress: background.Progress) -> dict[str, Any]:
        now = clock.now()
        today = clock.campus_day(now)
        windows = Windows(obligations.context(today), now=now)
        first = not _anybody()
        with findings.Findings(uploads.folder(task_id)) as found:

            def look(judged: Judged) -> None:
                found.note(judged)
                if first:
                    windows.note(judged)

            report = service.examine(
                uploads.roster(task_id), today=today, look=look, progress=progress
            )
        told = {"counts": report.counts(), "notices": report.notices[:50]}
        return told | {"inside": windows.inside}

    return do


def _taking_in(check_id: int, name: str, by: str) -> background.Work:
    def do(progress: background.Progress) -> dict[str, Any]:
        report = service.apply(
            uploads.roster(check_id), filename=name, by=by, today=clock.today(), now=clock.now(),
            hold=True, progress=progress,
        )  # fmt: skip
        if report.batch_id is not None:
            audit.record(
                actor=by, action="roster imported", subject=f"import:{report.batch_id}",
                at=clock.now(), details=report.counts(),
            )  # fmt: skip
            db.session.commit()
        uploads.forget(check_id, but=("rejected",))
        return {"counts": report.counts(), "batch": report.batch_id}

    return do


def _taking_back(batch_id: int, by: str) -> background.Work:
    def do(_progress: background.Progress) -> dict[str, Any]:
        done = undoing.undo(batch_id, today=clock.today(), now=clock.now())
        counts = {"removed": done.removed, "ended": done.ended, "restored": done.restored}
        audit.record(
            actor=by, action="import undone", subject=f"import:{batch_id}", at=clock.now(),
            details=counts,
        )  # fmt: skip
        db.session.commit()
        return counts

    return do


def _front(errors: Mapping[str, list[str]]) -> str:
    now = clock.now()
    done = batches.every()
    page, size = page_number(), 30
    shown = done[(page - 1) * size : page * size]
    checks = work.newest(CHECK, most=20, after=now - uploads.KEPT_FOR)
    return render_template(
        "imports/list.html", errors=errors, batches=shown, page=page, pages=-(-len(done) // size),
        names=names_of_actors([each.imported_by for each in shown]), endings=uploads.ENDINGS,
        checks=[task for task in checks if uploads.waiting(task.id)], now=now,
    )  # fmt: skip


def _preview(task: Task) -> dict[str, Any] | None:
    """Return a page of what was found; None while nothing is."""
    folder, page = uploads.folder(task.id), page_number()
    counts = {name: findings.count(folder, name) for name in findings.LISTS}
    if task.state != "done" or not uploads.waiting(task.id):
        return None
    first = next((name for name in ("rejected", "updated", "created") if counts[name]), "created")
    wanted = asked("list", 10) or first
    if wanted not in counts:
        abort(404)
    size = PAGES[wanted]
    shown = list(findings.read(folder, wanted, offset=(page - 1) * size, most=size))
    return {
        "list": wanted, "counts": counts, "page": page, "pages": -(-counts[wanted] // size),
        "findings": shown, "names": _people([each.get("person_id") for each in shown]),
    }  # fmt: skip


def _anybody() -> bool:
    return db.session.query(Person.id).limit(1).first() is not None


def _people(ids: list[int | None]) -> dict[int, str]:
    people = db.session.scalars(sa.select(Person).where(Person.id.in_([i for i in ids if i])))
    return {person.id: person.name for person in people}


def _undo_of(batch_id: int) -> Task | None:
    tasks = work.newest(UNDO, most=200)
    return next((task for task in tasks if task.result.get("batch") == batch_id), None)
