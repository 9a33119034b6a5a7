"""The statements of delivery, written once: building them for each letter outlasts the SMTP.

Both databases understand them as they are.
"""

import sqlalchemy as sa

from tracker.core.db import UtcDateTime

WAITING = "finished_at IS NULL AND state IN ('queued', 'deferred', 'unknown')"


def _instants(*names: str) -> list[sa.BindParameter[object]]:
    return [sa.bindparam(name, type_=UtcDateTime()) for name in names]


#: Letters that are due, urgent and oldest first.
DUE = sa.text(
    f"SELECT id, unknown_outcomes FROM letter WHERE {WAITING} AND send_after <= :now"  # noqa: S608
    " AND unknown_outcomes < :most_copies ORDER BY priority, send_after, id LIMIT :batch"
).bindparams(*_instants("now"))

#: Own a letter if it still waits: of several senders one finds it so.
CLAIM = (
    sa.text(
        "UPDATE letter SET state = 'claimed', owner = :owner, attempts = attempts + 1,"  # noqa: S608
        f" lease_until = :lease_until WHERE id = :id AND {WAITING} AND send_after <= :now"
        " RETURNING id, address, attempts, queued_at, unknown_outcomes"
    )
    .bindparams(*_instants("lease_until", "now"))
    .columns(
        sa.column("id", sa.Integer), sa.column("address", sa.String),
        sa.column("attempts", sa.Integer),
        sa.column("queued_at", UtcDateTime()), sa.column("unknown_outcomes", sa.Integer),
    )
)  # fmt: skip

CONTENT = sa.text("SELECT content FROM letter_content WHERE letter_id = :id").columns(
    sa.column("content", sa.LargeBinary)
)

#: Record an outcome, unless the letter was taken from us meanwhile.
MARK = sa.text(
    "UPDATE letter SET state = :state, reply = :reply, owner = NULL, finished_at = :finished_at,"
    " send_after = COALESCE(:send_after, send_after), attempts = attempts - :uncounted,"
    " unknown_outcomes = unknown_outcomes + :unknown"
    " WHERE id = :id AND owner = :owner AND attempts = :attempts AND state = 'claimed'"
).bindparams(*_instants("finished_at", "send_after"))

RECORD = sa.text(
    "INSERT INTO delivery_attempt (letter_id, attempt, ended_at, outcome, reply)"
    " VALUES (:letter_id, :attempt, :ended_at, :outcome, :reply)"
).bindparams(*_instants("ended_at"))

SUPERSEDE = sa.text(
    "UPDATE letter SET state = 'superseded', finished_at = :now, reply = 'the facts changed'"  # noqa: S608
    f" WHERE id = :id AND {WAITING} AND unknown_outcomes = 0"
).bindparams(*_instants("now"))

#: Letters whose sender died: whether a copy left, nobody can know.
SWEEP = sa.text(
    "UPDATE letter SET state = 'unknown', owner = NULL, send_after = :send_after,"
    " unknown_outcomes = unknown_outcomes + 1,"
    " reply = 'the sender stopped before the server''s answer'"
    " WHERE finished_at IS NULL AND state = 'claimed' AND lease_until < :now"
).bindparams(*_instants("send_after", "now"))

POSTPONE = sa.text(
    "UPDATE letter SET send_after = :send_after, reply = :reply,"  # noqa: S608
    " state = CASE WHEN state = 'queued' THEN 'deferred' ELSE state END"
    f" WHERE {WAITING} AND send_after <= :now AND unknown_outcomes < :most_copies"
).bindparams(*_instants("send_after", "now"))

COUNT_WAITING = sa.text(f"SELECT count(*) FROM letter WHERE {WAITING}")  # noqa: S608
