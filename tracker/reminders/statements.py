"""The statements of planning, written once: making them anew outlasts what a small office plans.

Both databases understand them as they are. Conditions are written out, not bound: only then do
both use the partial indexes.
"""

from functools import cache
from typing import Any, Literal

import sqlalchemy as sa

#: What a statement looks at: what began since the last run; what is new or changed; everything,
#: for the ladder was edited.
Look = Literal["since", "fresh", "edited"]
#: Whom it tells: the expert, the accounts of a role, those of the expert's unit, who has to do it.
Readers = Literal["expert", "role", "unit", "owner"]

_OPEN = "obligation.state = 'open'"
#: IS TRUE keeps SQLite from reading the index of all that is open instead of that of the new.
_FRESH = f"obligation.fresh AND ({_OPEN}) IS TRUE"
#: Each rule is found in the index behind the one before.
_EARLIEST = """
WITH RECURSIVE rule (id) AS (
    SELECT min(rule_id) FROM obligation WHERE {which}
    UNION ALL
    SELECT (SELECT min(rule_id) FROM obligation WHERE {which} AND rule_id > rule.id)
    FROM rule WHERE rule.id IS NOT NULL)
SELECT rule.id, (SELECT min(safe_on) FROM obligation WHERE {which} AND rule_id = rule.id) AS day
FROM rule WHERE rule.id IS NOT NULL
"""
_PLAN = """
INSERT INTO reminder (obligation_id, round, recipient, stage, days_before, planned_on, state)
SELECT obligation.id, obligation.round, {recipient}, :stage, :days_before, :today, :state
FROM obligation {readers}
WHERE {which} AND obligation.rule_id = :rule
AND obligation.safe_on > :after AND obligation.safe_on <= :upto {opened} {untold}
ON CONFLICT DO NOTHING
"""
_RECIPIENT = "'account:' || account.id"
_OF_ROLE = "JOIN account ON account.active AND account.role = :audience"
_READERS = {
    "expert": ("'person:' || obligation.person_id", ""),
    "role": (_RECIPIENT, _OF_ROLE),
    "unit": (
        _RECIPIENT,
        f"JOIN person ON person.id = obligation.person_id {_OF_ROLE}"
        " AND account.unit_id = person.unit_id",
    ),
    "owner": (
        _RECIPIENT,
        "JOIN account ON account.id = obligation.owner_id AND account.active",
    ),
}
_OPENED = "AND obligation.opens_on > :opened_after AND obligation.opens_on <= :opened_upto"
#: The reader has no reminder of this stage or a later one yet, in this round. One that is skipped
#: beforehand tells nothing before its day.
_UNTOLD = """
AND NOT EXISTS (
    SELECT 1 FROM reminder AS told WHERE told.obligation_id = obligation.id
    AND told.round = obligation.round AND told.recipient = {recipient}
    AND told.days_before <= :days_before
    AND (told.state <> 'skipped' OR told.planned_on <= :today))
"""
_TYPES: dict[str, Any] = {
    "rule": sa.String, "audience": sa.String, "stage": sa.String, "days_before": sa.Integer,
    "state": sa.String, "today": sa.Date, "after": sa.Date, "upto": sa.Date,
    "opened_after": sa.Date, "opened_upto": sa.Date,
}  # fmt: skip


@cache
def earliest(*, fresh: bool = False) -> sa.TextualSelect:
    """Return the query for the earliest open safe day of each rule; of what is `fresh` only."""
    text = sa.text(_EARLIEST.format(which=_FRESH if fresh else _OPEN))
    return text.columns(sa.column("id", sa.String), sa.column("day", sa.Date))


@cache
def plan(look: Look, readers: Readers, *, opening: bool) -> sa.TextClause:
    """Return the INSERT of one window, rule and audience; `opening`: by the day it opens."""
    recipient, joined = _READERS[readers]
    text = _PLAN.format(
        recipient=recipient, readers=joined, which=_FRESH if look == "fresh" else _OPEN,
        opened=_OPENED if opening else "",
        untold=_UNTOLD.format(recipient=recipient) if look == "edited" else "",
    )  # fmt: skip
    statement = sa.text(text)
    return statement.bindparams(
        *(sa.bindparam(name, type_=_TYPES[name]) for name in statement._bindparams)
    )
