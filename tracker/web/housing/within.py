"""What the pages of buildings share: finding, claiming, the audit trail, what follows."""

from tracker import pipeline
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.housing.models import Building
from tracker.web.access import viewer
from tracker.web.editing.within import ID

BUILDING = "/buildings/" + ID.format("building_id")
ROOM = "/rooms/" + ID.format("room_id")


def actor() -> str:
    """Return how records name who is signed in."""
    return audit.actor_of(viewer())


def note(action: str, building: Building, **details: object) -> None:
    """Put on the trail what was done to a building."""
    subject = f"building:{building.id}"
    audit.record(actor=actor(), action=action, subject=subject, at=clock.now(), details=details)


def note_move(action: str, person: Person, **details: object) -> None:
    """Put on the trail that somebody moved."""
    subject = f"person:{person.id}"
    audit.record(actor=actor(), action=action, subject=subject, at=clock.now(), details=details)


def settle(building: Building, person_ids: list[int]) -> None:
    """Derive anew what follows from a changed building, and commit."""
    today, now = clock.today(), clock.now()
    if person_ids:
        pipeline.refresh(person_ids, today=today, now=now)
    pipeline.refresh_buildings([building.id], today=today, now=now)
    db.session.commit()
