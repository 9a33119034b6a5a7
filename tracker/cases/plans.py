"""The plan of a person from what is on record: documents, family, cases under way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.cases import queries
from tracker.cases.models import Case
from tracker.core.db import db
from tracker.facts import queries as facts
from tracker.facts.documents import Document
from tracker.facts.models import FactVersion, Person
from tracker.rules import model as rules
from tracker.rules.book import RuleBook
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.procedures.model import Procedure
from tracker.rules.procedures.parts import Request
from tracker.rules.procedures.plan import Moved, Plan, plan, slip

FAMILY = "family_tie"
RENEWAL = "renewal"
OF_FAMILY = "residence_permit_family_extension"
#: Documents of the past that tell whether a permit is the first.
FORMER = ("work_permit", "residence_permit")
#: Which column has the day of a step that is done.
DONE = {"decide": "decided_on", "papers": "complete_on", "file": "submitted_on",
        "collect": "collected_on"}  # fmt: skip
_COLUMNS = (Person.id, Person.nationality, Person.category, Person.identity, Person.born_on,
            Person.status)  # fmt: skip


def plan_of(
    person_id: int, book: RuleBook, *, today: date, target: str | None = None,
    until: date | None = None,
) -> Plan:  # fmt: skip
    """Return the plan of a person and the family. `target`: a chain; by default the renewal,
    for somebody who is family that of their own permit.

    NotFound if there is no such person, KeyError if there is no such chain.
    """
    return plan(request_of(person_id, book, today=today, target=target, until=until), book)


def slip_of(
    person_id: int, book: RuleBook, key: str, to: date, *, today: date, target: str | None = None
) -> tuple[Moved, ...]:
    """Return what moves in a person's plan when a step does not happen before the day `to`."""
    return slip(request_of(person_id, book, today=today, target=target), book, key, to)


def request_of(
    person_id: int, book: RuleBook, *, today: date, target: str | None = None,
    until: date | None = None,
) -> Request:  # fmt: skip
    """Return what to ask the planner for a person, from what is on record."""
    facts.person(person_id)
    family = dependants([person_id])[person_id]
    subjects = subjects_of([person_id, *family])
    cases = queries.open_of([person_id, *family])
    asked = [case.until for case in cases[person_id] if case.until]
    subject = subjects[person_id]
    request = Request(
        subject, target or (OF_FAMILY if subject.holds(FAMILY) else RENEWAL), as_of=today,
        until=until or min(asked, default=None),
        dependants=tuple(replace(subjects[each], ref=str(each)) for each in family),
    )  # fmt: skip
    return with_cases(request, [person_id, *family], cases, book)


def with_cases(
    request: Request, person_ids: Sequence[int], cases: Mapping[int, Sequence[Case]],
    book: RuleBook,
) -> Request:  # fmt: skip
    """Return the request with the steps that cases have behind them; the first id is the sponsor.

    While an authority has the passport, no consulate can renew it.
    """
    done: dict[str, date] = {}
    held: dict[str, date] = {}
    for person_id in person_ids:
        own = "" if person_id == person_ids[0] else f"@{person_id}"
        for case in cases.get(person_id, ()):
            procedure = book.procedures.by_id.get(case.procedure)
            if procedure is None:
                continue
            done |= {f"{step}{own}": day for step, day in done_in(case, procedure).items()}
            if away := queries.passport_away(case, book):
                held[f"PASSPORT-FILE{own}"] = book.calendar.next_workday(away.until)
    return replace(request, done=done, not_before=held)


def done_in(case: Case, procedure: Procedure) -> dict[str, date]:
    """Return the days of the steps of a case that are done."""
    days = ((step.id, getattr(case, DONE[step.does])) for step in procedure.steps)
    return {step: day for step, day in days if day is not None}


def chain_of(procedure: str, book: RuleBook) -> str:
    """Return the chain a procedure is planned in; itself if it is in none."""
    chains = book.procedures.chains.values()
    return next((chain.id for chain in chains if procedure in chain.procedures), procedure)


def subjects_of(person_ids: Sequence[int]) -> dict[int, Subject]:
    """Return persons with their documents, as the planner takes them; a few statements."""
    documents = facts.documents_of(person_ids)
    former = facts.former_of(person_ids, FORMER)
    return {
        row["id"]: subject_of(row, documents[row["id"]], former[row["id"]])
        for row in rows_of(person_ids)
    }


def rows_of(person_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return id and the fields of rules.Person of each of these persons."""
    rows = db.session.execute(sa.select(*_COLUMNS).where(Person.id.in_(person_ids)))
    return [row._asdict() for row in rows]


def subject_of(
    row: Mapping[str, object], documents: Iterable[Document],
    former: Iterable[Document] = (),
) -> Subject:  # fmt: skip
    """Return one person as the planner takes them. `row`: id and the fields of rules.Person."""
    person = rules.Person(**{name: row[name] for name in row if name != "id"})  # type: ignore[arg-type]
    return Subject(person, _facts(documents), former=_facts(former))


def dependants(person_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return whose family is on record with each of these persons; one statement."""
    sponsor = FactVersion.data["sponsor"].as_string()
    rows = db.session.execute(
        sa.select(FactVersion.person_id, sponsor.label("sponsor"))
        .where(
            FactVersion.kind == FAMILY, FactVersion.withdrawn_at.is_(None),
            FactVersion.valid_to.is_(None), sponsor.in_([str(each) for each in person_ids]),
        )
        .order_by(FactVersion.person_id)
    )  # fmt: skip
    found: dict[int, list[int]] = defaultdict(list)
    for person_id, sponsored_by in rows:
        found[int(sponsored_by)].append(person_id)
    return found


def sponsors(person_ids: Sequence[int]) -> list[int]:
    """Return the sponsors of those of these persons who are family; one statement."""
    sponsor = FactVersion.data["sponsor"].as_string()
    rows = db.session.scalars(
        sa.select(sponsor).where(
            FactVersion.kind == FAMILY, FactVersion.withdrawn_at.is_(None),
            FactVersion.valid_to.is_(None), FactVersion.person_id.in_(person_ids),
        )
    )  # fmt: skip
    return sorted({int(each) for each in rows if each and each.isdigit()})


def _facts(documents: Iterable[Document]) -> tuple[rules.Fact, ...]:
    return tuple(rules.Fact(each.ref, each.kind, each.data) for each in documents)
