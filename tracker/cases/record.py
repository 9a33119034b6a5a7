"""Put changes of a case on record."""

from datetime import datetime

from tracker.cases.models import Case, CaseEvent
from tracker.core.db import db
from tracker.core.errors import Stale
from tracker.core.i18n import gettext as _


def note(
    case: Case, was: str | None, to: str, *, by: str, at: datetime, why: str = "",
    code: str | None = None,
) -> None:  # fmt: skip
    """Put a change of a case, or of one of its papers, on record. Flushes."""
    event = CaseEvent(
        case_id=case.id, at=at, by=by, code=code, from_state=was, to_state=to,
        note=why.strip()[:500],
    )  # fmt: skip
    db.session.add(event)
    # Counted by the database: two changes at once count twice.
    case.revision = Case.revision + 1
    db.session.flush()


def claim(case: Case, *, expected: int) -> None:
    """Refuse a change of a case that somebody changed since it was read: Stale."""
    if case.revision != expected:
        raise Stale(
            _("Somebody changed this case meanwhile. Read it again."), current=case.revision
        )
