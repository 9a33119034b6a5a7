"""Take what devices send, each operation once, and bring the inspections in step. Flushes only.

Everything that is an operation is kept, whatever it says; what cannot be applied is kept with the
reason, shown to the office and tried again. Operations may come in any order and before their
photos: an inspection is folded anew from all of its operations whenever one more arrives.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.db import db
from tracker.inspections import projecting, templates
from tracker.inspections.models import InspectionOp
from tracker.inspections.telling import MOST, Refused, Told, corrected, read, uuid_of

log = logging.getLogger(__name__)

_TABLE: Any = InspectionOp.__table__


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one operation: kept, known (kept before), or refused with a reason."""

    id: str
    state: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The answers in the order of what was sent, and the buildings that were touched."""

    results: list[Result]
    building_ids: frozenset[int]


def take(sent: Sequence[Any], *, account_id: int, skew: int | None, now: datetime) -> Taken:
    """Keep operations of an account, each exactly once. `skew`: see telling.skew_of()."""
    templates.remember_shipped(now=now)
    looked = [
        _looked_at(raw, account_id) if position < MOST else Refused("too_many")
        for position, raw in enumerate(sent)
    ]
    told = [each for each in looked if isinstance(each, Told)]
    lock(each.inspection or each.id for each in told)
    new = _insert(told, account_id=account_id, skew=skew, now=now)
    return Taken(_results(sent, looked, new), _applied(each for each in told if each.id in new))


def _results(
    sent: Sequence[Any], looked: Sequence[Told | Refused], new: frozenset[str]
) -> list[Result]:
    """Answer each in turn; of the same sent twice at once, the second is known."""
    results, left = [], set(new)
    for raw, each in zip(sent, looked, strict=True):
        if isinstance(each, Refused):
            results.append(Result(_id_of(raw), "refused", str(each)))
        else:
            results.append(Result(each.id, "kept" if each.id in left else "known"))
            left.discard(each.id)
    return results


def lock(keys: Iterable[str]) -> None:
    """Let nobody else apply operations of these inspections until this transaction ends.

    On SQLite only one transaction writes at a time anyway.
    """
    if db.engine.dialect.name == "postgresql":
        for key in sorted(set(keys)):
            number = int(key[:15].replace("-", ""), 16) % 2**62
            db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def again(op_ids: Sequence[str]) -> frozenset[int]:
    """Try once more what could not be applied; return the buildings touched."""
    rows = db.session.execute(
        sa.select(_TABLE.c.id, _TABLE.c.inspection).where(_TABLE.c.id.in_(op_ids))
    ).all()
    lock(row.inspection or row.id for row in rows)
    return projecting.apply(
        {row.inspection for row in rows if row.inspection},
        [row.id for row in rows if not row.inspection],
    )


def _applied(new: Iterable[Told]) -> frozenset[int]:
    inspections: set[str] = set()
    alone: list[str] = []
    for each in new:
        if each.inspection is not None:
            inspections.add(each.inspection)
        else:
            alone.append(each.id)
    return projecting.apply(inspections, alone)


def _looked_at(raw: Any, account_id: int) -> Told | Refused:
    try:
        told = read(raw)
    except Refused as refused:
        return refused
    return told if told.by == account_id else Refused("other_account")


def _id_of(raw: Any) -> str:
    """Return the id of what is refused, so that its sender finds it."""
    given = raw.get("id") if isinstance(raw, dict) else None
    return uuid_of(given) or str(given)[:60]


def _insert(
    told: Sequence[Told], *, account_id: int, skew: int | None, now: datetime
) -> frozenset[str]:
    """Insert what is new; return the ids of it. Whoever comes second waits for the first."""
    if not told:
        return frozenset()
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = {
        each.id: {
            "id": each.id, "device": each.device, "seq": each.seq, "type": each.type,
            "data": each.data, "inspection": each.inspection, "device_at": each.device_at,
            "at": corrected(each.device_at, skew, now), "skew": skew, "received_at": now,
            "account_id": account_id, "settled": False,
        }
        for each in sorted(told, key=lambda each: each.id)
    }  # fmt: skip
    statement = dialect.insert(_TABLE).values(list(rows.values())).on_conflict_do_nothing()
    return frozenset(db.session.scalars(statement.returning(_TABLE.c.id)))
