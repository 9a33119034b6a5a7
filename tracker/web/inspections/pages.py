"""The desk's pages of inspections: a list, each with all of it, and what could not be applied."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import pipeline
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.inspections import queries, service
from tracker.inspections.kinds import catalogue
from tracker.inspections.queries import Wanted
from tracker.web import forms
from tracker.web.access import READERS, roles, viewer
from tracker.web.forms import asked
from tracker.web.headers import LOCKED
from tracker.web.safety import INSPECTORS, LOOKERS

bp = Blueprint("inspections", __name__)
PAGE = 50
ONE = "/inspections/<uuid:inspection_id>"


@bp.get("/inspections")
@roles(*LOOKERS)
def show() -> ResponseReturnValue:
    """List inspections, the newest first."""
    wanted, page = _wanted(), forms.page_number()
    count = queries.count(wanted)
    return render_template(
        "inspections/list.html", wanted=wanted, page=page, pages=max(1, -(-count // PAGE)),
        count=count, rows=queries.listed(wanted, offset=(page - 1) * PAGE, most=PAGE),
        buildings=queries.buildings(), faulty=queries.faulty(),
        may_apply=viewer().role in INSPECTORS, may_take=viewer().role in READERS,
    )  # fmt: skip


@bp.get(ONE)
@roles(*LOOKERS)
def one(inspection_id: UUID) -> ResponseReturnValue:
    """Show one inspection: what was found where, photos, signatures, device and times."""
    found = queries.whole(str(inspection_id))
    return render_template("inspections/inspection.html", found=found, row=found.row,
                           may_apply=viewer().role in INSPECTORS)  # fmt: skip


@bp.get(ONE + "/signatures/<uuid:signature_id>")
@roles(*LOOKERS)
def signature(inspection_id: UUID, signature_id: UUID) -> Response:
    """Show a signature."""
    answer = make_response(queries.signature(str(inspection_id), str(signature_id)))
    answer.mimetype = "image/png"
    answer.headers.update(LOCKED)
    return answer


@bp.post("/inspections/apply")
@roles(*INSPECTORS)
def apply() -> ResponseReturnValue:
    """Try once more what could not be applied."""
    forms.typed(forms.Form())
    now = clock.now()
    waiting = [op.id for op in queries.faulty()]
    touched = service.again(waiting)
    pipeline.refresh_buildings(sorted(touched), today=clock.campus_day(now), now=now)
    db.session.flush()
    db.session.expire_all()
    left = {op.id for op in queries.faulty()} & set(waiting)
    done = len(waiting) - len(left)
    audit.record(actor=audit.actor_of(viewer()), action="apply entries again",
                 subject="inspections", at=now, details={"applied": done})  # fmt: skip
    db.session.commit()
    flash(
        ngettext("%(num)s entry is applied now.", "%(num)s entries are applied now.", done)
        if done
        else _("Nothing could be applied yet. Mend what is named first."),
        "message" if done else "warning",
    )
    return redirect(url_for("inspections.show"), 303)


def _wanted() -> Wanted:
    building, kind, month = asked("building", 10), asked("kind", 20), asked("month", 7)
    known = building.isascii() and building.isdecimal()
    try:
        first = date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        first = None
    return Wanted(
        min(int(building), 2**31 - 1) if known else None,
        kind if kind in catalogue().kinds else "", first,
    )  # fmt: skip
