"""A person's page: what is due and why, the documents as of any day, the letters."""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.models import Account
from tracker.accounts.scope import reads_numbers, scope_of
from tracker.core import clock
from tracker.core.errors import NotFound
from tracker.facts import queries as facts
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.web import dossier, glance, language, own
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.forms import asked

bp = Blueprint("person", __name__)


@bp.get("/people/<int(max=2147483647):person_id>")
@roles(*READERS, "unit_secretary", "expert")
def show(person_id: int) -> ResponseReturnValue:
    """Show one person; whoever is out of the reader's scope does not exist."""
    account, today = viewer(), clock.today()
    person = _visible(person_id, account)
    on, refused = _as_at()
    papers = dossier.open_dossier(
        person, on=on, numbers=reads_numbers(account, person_id=person_id)
    )
    duties = dossier.duties(person, papers, today=today)
    if account.role == "expert" and not on:
        return own.page(person, papers, duties, today=today), 422 if refused else 200
    rules = book.current()
    conflicts = glance.numbered(dossier.conflicts(person, today=today), rules.conflicts)
    page = render_template(
        "people/person.html", person=person, papers=papers, on=on, refused=refused, today=today,
        duties=duties, conflicts=conflicts, letters=dossier.letters(person), rules=rules,
        coming=dossier.letters_to_come(duties), may_read_letters=account.role in OFFICE,
        glance=glance.look(
            papers, duties, glance.clashes(conflicts), today=today, language=language.current()
        ),
    )  # fmt: skip
    return page, 422 if refused else 200


def _visible(person_id: int, account: Account) -> Person:
    person = facts.person(person_id)
    if not scope_of(account).covers(unit_id=person.unit_id, person_id=person.id):
        raise NotFound
    return person


def _as_at() -> tuple[date | None, str]:
    """Return the day asked for; what was typed instead if it is none."""
    text = asked("on", 30)
    try:
        return (date.fromisoformat(text) if text else None), ""
    except ValueError:
        return None, text
