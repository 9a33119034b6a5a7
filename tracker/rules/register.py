"""What becomes due on days that a register knows: trips, custody, inspections. Pure.

A fact starts most rules. Some count from a day that no document holds; the package that keeps the
register counts from it with these, and gives the rows to the obligations.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tracker.rules.book import RuleBook
from tracker.rules.counting import apply
from tracker.rules.standing import OPEN

#: Columns of an obligation by whose it is (a person or a building), rule and what it is about.
Rows = Mapping[tuple[int, str, str], Mapping[str, Any]]


def due(
    rule_id: str, start: date | datetime, book: RuleBook, *, state: str = "open",
    reason: str = OPEN, opens_on: date | None = None, quiet_until: date | None = None,
    owner_id: int | None = None, detail_zh: str | None = None, detail_en: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the columns of an obligation counted by a rule from a day or an aware instant.

    `owner_id`: the account that has to do it; `detail_…`: what letters add to the rule's title.
    """
    counted = apply(book.rule(rule_id).count, start, book.calendar)
    return {
        "opens_on": opens_on, "safe_on": counted.safe or counted.statutory,
        "statutory_on": counted.statutory, "due_at": counted.due_at,
        "provisional": counted.provisional, "state": state, "reason": reason,
        "quiet_until": quiet_until, "owner_id": owner_id, "detail_zh": detail_zh,
        "detail_en": detail_en,
    }  # fmt: skip
