"""Documents of a person taken in: those in force are offered, with the place they go to."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.custody import cabinets, queries, service
from tracker.custody.names import LODGED
from tracker.facts import queries as facts
from tracker.facts.models import Person
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.custody import doing
from tracker.web.custody.lists import bp
from tracker.web.editing import within
from tracker.web.editing.sheet import actor


@bp.route(within.PERSON + "/lodge", methods=["GET", "POST"])
@roles(*OFFICE)
def lodge(person_id: int) -> ResponseReturnValue:
    """Take documents of a person into custody."""
    person = within.person(person_id)
    if request.method == "GET":
        return _page(person, {})
    forms.refuse_nul()
    place = request.form.get("cabinet", "")
    known = {str(each.id): each.id for each in cabinets.every() if each.ended_at is None}
    try:
        if place and place not in known:
            raise Invalid(cabinet=_("Choose a place from the list."))
        events = service.lodge(
            person.id, request.form.getlist("documents"), cabinet_id=known.get(place),
            by=actor(), at=clock.now(), form_id=doing.form_id(),
            reason=request.form.get("reason", "").strip()[:200],
        )  # fmt: skip
        doing.settle("documents taken in", [each.item for each in events if each.item])
    except TrackerError as error:
        db.session.rollback()
        return _page(within.person(person_id), error.messages), error.status
    flash(_("Taken into custody."))
    return redirect(url_for("person.show", person_id=person_id, _anchor="custody"), 303)


def _page(person: Person, errors: dict[str, list[str]]) -> str:
    here = {
        item.fact_ref for item in queries.of_person(person.id)
        if item.current and item.current.kind == "in"
    }  # fmt: skip
    offered = [each for each in facts.in_force(person.id) if each.kind in LODGED]
    return render_template(
        "custody/lodge.html", person=person, offered=offered, here=here, errors=errors,
        places=[each for each in cabinets.every() if each.ended_at is None],
        form_id=secrets.token_hex(16), typed=request.form,
    )  # fmt: skip
