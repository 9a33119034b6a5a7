"""Where many cases stand at once: the next step, slack, papers that lack; a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.cases import checklists, plans, queries
from tracker.cases.models import Case
from tracker.cases.queries import Away
from tracker.rules.book import RuleBook
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.procedures.parts import Request
from tracker.rules.procedures.plan import Plan, Planned, plan


@dataclass(frozen=True, slots=True)
class Standing:
    """How one case stands. `next`: the step to be done next; `slack`: days it can slip.

    `lacking`: codes of papers that are not ready on the filing day. `away`: where the passport is.
    """

    next: Planned | None
    slack: int | None
    lacking: tuple[str, ...]
    filing_on: date
    away: Away | None


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of many persons."""

    family: Mapping[int, Sequence[int]]
    subjects: Mapping[int, Subject]
    cases: Mapping[int, Sequence[Case]]


def of_cases(cases: Sequence[Case], book: RuleBook, *, today: date) -> dict[int, Standing]:
    """Return how each of these cases stands, by its id; as many statements for one as for all."""
    known = [case for case in cases if case.procedure in book.procedures.by_id]
    read = _read(sorted({case.person_id for case in known}))
    touched = queries.items([case.id for case in known])
    made: dict[tuple[int, str], Plan] = {}
    found = {}
    for case in known:
        asked = _request(case, read, book, today)
        key = (case.person_id, asked.target)
        made[key] = made.get(key) or plan(asked, book)
        steps = _own(made[key], case)
        if not steps:
            steps = _own(plan(replace(asked, target=case.procedure, dependants=()), book), case)
        day = case.submitted_on or _filing_on(steps, today)
        papers = checklists.of_subject(
            case, read.subjects[case.person_id], touched[case.id], book, filing_on=day
        )
        left = [step for step in steps if step.status != "done"] if not case.closed_at else []
        found[case.id] = Standing(
            left[0] if left else None, min((step.slack for step in left), default=None),
            papers.lacking, day, queries.passport_away(case, book),
        )  # fmt: skip
    return found


def _read(person_ids: Sequence[int]) -> _Read:
    family = plans.dependants(person_ids)
    everybody = sorted({*person_ids, *(each for members in family.values() for each in members)})
    return _Read(family, plans.subjects_of(everybody), queries.open_of(everybody))


def _request(case: Case, read: _Read, book: RuleBook, today: date) -> Request:
    person_id = case.person_id
    members = read.family.get(person_id, ())
    asked = [each.until for each in read.cases.get(person_id, ()) if each.until]
    request = Request(
        read.subjects[person_id], plans.chain_of(case.procedure, book), as_of=today,
        until=min(asked, default=None),
        dependants=tuple(replace(read.subjects[each], ref=str(each)) for each in members),
    )  # fmt: skip
    return plans.with_cases(request, [person_id, *members], read.cases, book)


def _own(made: Plan, case: Case) -> list[Planned]:
    return [step for step in made.steps if step.procedure.id == case.procedure and not step.ref]


def _filing_on(steps: Sequence[Planned], today: date) -> date:
    filing = next((step for step in steps if step.step.does == "file"), None)
    return max(filing.latest, filing.earliest) if filing else today
