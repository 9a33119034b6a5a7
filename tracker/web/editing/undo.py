"""Undo the last change of a person, as long as it is the last one."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields

from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Stale
from tracker.facts import last_change
from tracker.facts.models import Person
from tracker.web import forms
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.editing import effects, saved, within
from tracker.web.editing.sheet import actor, record, way_back

bp = Blueprint("undo", __name__)


class Undo(forms.Form):
    """Which change: the revision it made; where to go afterwards."""

    revision = fields.Integer(required=True)
    next = fields.String(load_default="")


@bp.post(within.PERSON + "/undo")
@roles(*OFFICE, "unit_secretary")
def undo(person_id: int) -> ResponseReturnValue:
    """Bring back what was there before; a secretary undoes only their own change."""
    person = within.person(person_id)
    typed = forms.typed(Undo())
    try:
        _undo(person, typed["revision"])
    except Stale:
        db.session.rollback()
        flash(_("Something newer was recorded about this person, so this can no longer be undone. "
                "Look at the history and correct it there."), "warning")  # fmt: skip
    except Conflict as error:
        db.session.rollback()
        flash(" ".join(error.lines()), "warning")
    return redirect(way_back(within.person(person_id)), 303)


def _undo(person: Person, revision: int) -> None:
    today, now = clock.today(), clock.now()
    change = last_change.of(person.id)
    if viewer().role not in OFFICE and (change is None or change.by != actor()):
        raise Conflict(_("Only the international office undoes what others recorded."))
    before = effects.standing(person.id, today=today)
    last_change.undo(person, expected=revision, by=actor(), at=now)
    pipeline.refresh([person.id], today=today, now=now)
    changed = effects.between(before, effects.standing(person.id, today=today))
    record("undo", person, now=now)
    db.session.commit()
    saved.tell(_("Undone: it is as it was before."), person, changed)
