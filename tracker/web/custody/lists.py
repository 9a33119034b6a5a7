"""The lists of documents in custody: many handed out by one form, back by a click or a scan."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker.accounts.scope import Scope
from tracker.cases import queries as cases
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, TrackerError
from tracker.custody import cabinets, office, queries, reported, service
from tracker.custody.models import HOLDERS
from tracker.custody.service import Handing
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.web import forms, words
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.custody import doing, shown
from tracker.web.editing.sheet import actor
from tracker.web.forms import asked, page_number
from tracker.web.paths import same_site

bp = Blueprint("custody", __name__)
PAGE = 200
VIEWS = (*queries.VIEWS, "authority")


class Chosen(forms.Form):
    """Documents that were ticked, or the one whose button was pressed."""

    items = fields.List(fields.Integer(validate=validate.Range(1, 2**31 - 1)), load_default=list)
    cabinet = fields.Integer(load_default=None, allow_none=True)
    form = fields.String(load_default="")
    view = fields.String(load_default="")
    next = fields.String(load_default="")


class HandedOut(Chosen):
    """To whom they go, why, and until when."""

    holder = fields.String(required=True, validate=validate.OneOf(HOLDERS))
    to_whom = fields.String(load_default="", validate=validate.Length(max=120))
    reason = fields.String(load_default="", validate=validate.Length(max=200))
    due_on = forms.OptionalDay()
    for_good = fields.Boolean(load_default=False)


@bp.get("/custody")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """Show one list of documents."""
    return _page({}, {})


@bp.post("/custody/out")
@roles(*OFFICE)
def hand_out() -> ResponseReturnValue:
    """Hand out all the documents that are ticked, to somebody, until a day."""
    now = clock.now()
    try:
        typed = forms.typed(HandedOut(), lists=("items",))
        if typed["due_on"] is None and not typed["for_good"]:
            raise Invalid(due_on=_("Say until when, or tick that it is for good."))
        handing = Handing(
            typed["holder"], typed["to_whom"].strip(), typed["reason"].strip(),
            None if typed["for_good"] else typed["due_on"],
        )  # fmt: skip
        items = service.for_change(typed["items"])
        made = service.hand_out(items, handing, by=actor(), at=now, form_id=doing.form_id())
        doing.settle("documents handed out", items, holder=typed["holder"])
    except TrackerError as error:
        db.session.rollback()
        return _page(error.messages, request.form), error.status
    flash(ngettext("%(num)s document is handed out.", "%(num)s documents are handed out.",
                   len(made)))  # fmt: skip
    return redirect(url_for("custody.show", view="out"), 303)


@bp.post("/custody/in")
@roles(*OFFICE)
def take_in() -> ResponseReturnValue:
    """Take documents back that are ticked, or the one whose button was pressed."""
    now = clock.now()
    try:
        typed = forms.typed(Chosen(), lists=("items",))
        items = service.for_change(typed["items"])
        place = typed["cabinet"]
        if place is not None and place not in {each.id for each in cabinets.every()}:
            raise Invalid(cabinet=_("Choose a place from the list."))
        made = service.take_in(items, cabinet_id=place, by=actor(), at=now, form_id=doing.form_id())
        doing.settle("documents taken in", items)
    except TrackerError as error:
        db.session.rollback()
        return _page(error.messages, request.form), error.status
    flash(ngettext("%(num)s document is back.", "%(num)s documents are back.", len(made)))
    return redirect(same_site(typed["next"]) or url_for("custody.show"), 303)


@bp.post("/custody/scan")
@roles(*OFFICE)
def scan() -> ResponseReturnValue:
    """Take a document in by its number or that on its sleeve; one that is in is shown."""
    forms.refuse_nul()
    number = request.form.get("number", "")[:60].strip()
    item = reported.find_item(number) if number else None
    if item is None:
        db.session.rollback()
        text = _("No document has this number, or several have. Look for the person instead.")
        return _page({"number": [text]}, request.form), 422
    if item.current is not None and item.current.kind == "in":
        db.session.rollback()
        flash(_("It is in custody."))
        return redirect(url_for("custody.show_item", item_id=item.id), 303)
    try:
        service.take_in([item], cabinet_id=None, by=actor(), at=clock.now(),
                        form_id=secrets.token_hex(16))  # fmt: skip
        doing.settle("documents taken in", [item], by="number")
    except Conflict as error:
        db.session.rollback()
        return _page(error.messages, request.form), error.status
    flash(
        _(
            "Taken in: %(kind)s of %(name)s.",
            kind=words.named(words.KINDS, item.kind),
            name=item.person.name,
        )
    )
    return redirect(url_for("custody.show", view=asked("view") or "in"), 303)


def _page(errors: dict[str, list[str]], typed: Any) -> str:
    today = clock.today()
    wanted = typed.get("view") or asked("view")
    view = wanted if wanted in VIEWS else "in"
    page, search = page_number(), asked("q")
    found = [] if view == "authority" else queries.listing(
        view, today=today, search=search, offset=(page - 1) * PAGE, most=PAGE + 1
    )  # fmt: skip
    away = _at_authority() if view == "authority" else []
    chosen = {int(each) for each in getattr(typed, "getlist", lambda _name: [])("items")
              if each.isascii() and each.isdecimal() and len(each) < 10}  # fmt: skip
    return render_template(
        "custody/list.html", items=found[:PAGE], away=away, view=view, page=page, search=search,
        more=len(found) > PAGE, today=today, errors=errors, typed=typed, chosen=chosen,
        counts=queries.counts(today=today) | {"authority": len(_at_authority())},
        numbers=shown.numbers(found), form_id=secrets.token_hex(16), holders=HOLDERS,
        due=today + timedelta(days=office.due_back_after_days()), rules=book.current(),
        may_change=viewer().role in OFFICE, unknown=queries.unknown(), places=cabinets.every(),
    )  # fmt: skip


def _at_authority() -> list[tuple[Person, cases.Away]]:
    """Return whose passport an authority has, because of which case."""
    found = cases.listing(Scope(everybody=True), states=("accepted", "granted"))
    people = {case.person_id: case.person for case in found}
    away = cases.passports_away(list(people), book.current())
    return sorted(
        ((people[person_id], each) for person_id, each in away.items()),
        key=lambda pair: (pair[1].until, pair[0].id),
    )
