"""After an import: are the people already inside their window told at once, later, or held?"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from marshmallow import fields, pre_load, validate

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.facts import batches
from tracker.obligations import book
from tracker.reminders import after_import
from tracker.reminders.decisions import Word
from tracker.web import recipients
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.forms import Form, typed

bp = Blueprint("imported", __name__, url_prefix="/reminders/imports")
#: People the page names.
NAMED = 20


class DecisionForm(Form):
    """What is to become of the letters."""

    choice = fields.String(required=True, validate=validate.OneOf(after_import.CHOICES))
    until = fields.Date(
        load_default=None,
        error_messages={"invalid": _l("Write a day like 2026-11-30, or leave it empty.")},
    )

    @pre_load
    def empty_is_none(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Take an empty day for none."""
        return {name: value for name, value in data.items() if value != ""}


@bp.app_context_processor
def held_imports() -> dict[str, Any]:
    """Let pages tell which imports wait for a decision."""
    return {"held_imports": after_import.waiting}


@bp.get("/<int(max=2147483647):batch_id>")
@roles(*OFFICE)
def show(batch_id: int) -> ResponseReturnValue:
    """Show what the decision is about."""
    return _page(batch_id, {})


@bp.post("/<int(max=2147483647):batch_id>")
@roles(*OFFICE)
def decide(batch_id: int) -> ResponseReturnValue:
    """Decide for everybody of an import."""
    now, me = clock.now(), audit.actor_of(viewer())
    try:
        form = typed(DecisionForm())
        reason = _("decided after the import")
        count = after_import.decide(
            batch_id, form["choice"], Word(me, now, reason), today=clock.campus_day(now),
            until=form["until"],
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        return _page(batch_id, error.messages), 422
    except Conflict as error:
        db.session.rollback()
        flash(" ".join(error.lines()), "warning")
        return redirect(url_for("reminders.show"), 303)
    audit.record(
        actor=me, action="letters of import decided", subject=f"import:{batch_id}", at=now,
        details={"choice": form["choice"], "people": count},
    )  # fmt: skip
    db.session.commit()
    flash(ngettext("Decided for %(num)s person.", "Decided for %(num)s people.", count))
    return redirect(url_for("reminders.show"), 303)


def _page(batch_id: int, errors: dict[str, list[str]]) -> str:
    today = clock.today()
    batch = batches.get(batch_id)
    numbers = after_import.numbers(batch_id, today=today)
    begun = sorted(numbers.begun, key=lambda each: (each.safe_on, each.person_id))
    named = list({each.obligation_id: each for each in begun}.values())[:NAMED]
    return render_template(
        "reminders/imported.html", batch=batch, numbers=numbers, named=named, errors=errors,
        people=recipients.people_named(each.person_id for each in named), today=today,
        rules=book.current(),
    )  # fmt: skip
