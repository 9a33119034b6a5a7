"""Delete the record of somebody who left, once it has been kept long enough. Flushes only.

What goes: the person with every document, duty, case, answer, file and account, and the letters
to them. What stays, and is said on the page: the audit trail, which has numbers and no names;
letters to colleagues that name the person; backups made before.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker import pipeline
from tracker.accounts import audit
from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.facts import queries, retention, undoing
from tracker.facts.models import FactVersion, Person
from tracker.files.models import Attachment
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter
from tracker.reminders.models import Reminder


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there is of a person, or was: versions, files, letters to and about them."""

    versions: int
    files: int
    letters: int
    told_others: int

    def counts(self) -> dict[str, int]:
        """Return the counts by name, as the audit trail keeps them."""
        return {name: getattr(self, name) for name in self.__slots__}


def due(*, today: date) -> list[retention.Kept]:
    """Return the records that have been kept long enough, the longest kept first."""
    ended = [each for each in retention.kept() if each.until <= today]
    return sorted(ended, key=lambda each: (each.until, each.person_id))


def coming(*, today: date, most: int) -> list[retention.Kept]:
    """Return the records whose day comes next."""
    later = [each for each in retention.kept() if each.until > today]
    return sorted(later, key=lambda each: (each.until, each.person_id))[:most]


def kept(person_id: int) -> retention.Kept | None:
    """Return until when the record of somebody is kept; None of who has not left."""
    return next(retention.kept(Person.id == person_id), None)


def measure(person_id: int) -> Erased:
    """Return what there is of a person."""
    own = _own_mailboxes(person_id)
    about = sa.select(Reminder.letter_id).where(
        Reminder.obligation_id.in_(_obligations(person_id)), Reminder.recipient.not_in(own),
        Reminder.letter_id.is_not(None),
    )  # fmt: skip
    return Erased(
        versions=_count(FactVersion.id, FactVersion.person_id == person_id),
        files=_count(Attachment.id, Attachment.person_id == person_id,
                     Attachment.removed_at.is_(None)),
        letters=_count(Letter.id, Letter.recipient.in_(own)),
        told_others=_count(Letter.id, Letter.id.in_(about)),
    )  # fmt: skip


def erase(person_id: int, *, by: str, today: date, now: datetime) -> list[str]:
    """Delete a record; return the files to drop from the disk after the commit.

    Conflict while it is still to be kept, or for somebody who has not left.
    """
    queries.person_for_change(person_id)
    record = kept(person_id)
    if record is None or record.until > today:
        raise Conflict(_("This record is still to be kept."))
    had = measure(person_id)
    stored = list(db.session.scalars(
        sa.select(Attachment.stored_as).where(Attachment.person_id == person_id)))  # fmt: skip
    own = _own_mailboxes(person_id)
    pipeline.forget([person_id], now=now)
    undoing.remove_people([person_id])
    db.session.execute(
        sa.delete(Letter).where(Letter.recipient.in_(own)),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()
    audit.record(
        actor=by, action="delete record", subject=f"person:{person_id}", at=now,
        details={**had.counts(), "left_on": record.left_on.isoformat()},
    )  # fmt: skip
    return stored


def _own_mailboxes(person_id: int) -> list[str]:
    accounts = db.session.scalars(sa.select(Account.id).filter_by(person_id=person_id))
    return [f"person:{person_id}", *(f"account:{number}" for number in accounts)]


def _obligations(person_id: int) -> Any:
    return sa.select(Obligation.id).where(Obligation.person_id == person_id)


def _count(column: Any, *which: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count(column)).where(*which)) or 0
