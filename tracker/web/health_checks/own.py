"""What an expert sees and decides: their rounds and results, the consent, who read of them."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields, validate

from tracker.accounts import audit
from tracker.accounts.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import NotFound, TrackerError
from tracker.facts import queries
from tracker.facts.models import Person
from tracker.health import consents, results
from tracker.web import forms, language
from tracker.web.access import roles, viewer
from tracker.web.health_checks import overview
from tracker.web.health_checks.within import READ, actor, desk, note, settle

bp = Blueprint("own_health", __name__)
#: Readings that are listed.
READINGS = 10


class ConsentForm(forms.Form):
    """The wording that was on the page, and the tick below it."""

    version = fields.String(required=True, validate=validate.Length(max=20))
    agreed = fields.String(load_default="", validate=validate.Length(max=3))


class Nothing(forms.Form):
    """A press of a button."""


@bp.get("/my/health")
@roles("expert")
def show() -> ResponseReturnValue:
    """Show an expert's own health checks."""
    return _page({})


@bp.post("/my/health/consent")
@roles("expert")
def give() -> ResponseReturnValue:
    """Give the consent to the wording on the page."""
    person, today = _person(), clock.today()
    try:
        typed = forms.typed(ConsentForm())
        if not typed["agreed"]:
            return _page({"agreed": [_("Tick the box if you agree.")]}), 422
        consents.give(person.id, version=typed["version"], language=language.current(),
                      way="page", on=today, by=actor(), at=clock.now())  # fmt: skip
    except TrackerError as error:
        db.session.rollback()
        return _page(error.messages), error.status
    note("health consent recorded", f"person:{person.id}", version=typed["version"])
    settle([person.id])
    flash(_("Thank you. You can withdraw your consent here at any time."))
    return redirect(url_for("own_health.show"), 303)


@bp.post("/my/health/consent/withdraw")
@roles("expert")
def withdraw() -> ResponseReturnValue:
    """Take the consent back; what it covered is hidden at once."""
    person = _person()
    try:
        forms.typed(Nothing())
        purge_on = consents.withdraw(person.id, on=clock.today(), by=actor())
    except TrackerError as error:
        db.session.rollback()
        return _page(error.messages), error.status
    note("health consent withdrawn", f"person:{person.id}")
    settle([person.id])
    flash(_("Withdrawn. Nobody reads the results any more; they are deleted on %(day)s.",
            day=purge_on.isoformat()))  # fmt: skip
    return redirect(url_for("own_health.show"), 303)


def _person() -> Person:
    person_id = viewer().person_id
    if person_id is None:
        raise NotFound
    return queries.person(person_id)


def _page(errors: dict[str, Any]) -> str:
    person, today = _person(), clock.today()
    readings = audit.entries(action=READ, subject=f"person:{person.id}", most=READINGS)
    return render_template(
        "health/own.html", person=person, today=today, errors=errors, desk=desk(),
        rounds=overview.of_person(person, today=today), exemptions=results.exemptions(person.id),
        consents=consents.of_person(person.id), wording=consents.wording(on=today),
        readings=readings, names=audit.names_of(readings), reads=_reads(person.id),
    )  # fmt: skip


def _reads(person_id: int) -> int:
    return db.session.scalar(
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.action == READ, AuditEntry.subject == f"person:{person_id}")
    ) or 0  # fmt: skip
