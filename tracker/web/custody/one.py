"""One document: who had it when; and what a cabinet reported that nobody knows."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import pipeline
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, TrackerError
from tracker.custody import queries, reported, service
from tracker.custody.models import CustodyEvent, CustodyItem
from tracker.web import forms
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.custody import shown
from tracker.web.custody.lists import bp
from tracker.web.editing import within
from tracker.web.editing.sheet import actor

ITEM = "/custody/items/" + within.ID.format("item_id")
EVENT = "/custody/events/" + within.ID.format("event_id")


@bp.get(ITEM)
@roles(*READERS)
def show_item(item_id: int) -> ResponseReturnValue:
    """Show where a document is, and all that happened to it."""
    return _page(queries.item(item_id))


@bp.get(EVENT)
@roles(*READERS)
def event(event_id: int) -> ResponseReturnValue:
    """Lead from what happened to the document it happened to."""
    found = db.session.get(CustodyEvent, event_id)
    if found is None or found.item_id is None:
        raise NotFound
    return redirect(url_for("custody.show_item", item_id=found.item_id), 302)


@bp.post(ITEM + "/tag")
@roles(*OFFICE)
def tag(item_id: int) -> ResponseReturnValue:
    """Note the number on the sleeve of a document."""
    forms.refuse_nul()
    [item] = service.for_change([item_id])
    try:
        service.tag(item, request.form.get("tag", "")[:40])
    except TrackerError as error:
        db.session.rollback()
        return _page(queries.item(item_id), error.messages), error.status
    audit.record(actor=actor(), action="sleeve numbered", subject=f"person:{item.person_id}",
                 at=clock.now(), details={"document": item.fact_ref})  # fmt: skip
    db.session.commit()
    flash(_("The number on the sleeve is noted."))
    return redirect(url_for("custody.show_item", item_id=item_id), 303)


@bp.get("/custody/unknown")
@roles(*OFFICE)
def unknown() -> ResponseReturnValue:
    """Show what cabinets reported of documents nobody knows."""
    return _unknown()


@bp.post(EVENT + "/resolve")
@roles(*OFFICE)
def resolve(event_id: int) -> ResponseReturnValue:
    """Say which document it was, by a number of ours; or that it is none of ours."""
    forms.refuse_nul()
    now = clock.now()
    number, what = (request.form.get(name, "").strip()[:200] for name in ("number", "what"))
    try:
        if number:
            item = reported.find_item(number)
            if item is None:
                raise Invalid(number=_("No document of ours has this number."))
            reported.assign(event_id, item, by=actor(), at=now)
            pipeline.refresh([item.person_id], today=clock.today(), now=now)
        elif what:
            reported.set_aside(event_id, what, by=actor(), at=now)
        else:
            raise Invalid(number=_("Give the number of a document of ours, or say what it is."))
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        return _unknown(event_id, error.messages), error.status
    audit.record(actor=actor(), action="unknown document resolved", subject="custody", at=now,
                 details={"event": event_id})  # fmt: skip
    db.session.commit()
    flash(_("It is noted."))
    return redirect(url_for("custody.unknown"), 303)


def _page(item: CustodyItem, errors: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "custody/item.html", item=item, events=queries.events(item.id), errors=errors or {},
        number=shown.numbers([item]).get(item.id), today=clock.today(),
        may_change=viewer().role in OFFICE,
    )  # fmt: skip


def _unknown(event_id: int = 0, errors: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "custody/unknown.html", events=queries.unknown(), wrong=event_id, errors=errors or {},
        typed=request.form,
    )  # fmt: skip
