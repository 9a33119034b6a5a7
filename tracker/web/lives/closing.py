"""Records that have been kept long enough: looked at, deleted by an administrator, or kept on."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields, validate

from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound
from tracker.facts import queries, retention, service
from tracker.facts.models import Person
from tracker.files import store
from tracker.lives import erasing
from tracker.web import forms
from tracker.web.access import OFFICE, READERS, roles
from tracker.web.editing import boxes, within
from tracker.web.editing.sheet import Sheet, actor, changed_meanwhile, take

bp = Blueprint("closing", __name__)
#: Records whose day is still to come that the page lists.
MOST = 20


class Sure(forms.Form):
    """That somebody has read what is deleted and what stays."""

    sure = fields.String(load_default="", validate=validate.OneOf(("", "yes")))


@bp.get("/closing")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """Show the records that are to be deleted, and those that come next."""
    today = clock.today()
    due, later = erasing.due(today=today), erasing.coming(today=today, most=MOST)
    people = {each.person_id: queries.person(each.person_id) for each in (*due, *later)}
    return render_template(
        "lives/closing.html", due=due, later=later, people=people, today=today,
        period=retention.period(),
    )  # fmt: skip


@bp.get(within.PERSON + "/closing")
@roles(*OFFICE)
def look(person_id: int) -> ResponseReturnValue:
    """Show what would be deleted of a record, and what stays."""
    return _page(within.person(person_id), {})


@bp.post(within.PERSON + "/closing")
@roles("admin")
def erase(person_id: int) -> ResponseReturnValue:
    """Delete a record for good."""
    person = within.person(person_id)
    if forms.typed(Sure())["sure"] != "yes":
        wrong = Invalid(sure=_("Tick this first."))
        return _page(person, wrong.messages), wrong.status
    files = erasing.erase(person.id, by=actor(), today=clock.today(), now=clock.now())
    db.session.commit()
    for name in files:
        store.drop(name)
    flash(_("The record is deleted. The audit trail keeps that, without a name."))
    return redirect(url_for(".show"), 303)


@bp.route(within.PERSON + "/closing/keep", methods=["GET", "POST"])
@roles(*OFFICE)
def keep(person_id: int) -> ResponseReturnValue:
    """Keep a record until another day, and say why."""
    person = within.person(person_id)
    _record(person)
    sheet = Sheet(
        title=_("Keep the record longer"), kind="retention", person=person, submit=_("Keep it"),
        boxes=boxes.boxes_of("retention"),
    )  # fmt: skip
    if request.method == "GET":
        return sheet.page()
    sheet.fill()
    told = boxes.given("retention", sheet.typed)
    return take(
        sheet, lambda at: service.record(person, "retention", told, by=actor(), at=at),
        action="keep record", said=_("The record is kept longer."), stale=changed_meanwhile,
    )  # fmt: skip


def _page(person: Person, errors: dict[str, list[str]]) -> str:
    return render_template(
        "lives/erase.html", person=person, record=_record(person), errors=errors,
        today=clock.today(), has=erasing.measure(person.id), period=retention.period(),
    )  # fmt: skip


def _record(person: Person) -> retention.Kept:
    record = erasing.kept(person.id)
    if record is None:
        raise NotFound
    return record
