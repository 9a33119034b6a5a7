"""The page of one person's checks, and how a form on it ends."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.core import clock
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.core.errors import TrackerError
from tracker.facts.models import Person
from tracker.health import consents, results, schedules
from tracker.web.editing import within
from tracker.web.health_checks import overview, words
from tracker.web.health_checks.within import note_reading, settle


def do(person_id: int, work: Callable[[], str]) -> ResponseReturnValue:
    """Do what a form asks for; a mistake shows beside it, with what was typed."""
    within.person(person_id)
    try:
        said = work()
        settle([person_id])
    except TrackerError as error:
        db.session.rollback()
        return page(person_id, error.messages), error.status
    flash(said)
    return redirect(url_for("person_health.show", person_id=person_id), 303)


def page(person_id: int, errors: dict[str, list[str]] | None = None) -> str:
    """Return the page; that it is read is on the trail before it is."""
    within.person(person_id)
    note_reading(person_id)
    person: Person = within.person(person_id)
    today = clock.today()
    return render_template(
        "health/person.html", person=person, today=today, errors=errors or {},
        rounds=overview.of_person(person, today=today), exemptions=results.exemptions(person_id),
        consents=consents.of_person(person_id), wordings=consents.wordings(),
        schedules=[each for each in schedules.everything() if each.ends_on >= today],
        results=words.RESULTS, campus=CAMPUS,
    )  # fmt: skip
