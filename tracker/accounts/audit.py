"""The audit trail: who did what to which thing, when. Its one writer. Flushes only."""

from datetime import datetime
from typing import Any

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
