"""Keep obligations and conflicts in step with the facts. Flushes only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from config import settings
from tracker.cases import steps
from tracker.core.db import db
from tracker.core.inserting import insert_rows
from tracker.core.stored import day_value, instant_value
from tracker.facts import queries as facts
from tracker.facts.documents import Document
from tracker.facts.models import Person
from tracker.housing import stays
from tracker.obligations import book, conflicts, derive, next_deadlines, registers
from tracker.obligations.derive import Context, Derived, Key, differences, person_of, rows_of
from tracker.obligations.models import Obligation
from tracker.obligations.newcomers import DUTY, Owed, Row, Terms
from tracker.obligations.saving import update
from tracker.rules import model as law
from tracker.rules.book import RuleBook

CHUNK = 500
#: Of a row: whose and about what it is, and all that is derived.
ALL = ("rule_id", "fact_ref", *Derived._fields)
SUBJECT = (Person.id, Person.nationality, Person.category, Person.identity, Person.born_on,
           Person.status)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """An obligation and its safe day as it is and as it would be."""

    person_id: int
    rule_id: str
    before: date
    after: date


def context(today: date) -> Context:
    """Return what the derivations of a day share."""
    return _context(book.current(), today)


def terms(*, today: date, told_on: date) -> Terms:
    """Return what is reckoned by today of people told of for the first time (newcomers.py)."""
    return Terms(context(today), told_on)


def sync(person_ids: Sequence[int], *, today: date, now: datetime) -> list[int]:
    """Derive the obligations of these persons anew; return the ids of those that changed.

    A rebuild of everybody is the same call with everybody's ids: rows are found again by
    person, rule and document, and what does not change is not written.
    """
    shared = context(today)
    changed: list[int] = []
    for start in range(0, len(person_ids), CHUNK):
        changed += _sync_chunk(person_ids[start : start + CHUNK], shared, now)
    return changed


def add(ids: Sequence[int], people: Sequence[Owed], *, today: date, now: datetime) -> None:
    """Insert what follows for persons just inserted (newcomers.py). Flushes only."""
    both = list(zip(ids, people, strict=True))
    duties = [(id_, *row) for id_, each in both for paper in each.duties for row in paper]
    _insert(DUTY, duties, now)
    conflicts.insert([(id_, *row) for id_, each in both for row in each.conflicts], now)
    due = {id_: each.deadline for id_, each in both if each.deadline}
    next_deadlines.insert(due | _add_registered(ids, due, today, now))


def _add_registered(
    ids: Sequence[int], due: Mapping[int, str], today: date, now: datetime
) -> dict[int, str]:
    """Insert what registers know of persons just inserted; return what is due sooner of whom."""
    rules = book.current()
    told = _derived(registers.rows(registers.OF_PERSONS, ids, rules, today=today))
    _insert(ALL, [(*key, *derive.stored(row)) for key, row in told.items()], now)
    sooner: dict[int, str] = {}
    for (person_id, rule_id, fact_ref), row in told.items():
        day = day_value(derive.soonest([(rule_id, fact_ref, row)], rules))
        known = sooner.get(person_id) or due.get(person_id)
        if day and (known is None or day < known):
            sooner[person_id] = day
    return sooner


def foresee(person_ids: Sequence[int], rules: RuleBook, *, today: date) -> list[Moved]:
    """Return the open obligations of these persons that other rules would move. Writes nothing.

    Those whose day stays and is only no longer provisional are among them.
    """
    rows = db.session.execute(sa.select(*SUBJECT).where(Person.id.in_(person_ids)))
    subjects = [row._asdict() for row in rows]
    documents = stays.with_licences(facts.documents_of(person_ids))
    wanted = _wanted(_people(subjects), documents, _context(rules, today))
    planned = steps.foreseen(subjects, documents, _mappings(wanted), rules, today=today)
    wanted |= _derived(planned)
    wanted |= _derived(registers.rows(registers.OF_PERSONS, person_ids, rules, today=today))
    existing = _existing(person_ids)
    return [
        Moved(key[0], key[1], existing[key]["safe_on"], wanted[key].safe_on)
        for key, changed in _differences(wanted, existing)
        if key in wanted and existing[key]["state"] == "open"
        and {"safe_on", "opens_on", "statutory_on", "provisional"} & set(changed)
    ]  # fmt: skip


def about(fact_refs: Sequence[str]) -> Sequence[int]:
    """Return the ids of the obligations about these entries of registers."""
    wanted = sa.select(Obligation.id).where(Obligation.fact_ref.in_(fact_refs))
    return db.session.scalars(wanted).all()


def drop(fact_refs: Sequence[str]) -> None:
    """Delete the obligations about what is kept no longer, with their reminders and answers."""
    gone = sa.delete(Obligation).where(Obligation.fact_ref.in_(fact_refs))
    db.session.execute(gone, execution_options={"synchronize_session": False})


def ids_of(person_ids: Sequence[int]) -> Sequence[int]:
    """Return the ids of all obligations of these persons."""
    mine = Obligation.person_id.in_(person_ids)
    return db.session.scalars(sa.select(Obligation.id).where(mine)).all()


def everybody(after: int = 0) -> Iterator[list[int]]:
    """Yield all person ids in chunks."""
    while True:
        ids = db.session.scalars(
            sa.select(Person.id).where(Person.id > after).order_by(Person.id).limit(CHUNK)
        ).all()
        if not ids:
            return
        yield list(ids)
        after = ids[-1]


def changed_by_time(today: date) -> list[int]:
    """Return the persons of whom something is different by `today` though nobody told anything.

    What was filed should have been answered; a day on which something voluntary ended has passed;
    a register says so.
    """
    answered = sa.select(Obligation.person_id).where(
        Obligation.quiet_until < today, Obligation.person_id.is_not(None)
    )
    advice = {rule.id for rule in book.current().rules if rule.role == "advice"}
    passed = sa.select(Obligation.person_id).where(
        sa.text("obligation.state = 'open'"), Obligation.rule_id.in_(sorted(advice)),
        Obligation.safe_on < today, Obligation.statutory_on < today,
    )  # fmt: skip
    told = registers.changed(registers.OF_PERSONS, today)
    return sorted({*db.session.scalars(answered.union(passed)), *told})


def mark_seen(
    rule_ids: Iterable[str] | None = None, *, safe_within: tuple[date, date] | None = None
) -> None:
    """Note that the planner has seen the new and changed obligations (of these rules or days)."""
    seen = sa.update(Obligation).where(sa.text("obligation.fresh")).values(fresh=False)
    if rule_ids is not None:
        seen = seen.where(Obligation.rule_id.in_(list(rule_ids)))
    if safe_within is not None:
        seen = seen.where(Obligation.safe_on.between(*safe_within))
    db.session.execute(seen, execution_options={"synchronize_session": False})


def _sync_chunk(person_ids: Sequence[int], context: Context, now: datetime) -> list[int]:
    # Locked before the facts are read: whoever changes them meanwhile derives after us.
    locked = db.session.execute(
        sa.select(*SUBJECT)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
        .with_for_update(key_share=True)
    )
    subjects = [row._asdict() for row in locked]
    people = _people(subjects)
    documents = stays.with_licences(facts.documents_of(person_ids))
    wanted = _wanted(people, documents, context)
    planned = steps.in_step(
        subjects, documents, _mappings(wanted), context.book, today=context.today, now=now
    )
    wanted |= _derived(planned)
    told = registers.rows(registers.OF_PERSONS, person_ids, context.book, today=context.today)
    wanted |= _derived(told)
    conflicts.sync(people, documents, context.book, now=now)
    existing = _existing(person_ids)
    changes = list(_differences(wanted, existing))
    update(existing, changes, now)
    new = [(*key, *derive.stored(row)) for key, row in wanted.items() if key not in existing]
    _insert(ALL, new, now)
    next_deadlines.keep(person_ids, book.deadlines(context.book))
    return [existing[key]["id"] for key, _ in changes]


def _wanted(
    people: Mapping[int, law.Person],
    documents: Mapping[int, Sequence[Document]],
    context: Context,
) -> dict[Key, Derived]:
    wanted: dict[Key, Derived] = {}
    for person_id, person in people.items():
        wanted |= rows_of(person_id, person, documents[person_id], context)
    return wanted


def _people(subjects: Iterable[Mapping[str, Any]]) -> dict[int, law.Person]:
    return {subject["id"]: person_of(subject) for subject in subjects}


def _mappings(rows: Mapping[Key, Derived]) -> dict[Key, Mapping[str, Any]]:
    return {key: row._asdict() for key, row in rows.items()}


def _differences(
    wanted: Mapping[Key, Derived], existing: Mapping[Key, Mapping[str, Any]]
) -> Iterator[tuple[Key, dict[str, Any]]]:
    known = {key: wanted[key] for key in existing if key in wanted}
    return differences(_mappings(known), existing)


def _derived(rows: Mapping[Key, Mapping[str, Any]]) -> dict[Key, Derived]:
    return {key: Derived(**row) for key, row in rows.items()}


def _existing(person_ids: Sequence[int]) -> dict[Key, dict[str, Any]]:
    rows = db.session.execute(
        sa.select(*Obligation.__table__.columns).where(Obligation.person_id.in_(person_ids))
    )
    return {(row.person_id, row.rule_id, row.fact_ref): dict(row._mapping) for row in rows}


def _insert(columns: Sequence[str], rows: Sequence[Row], now: datetime) -> None:
    """Insert rows: the person's id, and values as `columns` names them."""
    changed_at = instant_value(now)
    insert_rows(
        "obligation",
        ("person_id", *columns, "round", "fresh", "changed_at"),
        [(*row, 1, True, changed_at) for row in rows],
    )


@lru_cache(maxsize=4)
def _context(rules: RuleBook, today: date) -> Context:
    return Context(rules, today, _allowance())


@cache
def _allowance() -> Mapping[str, int]:
    path = Path(settings.ROOT) / "config" / "office.yaml"
    days: Mapping[str, int] = yaml.safe_load(path.read_text("utf-8"))["taken_as_done_after_days"]
    return days
