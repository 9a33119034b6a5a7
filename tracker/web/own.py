"""What an expert sees of their own: what to do next, by when, what to bring, whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import render_template

from tracker.accounts.models import Account
from tracker.cases.queries import passports_away
from tracker.core.db import db
from tracker.directory import cases as listing
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.reminders import service as reminders
from tracker.web import dossier, glance, language
from tracker.web.dossier import Document, Duty, Papers

#: Grades of conflict that the person can do something about; the rest is for the office.
OF_CONCERN = ("act", "plan")
#: Documents that somebody looks up, in this order.
CARRIED = ("passport", "visa", "residence_permit", "work_permit", "stay_certificate",
           "hmt_travel_permit", "hmt_residence_card", "permanent_residence_card", "contract",
           "accommodation")  # fmt: skip
CONTACTS = 3


@dataclass(frozen=True, slots=True)
class Agenda:
    """The duties of a person, by who has to act."""

    mine: list[Duty]
    waiting: list[Duty]
    offices: list[Duty]
    to_know: list[Duty]


def page(person: Person, papers: Papers, duties: Sequence[Duty], *, today: date) -> str:
    """Return the page of somebody reading their own papers."""
    rules = book.current()
    found = glance.numbered(dossier.conflicts(person, today=today), rules.conflicts)
    concerning = [each for each in found if each[1].grade in OF_CONCERN]
    return render_template(
        "people/own.html", duties=duties, person=person, papers=papers, rules=rules, today=today,
        agenda=agenda(duties), conflicts=concerning, contacts=contacts(person),
        letters=dossier.letters(person), carried=carried(papers),
        cases=listing.of_person(person.id),
        away=passports_away([person.id], rules).get(person.id),
        glance=glance.look(
            papers, duties, glance.clashes(concerning), today=today, language=language.current()
        ),
    )  # fmt: skip


def agenda(duties: Sequence[Duty]) -> Agenda:
    """Part the pending duties: what the person files, what is filed, what the office does."""
    told = {
        rule
        for ladder in reminders.ladders()
        if any("expert" in stage.to for stage in ladder.stages)
        for rule in ladder.rules
    }
    pending = dossier.pending(duties)
    due = [duty for duty in pending if duty.rule.role in ("deadline", "private")]
    return Agenda(
        mine=[d for d in due if d.row.state == "open" and d.rule.id in told],
        waiting=[d for d in due if d.row.state == "filed"],
        offices=[d for d in due if d.row.state == "open" and d.rule.id not in told],
        to_know=[d for d in pending if d not in due and d.rule.id in told],
    )


def carried(papers: Papers) -> list[Document]:
    """Return the documents in force that a person carries or is asked for."""
    return [
        document
        for kind in CARRIED
        for document in papers.in_force
        if document.kind == kind
    ]  # fmt: skip


def contacts(person: Person) -> list[Account]:
    """Return whom to ask: the unit's secretaries, then officers."""
    own_unit = sa.and_(Account.role == "unit_secretary", Account.unit_id == person.unit_id)
    wanted = (
        sa.select(Account)
        .where(Account.active, sa.or_(own_unit, Account.role == "officer"))
        .order_by(Account.role.desc(), Account.id)
        .limit(CONTACTS)
    )
    return list(db.session.scalars(wanted))
