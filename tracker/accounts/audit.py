"""The audit trail: who did what to which thing, when. Its one writer. Flushes only."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.models import Account, AuditEntry
from tracker.core.db import db


def record(
    *, actor: str, action: str, subject: str, at: datetime, details: dict[str, Any] | None = None
) -> AuditEntry:
    """Add an entry. `actor` and `subject` are like "account:3"; no personal numbers anywhere."""
    entry = AuditEntry(at=at, actor=actor, action=action, subject=subject, details=details or {})
    db.session.add(entry)
    db.session.flush()
    return entry


def actor_of(account: Account) -> str:
    """Name an account the way the trail and "recorded by" columns do."""
    return f"account:{account.id}"


def entries(
    *, actor: str = "", action: str = "", subject: str = "", since: datetime | None = None,
    until: datetime | None = None, offset: int = 0, most: int,
) -> list[AuditEntry]:  # fmt: skip
    """Return entries, newest first; `until` is not included. Empty means all."""
    selected = sa.select(AuditEntry)
    for column, value in (
        (AuditEntry.actor, actor), (AuditEntry.action, action), (AuditEntry.subject, subject),
    ):  # fmt: skip
        if value:
            selected = selected.where(column == value)
    if since:
        selected = selected.where(AuditEntry.at >= since)
    if until:
        selected = selected.where(AuditEntry.at < until)
    ordered = selected.order_by(AuditEntry.id.desc()).offset(offset).limit(most)
    return list(db.session.scalars(ordered))


def about(subject: str, *, most: int) -> list[AuditEntry]:
    """Return the newest entries about one thing."""
    return entries(subject=subject, most=most)


def actions() -> list[str]:
    """Return every action there is an entry of."""
    return _distinct(AuditEntry.action)


def actors() -> dict[str, str]:
    """Return the names of everybody who did something, by how the trail names them."""
    found = _distinct(AuditEntry.actor)
    names = _names(found)
    return {actor: names.get(actor, actor) for actor in found}


def names_of(trail: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the names behind the accounts in `trail`."""
    return _names({text for entry in trail for text in (entry.actor, entry.subject)})


def name_of(mark: str) -> str:
    """Return the name of the account that "account:3" stands for; anything else as it is."""
    return _names([mark]).get(mark, mark)


def _names(marks: Iterable[str]) -> dict[str, str]:
    ids = [int(n) for kind, _, n in (m.partition(":") for m in marks) if kind == "account"]
    rows = db.session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {f"account:{row.id}": row.name for row in rows}


def _distinct(column: Any) -> list[str]:
    """Return the values of an indexed column, jumping from one to the next."""
    steps = sa.select(sa.func.min(column).label("value")).cte("steps", recursive=True)
    following = sa.select(sa.func.min(column)).where(column > steps.c.value).scalar_subquery()
    steps = steps.union_all(sa.select(following).where(steps.c.value.is_not(None)))
    values = sa.select(steps.c.value).where(steps.c.value.is_not(None)).limit(1000)
    return list(db.session.scalars(values))
