"""The statements of delivery, written once: building them for each letter outlasts the SMTP.

Both databases understand them as they are, but for MARK_AND_RECORD.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.core.db import UtcDateTime

WAITING = "finished_at IS NULL AND state IN ('queued', 'deferred', 'unknown')"
_LETTER = "id, recipient, address, attempts, queued_at, unknown_outcomes"


def _instants(*names: str) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(name, type_=UtcDateTime()) for name in names]


#: What keeps letters back, a server that may be asked again last.
HOLDS = sa.text("SELECT cause, retry_at FROM hold WHERE released_at IS NULL").columns(
    sa.column("cause", sa.String), sa.column("retry_at", UtcDateTime())
)

#: Letters that are due, urgent and oldest first.
DUE = sa.text(
    "SELECT id FROM letter"  # noqa: S608
    f" WHERE {WAITING} AND send_after <= :now"
    " ORDER BY priority, send_after, id LIMIT :batch"
).bindparams(*_instants("now"))


@cache
def claim(still_so: str) -> sa.TextualSelect:
    """Own a letter if it still waits and what it says is still so: of several senders one does.

    A letter that may have left is not asked: its copies are the same.
    """
    statement = sa.text(
        "UPDATE letter SET state = 'claimed', owner = :owner, attempts = attempts + 1,"  # noqa: S608
        f" lease_until = :lease_until WHERE id = :id AND {WAITING} AND send_after <= :now"
        f" AND (unknown_outcomes > 0 OR ({still_so})) RETURNING {_LETTER},"
        " (SELECT content FROM letter_content WHERE letter_id = letter.id) AS content"
    )
    return statement.bindparams(*_instants("lease_until", "now")).columns(
        sa.column("id", sa.Integer), sa.column("recipient", sa.String),
        sa.column("address", sa.String), sa.column("attempts", sa.Integer),
        sa.column("queued_at", UtcDateTime()), sa.column("unknown_outcomes", sa.Integer),
        sa.column("content", sa.LargeBinary),
    )  # fmt: skip


@cache
def supersede(still_so: str) -> sa.TextClause:
    """End a letter that says what is no longer so, and cannot be out already."""
    return sa.text(
        "UPDATE letter SET state = 'superseded', finished_at = :now, reply = 'the facts changed',"  # noqa: S608
        f" key = key || '/' || id WHERE id = :id AND {WAITING} AND unknown_outcomes = 0"
        f" AND NOT ({still_so})"
    ).bindparams(*_instants("now"))


#: Give back what was claimed when nobody knows whether the claim came on disk.
UNCLAIM = sa.text(
    "UPDATE letter SET owner = NULL, attempts = attempts - 1,"
    " state = CASE WHEN unknown_outcomes > 0 THEN 'unknown' ELSE 'queued' END"
    " WHERE id = :id AND owner = :owner AND state = 'claimed'"
)

#: Record an outcome, unless the letter was taken from us meanwhile. That a server took it is worth
#: knowing even then, as long as nobody sends it again.
_MARK = (
    "UPDATE letter SET reply = :reply, owner = NULL, finished_at = :finished_at,"
    " state = CASE WHEN :state = 'queued' AND unknown_outcomes > 0 THEN 'unknown' ELSE :state END,"
    " send_after = COALESCE(:send_after, send_after), attempts = attempts - :uncounted,"
    " unknown_outcomes = unknown_outcomes + :unknown"
    " WHERE id = :id AND attempts = :attempts AND ((owner = :owner AND state = 'claimed')"
    " OR (owner IS NULL AND state = 'unknown' AND :state = 'accepted'))"
)
_RECORD = "INSERT INTO delivery_attempt (letter_id, attempt, ended_at, outcome, reply)"
_MARKED = [*_instants("finished_at", "send_after"), sa.bindparam("state", type_=sa.String)]
MARK = sa.text(_MARK).bindparams(*_MARKED)
RECORD = sa.text(f"{_RECORD} VALUES (:id, :attempts, :ended_at, :state, :reply)").bindparams(
    *_instants("ended_at")
)
#: Both at once, which PostgreSQL can: a question less for each letter.
MARK_AND_RECORD = sa.text(
    f"WITH marked AS ({_MARK} RETURNING id)"  # noqa: S608
    f" {_RECORD} SELECT id, :attempts, :ended_at, :state, :reply FROM marked"
).bindparams(*_MARKED, *_instants("ended_at"))

RECORDED = sa.text(
    "SELECT 1 FROM delivery_attempt WHERE letter_id = :id AND attempt = :attempts"
    " AND outcome = :state"
)

#: Letters whose sender died: whether a copy left, nobody can know. A lease that ends later than
#: any lease can is one of a clock that was set back since.
SWEEP = sa.text(
    "UPDATE letter SET state = 'unknown', owner = NULL, send_after = :send_after,"
    " unknown_outcomes = unknown_outcomes + 1,"
    " finished_at = CASE WHEN unknown_outcomes + 1 >= :most_copies THEN :now END,"
    " reply = 'the sender stopped before the server''s answer'"
    " WHERE finished_at IS NULL AND state = 'claimed'"
    " AND (lease_until < :now OR lease_until > :longest)"
).bindparams(*_instants("send_after", "now", "longest"))

#: Letters that a clock far ahead of its time had put off.
HASTEN = sa.text(
    f"UPDATE letter SET send_after = :now WHERE {WAITING} AND send_after > :horizon"  # noqa: S608
).bindparams(*_instants("now", "horizon"))

POSTPONE = sa.text(
    "UPDATE letter SET send_after = :send_after, reply = :reply,"  # noqa: S608
    " state = CASE WHEN state = 'queued' THEN 'deferred' ELSE state END"
    f" WHERE {WAITING} AND send_after <= :now"
).bindparams(*_instants("send_after", "now"))

COUNT_WAITING = sa.text(f"SELECT count(*) FROM letter WHERE {WAITING}")  # noqa: S608
