"""The papers of a case: received, checked, returned, waived; and what is made of them to file."""

from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker.cases import checklists
from tracker.cases.models import Case
from tracker.cases.states import ITEM_STATES
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, Stale, TrackerError
from tracker.files import service as files
from tracker.obligations import book
from tracker.packs import portal, service
from tracker.packs.facts import on_record
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.cases import case as case_page
from tracker.web.cases import within
from tracker.web.cases.within import CASE
from tracker.web.editing import aside

bp = Blueprint("case_papers", __name__)


class Ticked(forms.Form):
    """Several papers in one go, or the one whose button was pressed."""

    revision = fields.Integer(required=True)
    state = fields.String(
        load_default="", validate=validate.OneOf(("", "received", "checked", "missing"))
    )
    codes = fields.List(fields.String(validate=validate.Length(max=10)), load_default=list)
    one = fields.String(load_default="", validate=validate.Length(max=30))


class Paper(forms.Form):
    """What came of one paper."""

    revision = fields.Integer(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(ITEM_STATES, error=_l("Choose one of the list."))
    )
    reason = fields.String(load_default="", validate=validate.Length(max=300))
    ground = fields.String(load_default="", validate=validate.Length(max=40))
    issued_on = forms.OptionalDay()
    kept = fields.String(load_default="")
    kept_title = fields.String(load_default="")


@bp.post(CASE + "/papers")
@roles(*OFFICE)
def tick(case_id: int) -> ResponseReturnValue:
    """Set the state of all papers that are ticked, or of one."""
    try:
        typed = forms.typed(Ticked(), lists=("codes",))
        code, _colon, state = typed["one"].partition(":")
        codes, state = ([code], state) if code else (typed["codes"], typed["state"])
        if not codes:
            raise Invalid(_("Tick the papers first."))
        case = within.claimed(case_id, typed["revision"])
        for each in dict.fromkeys(codes):
            checklists.change(case, book.current(), each, state, by=within.actor(), at=clock.now())
        _settle(case, codes=",".join(codes), state=state)
    except NotFound:
        raise
    except TrackerError as error:
        return _again(case_id, error)
    return redirect(_place(case, codes[0]), 303)


@bp.post(CASE + "/papers/<code>")
@roles(*OFFICE)
def change(case_id: int, code: str) -> ResponseReturnValue:
    """Say what came of a paper: its state and why, its day, its file."""
    now = clock.now()
    try:
        typed = forms.typed(Paper())
        sent = aside.received()
        with files.uploading() as written:
            case = within.claimed(case_id, typed["revision"])
            checklists.require_paper(case, code, book.current())
            kept = None
            if sent is not None:
                kept = files.add(case.person_id, sent.data, title=sent.title, fact_ref=None,
                                 by=within.actor(), at=now, written=written)  # fmt: skip
            checklists.change(
                case, book.current(), code, typed["state"], by=within.actor(), at=now,
                reason=typed["reason"], ground=typed["ground"], issued_on=typed["issued_on"],
                attachment_id=kept.id if kept else None,
            )  # fmt: skip
            _settle(case, codes=code, state=typed["state"], file=kept is not None)
    except NotFound:
        raise
    except TrackerError as error:
        return _again(case_id, error, code)
    return redirect(_place(case, code), 303)


@bp.get(CASE + "/pack.zip")
@roles(*OFFICE)
def pack(case_id: int) -> Response:
    """Hand out what is filed for a case as one archive."""
    case, today = within.case_of(case_id), clock.today()
    made = service.make(case, book.current(), today=today)
    name = f"case-{case.id}-{today.isoformat()}.zip"
    return send_file(
        BytesIO(made), mimetype="application/zip", as_attachment=True, download_name=name, max_age=0
    )


@bp.get(CASE + "/portal")
@roles(*OFFICE)
def fields_of(case_id: int) -> ResponseReturnValue:
    """Show the fields of the portal in its order, to copy from."""
    case, rules = within.case_of(case_id), book.current()
    procedure = rules.procedures.by_id.get(case.procedure)
    asked = portal.portals().get(procedure.application or "") if procedure else None
    if asked is None:
        raise NotFound
    filled = portal.filled(asked, on_record(case.person_id))
    return render_template(
        "cases/portal.html", case=case, person=case.person, portal=asked, fields=filled,
        rules=rules, today=clock.today(),
    )  # fmt: skip


def _settle(case: Case, **details: object) -> None:
    within.settle(case, "case paper changed", today=clock.today(), now=clock.now(), **details)


def _place(case: Case, code: str) -> str:
    return url_for("case.show", case_id=case.id, _anchor=f"paper-{code}")


def _again(case_id: int, error: TrackerError, code: str = "") -> ResponseReturnValue:
    """Show the case again with what was typed, and what is wrong with it."""
    db.session.rollback()
    case = within.case_of(case_id)
    if isinstance(error, Stale) and not code:
        flash(_("Somebody changed this case meanwhile. Look at it, then do it again."), "warning")
        return redirect(url_for("case.show", case_id=case_id), 303)
    shown = case_page.page(case, errors=error.messages, code=code, typed=request.form)
    return shown, error.status
