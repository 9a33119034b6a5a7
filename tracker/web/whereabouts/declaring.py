"""A trip declared by somebody signed in: the traveller, the unit or the office."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import pipeline
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import TrackerError
from tracker.facts.models import Person
from tracker.web import forms
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.editing import within
from tracker.web.editing.sheet import actor
from tracker.web.whereabouts import heeded, words
from tracker.whereabouts import declaring, links, service
from tracker.whereabouts.clashes import Clash, Journey
from tracker.whereabouts.models import Trip

bp = Blueprint("trip_forms", __name__)


@dataclass
class Form:
    """A trip being declared: what was typed, what is wrong, what does not go together with it."""

    form_id: str = field(default_factory=lambda: secrets.token_hex(16))
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What declaring all the same is about."""
        return heeded.mark(self.clashes)

    @property
    def warnings(self) -> list[str]:
        """What is told, in the reader's language."""
        return [heeded.told(each) for each in self.clashes]

    @property
    def values(self) -> dict[str, str]:
        """What stands in the boxes."""
        return words.shown(self.typed)


def received() -> Form:
    """Return the form as it was sent."""
    forms.refuse_nul()
    sent = request.form.get("form", "")
    known = len(sent) == 32 and sent.isascii() and sent.isalnum()
    form = Form(sent) if known else Form()
    form.typed = words.given(request.form)
    return form


def declare(person: Person, form: Form, *, by: str, today: date) -> Trip | None:
    """Declare what a form says; None if its sender has to be told something first.

    Whoever was told the same before and sends it again declares it all the same. Flushes.
    """
    told = declaring.checked(form.typed, today=today)
    journey = Journey(told.scope, told.leaves_on, told.returns_on)
    form.clashes = heeded.of(person.id, journey, today=today)
    known = service.of_form(person.id, form.form_id)
    if known is None and form.clashes and request.form.get("heeded") != form.mark:
        return None
    now = clock.now()
    trip = service.declare(person.id, told, form.clashes, form_id=form.form_id, by=by, at=now)
    if known is None:
        audit.record(actor=by, action="trip declared", subject=f"person:{person.id}", at=now,
                     details={"trip": trip.id, "warnings": len(form.clashes)})  # fmt: skip
        pipeline.refresh([person.id], today=today, now=now)
    return trip


@bp.route(within.PERSON + "/trips/new", methods=["GET", "POST"])
@roles(*OFFICE, "unit_secretary", "expert")
def new(person_id: int) -> ResponseReturnValue:
    """Declare a trip of a person; what does not go together with it is told first."""
    person, today = within.person(person_id), clock.today()
    if request.method == "GET":
        return _page(person, Form())
    form = received()
    try:
        trip = declare(person, form, by=actor(), today=today)
    except TrackerError as error:
        db.session.rollback()
        form.errors = error.messages
        return _page(within.person(person_id), form), error.status
    if trip is None:
        return _page(person, form), 422
    db.session.commit()
    flash(_("The trip is recorded."))
    return redirect(url_for("trips.show_one", trip_id=trip.id), 303)


@bp.post(within.PERSON + "/trips/link")
@roles(*OFFICE, "unit_secretary")
def link(person_id: int) -> ResponseReturnValue:
    """Make the personal link of somebody, and show it this once."""
    person, now = within.person(person_id), clock.now()
    token = links.make(person, by=actor(), at=now)
    audit.record(actor=actor(), action="trip link made", subject=f"person:{person.id}", at=now)
    db.session.commit()
    return render_template("whereabouts/link.html", person=person, address=url_for(
        "away.show", token=token, _external=True
    )), 201  # fmt: skip


@bp.post(within.PERSON + "/trips/link/end")
@roles(*OFFICE, "unit_secretary")
def end_link(person_id: int) -> ResponseReturnValue:
    """Let the personal link of somebody lead nowhere from now on."""
    person, now = within.person(person_id), clock.now()
    links.end_all(person.id, at=now)
    audit.record(actor=actor(), action="trip link ended", subject=f"person:{person.id}", at=now)
    db.session.commit()
    flash(_("The link leads nowhere any more."))
    return redirect(url_for("person.show", person_id=person.id, _anchor="trips"), 303)


def _page(person: Person, form: Form) -> str:
    return render_template(
        "whereabouts/form.html", person=person, form=form, errors=form.errors,
        boxes=words.boxes(), own=viewer().role == "expert",
    )  # fmt: skip


def page_parts(form: Form) -> dict[str, Any]:
    """Return what the form needs on any page."""
    return {"form": form, "errors": form.errors, "boxes": words.boxes()}
