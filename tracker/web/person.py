"""A person's page: what is due and why, the documents as of any day, the letters."""

from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.accounts.models import Account
from tracker.accounts.scope import reads_numbers, scope_of
from tracker.cases.queries import Away, passports_away
from tracker.core import clock
from tracker.core.errors import NotFound
from tracker.directory import cases as listing
from tracker.facts import queries as facts
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.rules.book import RuleBook
from tracker.web import dossier, glance, ground, kept, language, own
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.forms import asked

bp = Blueprint("person", __name__)


@bp.get("/people/<int(max=2147483647):person_id>")
@roles(*READERS, "unit_secretary", "expert")
def show(person_id: int) -> ResponseReturnValue:
    """Show one person; whoever is out of the reader's scope does not exist."""
    account, today = viewer(), clock.today()
    seen = ground.of_person(person_id)
    if not scope_of(account).covers(unit_id=seen.unit_id, person_id=person_id):
        raise NotFound
    on, refused = _as_at()
    if account.role == "expert" and not on:
        return _own(person_id, account, today), 422 if refused else 200
    return kept.page(
        "people/person.html", seen,
        lambda: _shown(person_id, account, today, on, refused),
        still=lambda: ground.of_person(person_id),
    ), 422 if refused else 200  # fmt: skip


def _own(person_id: int, account: Account, today: date) -> str:
    person, papers = _opened(person_id, account, None)
    return own.page(person, papers, dossier.duties(person, papers, today=today), today=today)


def _shown(
    person_id: int, account: Account, today: date, on: date | None, refused: str
) -> dict[str, object]:
    person, papers = _opened(person_id, account, on)
    duties = dossier.duties(person, papers, today=today)
    if account.role != "expert":
        duties = dossier.for_others(duties)
    rules = book.current()
    conflicts = glance.numbered(dossier.conflicts(person, today=today), rules.conflicts)
    return {
        "cases": listing.of_person(person_id), "away": away_of(person_id, rules),
        "person": person, "papers": papers, "on": on, "refused": refused, "today": today,
        "duties": duties, "conflicts": conflicts, "letters": dossier.letters(person),
        "rules": rules, "coming": dossier.letters_to_come(duties),
        "may_read_letters": account.role in OFFICE,
        "glance": glance.look(
            papers, duties, glance.clashes(conflicts), today=today, language=language.current()
        ),
    }  # fmt: skip


def away_of(person_id: int, rules: RuleBook) -> Away | None:
    """Return where a person's passport is, if an authority has it."""
    return passports_away([person_id], rules).get(person_id)


def _opened(
    person_id: int, account: Account, on: date | None
) -> tuple[Person, dossier.Papers]:  # fmt: skip
    person = facts.person(person_id)
    numbers = reads_numbers(account, person_id=person_id)
    return person, dossier.open_dossier(person, on=on, numbers=numbers)


def _as_at() -> tuple[date | None, str]:
    """Return the day asked for; what was typed instead if it is none."""
    text = asked("on", 30)
    try:
        return (date.fromisoformat(text) if text else None), ""
    except ValueError:
        return None, text
