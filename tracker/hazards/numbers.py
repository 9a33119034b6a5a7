"""The running number of a hazard within its year. A number is given once."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.db import db
from tracker.hazards.models import HazardCounter

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def next_of(year: int) -> int:
    """Return the next number of a year; whoever asks at the same time waits for the other."""
    insert = _INSERT[db.engine.dialect.name](HazardCounter.__table__).values(year=year, last=1)
    counted = insert.on_conflict_do_update(
        index_elements=["year"], set_={"last": HazardCounter.__table__.c.last + 1}
    ).returning(sa.column("last"))
    return int(db.session.execute(counted).scalar_one())
