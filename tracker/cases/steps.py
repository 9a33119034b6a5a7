"""What open cases make due: their steps as obligations, planned from the documents."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tracker.cases import follow, plans, queries
from tracker.cases.models import Case, ref_of
from tracker.cases.states import WITH_AUTHORITY
from tracker.facts import queries as facts
from tracker.facts.documents import Document
from tracker.rules.book import RuleBook
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.procedures.parts import Request
from tracker.rules.procedures.plan import Plan, Planned, plan
from tracker.rules.standing import FILED, OPEN, SETTLED

#: Person, rule and document, as obligations are keyed.
Key = tuple[int, str, str]
Rows = dict[Key, dict[str, Any]]
PASSED = "The case has passed this step."
NO_MORE: Mapping[int, Sequence[Case]] = {}
#: How a case that is not open yet is named.
NOT_YET = ref_of(None)
CHUNK = 500


def in_step(
    subjects: Sequence[Mapping[str, Any]], documents: Mapping[int, Sequence[Document]],
    due: Mapping[Key, Mapping[str, Any]], book: RuleBook, *, today: date, now: datetime,
) -> Rows:  # fmt: skip
    """Bring cases in step with the documents, and return what they make of what is due. Flushes.

    `due`: the obligations that follow from the documents. Returned are the steps, and those of
    `due` that are quiet while an authority has the application.
    """
    follow.documents(subjects, documents, book, now=now)
    return foreseen(subjects, documents, due, book, today=today)


def foreseen(
    subjects: Sequence[Mapping[str, Any]], documents: Mapping[int, Sequence[Document]],
    due: Mapping[Key, Mapping[str, Any]], book: RuleBook, *, today: date,
    more: Mapping[int, Sequence[Case]] = NO_MORE,
) -> Rows:  # fmt: skip
    """Return the rows that open cases add or change, under any book; writes nothing.

    `more`: cases as they would be opened, by person.
    """
    by_id = {subject["id"]: subject for subject in subjects}
    cases = queries.open_of(list(by_id))
    for person_id, others in more.items():
        cases[person_id] = [*cases.get(person_id, ()), *others]
    if not cases:
        return {}
    family = _family(list(cases), documents)
    rows: Rows = {}
    for person_id, own in cases.items():
        subject = plans.subject_of(by_id[person_id], documents.get(person_id, ()))
        request = Request(subject, plans.RENEWAL, dependants=family.get(person_id, ()))
        for case in own:
            rows.update(_of_case(case, own, request, documents.get(person_id, ()), book, today))
            rows.update(_quieted(case, due, book, today))
    return rows


def to_come(
    openings: Sequence[Any], book: RuleBook, *, today: date, on: Callable[[date], date]
) -> list[tuple[Key, dict[str, Any], date]]:
    """Return the steps of cases that will open, as obligations, each with that day.

    Writes nothing. `openings`: rows of person_id, procedure, subject_ref, opens_on. `on`: the
    day a case whose window opens on a day is opened.
    """
    more: dict[int, list[Case]] = defaultdict(list)
    for row in openings:
        day = on(row.opens_on)
        more[row.person_id].append(
            Case(person_id=row.person_id, procedure=row.procedure, subject_ref=row.subject_ref,
                 state="planning", opened_on=day, told={})
        )  # fmt: skip
    opened = {(each.person_id, each.procedure): each.opened_on
              for cases in more.values() for each in cases}  # fmt: skip
    found: list[tuple[Key, dict[str, Any], date]] = []
    ids = sorted(more)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        rows = foreseen(
            plans.rows_of(chunk), facts.documents_of(chunk), {}, book, today=today,
            more={each: more[each] for each in chunk},
        )  # fmt: skip
        found += [
            (key, row, opened[key[0], book.procedures.of_step(key[1])[0].id])
            for key, row in rows.items()
            if key[2] == NOT_YET
        ]
    return found


def _family(
    person_ids: Sequence[int], documents: Mapping[int, Sequence[Document]]
) -> dict[int, tuple[Subject, ...]]:
    """Return the members of the family that are planned with each of these persons."""
    members = plans.dependants(person_ids)
    ids = sorted({each for family in members.values() for each in family})
    known = plans.subjects_of(ids) if ids else {}
    return {
        person_id: tuple(replace(known[each], ref=str(each)) for each in family)
        for person_id, family in members.items()
    }


def _of_case(
    case: Case, own: Sequence[Case], request: Request, documents: Sequence[Document],
    book: RuleBook, today: date,
) -> Iterator[tuple[Key, dict[str, Any]]]:  # fmt: skip
    """Yield the steps of one case by its person's plan."""
    if case.procedure not in book.procedures.by_id:
        return
    settled = {
        document.data.get("rule_id"): str(document.data.get("outcome"))
        for document in documents
        if document.kind == "settlement" and document.data.get("fact_ref") == case.ref
    }
    for step in _planned(case, own, request, book):
        state, reason, quiet = _standing(case, step, settled.get(step.rule_id), today)
        yield (case.person_id, step.rule_id, case.ref), {
            "opens_on": max(step.opens or case.opened_on, case.opened_on),
            "safe_on": step.latest, "statutory_on": step.statutory or step.latest,
            "due_at": None, "provisional": step.provisional, "state": state, "reason": reason,
            "quiet_until": quiet,
        }  # fmt: skip


def _planned(
    case: Case, own: Sequence[Case], request: Request, book: RuleBook
) -> tuple[Planned, ...]:
    """Return a case's steps: by the plan of its chain, else by that of the procedure alone."""
    asked = replace(request, target=plans.chain_of(case.procedure, book), as_of=case.opened_on,
                    until=case.until)  # fmt: skip
    asked = plans.with_cases(asked, [case.person_id], {case.person_id: own}, book)
    steps = _own(plan(asked, book), case)
    return steps or _own(plan(replace(asked, target=case.procedure, dependants=()), book), case)


def _own(made: Plan, case: Case) -> tuple[Planned, ...]:
    return tuple(
        each for each in made.steps if each.procedure.id == case.procedure and not each.ref
    )


def _standing(
    case: Case, step: Planned, outcome: str | None, today: date
) -> tuple[str, str, date | None]:
    """Return state and reason of a step, and until when it is quiet."""
    if step.status == "done":
        return "met", PASSED, None
    if outcome is not None:
        return "settled", SETTLED.get(outcome, SETTLED["done"]), None
    if case.state in WITH_AUTHORITY and today <= step.latest:
        return "filed", FILED, step.latest
    return "open", OPEN, None


def _quieted(
    case: Case, due: Mapping[Key, Mapping[str, Any]], book: RuleBook, today: date
) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Yield what the law makes due and the case has filed, quiet as long as the answer takes."""
    procedure = book.procedures.by_id.get(case.procedure)
    since = case.accepted_on or case.submitted_on
    if procedure is None or case.state not in WITH_AUTHORITY or since is None:
        return
    takes = procedure.filing.takes.days
    days = takes if isinstance(takes, int) else book.parameter(takes, since).value
    until = book.calendar.add_workdays(since, days)
    for key, row in due.items():
        mine = key[0] == case.person_id and key[1] in (procedure.limit_rule, procedure.opens_rule)
        if mine and row["state"] == "open" and today <= until:
            yield key, dict(row) | {"state": "filed", "reason": FILED, "quiet_until": until}
