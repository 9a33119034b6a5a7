"""Find the case an address names, within the reader's scope, and end a change of one."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker import pipeline
from tracker.accounts import audit
from tracker.accounts.models import Account
from tracker.accounts.scope import scope_of
from tracker.cases import queries, record
from tracker.cases.models import Case, CaseEvent
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.web.access import viewer
from tracker.web.editing import within

CASE = "/cases/" + within.ID.format("case_id")


def case_of(case_id: int) -> Case:
    """Return a case of a person whom the reader may see."""
    found = queries.get(case_id)
    person = found.person
    if not scope_of(viewer()).covers(unit_id=person.unit_id, person_id=person.id):
        raise NotFound
    return found


def claimed(case_id: int, revision: int) -> Case:
    """Return a case kept from other editors; Stale if somebody changed it since `revision`."""
    case_of(case_id)
    case = queries.for_change(case_id)
    record.claim(case, expected=revision)
    return case


def actor() -> str:
    """Return how records name who is signed in."""
    return audit.actor_of(viewer())


def settle(case: Case, action: str, *, today: date, now: datetime, **details: object) -> None:
    """Bring what is due in step with the case, put the change on the trail, commit."""
    pipeline.refresh([case.person_id], today=today, now=now)
    audit.record(
        actor=actor(), action=action, subject=f"person:{case.person_id}", at=now,
        details={"case": case.id, **details},
    )  # fmt: skip
    db.session.commit()


def names_of(events: Sequence[CaseEvent]) -> dict[str, str]:
    """Return the names of the accounts that made these changes."""
    numbers = {event.by.partition(":")[2] for event in events if event.by.startswith("account:")}
    ids = [int(each) for each in numbers if each.isdecimal()]
    rows = db.session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {f"account:{row.id}": row.name for row in rows}
