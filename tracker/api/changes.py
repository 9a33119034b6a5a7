"""What every change of a person ends with: deadlines in step, an entry in the trail."""

from tracker import pipeline
from tracker.accounts import audit
from tracker.accounts.scope import scope_of
from tracker.core import clock
from tracker.core.errors import NotFound
from tracker.facts import queries
from tracker.facts.models import Person
from tracker.web.access import viewer


def actor() -> str:
    """Return who changes, as "recorded by" columns name them."""
    return audit.actor_of(viewer())


def note(action: str, subject: str, **details: object) -> None:
    """Put an entry into the audit trail."""
    audit.record(
        actor=actor(), action=action, subject=subject, at=clock.now(), details=dict(details)
    )


def settle(person: Person, action: str, **details: object) -> None:
    """Bring what is derived in step with the person's facts, and note the change."""
    pipeline.refresh([person.id], today=clock.today(), now=clock.now())
    note(action, f"person:{person.id}", **details)


def visible(person_id: int) -> Person:
    """Return the person if the reader may see them; NotFound as for one who does not exist."""
    person = queries.person(person_id)
    if not scope_of(viewer()).covers(unit_id=person.unit_id, person_id=person.id):
        raise NotFound
    return person
