"""Keep the index of names in step with the profiles. Flushes; the caller commits."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.inserting import insert_rows
from tracker.facts import naming
from tracker.facts.models import PersonName

_TABLE: Any = PersonName.__table__


class Named(NamedTuple):
    """A person and the names of the profile in force."""

    person_id: int
    name_zh: str | None
    name_en: str | None


def add(people: Sequence[Named]) -> None:
    """Index persons who are new."""
    insert(
        [(token, person_id)
         for person_id, name_zh, name_en in people
         for token in naming.keys(name_zh, name_en).tokens]
    )  # fmt: skip


def insert(rows: Sequence[tuple[str, int]]) -> None:
    """Index persons who are new: their tokens (naming.py), each with the person's id."""
    insert_rows("person_name", ("token", "person_id"), rows)


def replace(people: Sequence[Named]) -> None:
    """Index persons whose names may have changed."""
    if people:
        ids = [person.person_id for person in people]
        db.session.execute(sa.delete(_TABLE).where(_TABLE.c.person_id.in_(ids)))
        add(people)
