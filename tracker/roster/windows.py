"""Who of the people a roster would add is already inside the time to file something."""

from datetime import datetime

from tracker.facts.documents import Document
from tracker.obligations import book
from tracker.obligations.derive import Context, person_of, rows_of
from tracker.roster.judging import Judged


class Windows:
    """Counts them, from the roster alone: nothing is on record yet."""

    def __init__(self, context: Context, *, now: datetime) -> None:
        self._context, self._now = context, now
        self._deadlines = frozenset(book.deadlines(context.book))
        self.inside = 0

    def note(self, judged: Judged) -> None:
        """Count a row that adds somebody who could file, or should have filed, something today."""
        if judged.action == "created" and self._is_inside(judged):
            self.inside += 1

    def _is_inside(self, judged: Judged) -> bool:
        told = {change.kind: dict(change.data) for change in judged.changes}
        person = person_of(told.pop("profile", {}))
        today = self._context.today
        documents = [
            Document(f"{kind}/1", kind, data, self._now, today) for kind, data in told.items()
        ]
        return any(
            row.state == "open" and (row.opens_on or row.safe_on) <= today
            for (_id, rule_id, _ref), row in rows_of(0, person, documents, self._context).items()
            if rule_id in self._deadlines
        )
