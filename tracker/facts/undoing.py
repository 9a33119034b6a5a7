"""Take back what one import told: its versions are withdrawn, those before are in force again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.facts import bulk, kinds, queries
from tracker.facts.models import FactVersion, Person

#: What is derived from a person's facts, and goes with the person.
_DERIVED = frozenset(
    {"fact", "obligation", "conflict", "person_name", "next_deadline", "reminder_decision"}
)
_TOLD, _OTHER = aliased(FactVersion), aliased(FactVersion)


def refuse_if_built_upon(batch_id: int) -> None:
    """Raise Conflict, naming persons, when later entries stand on what this import told."""
    ids: set[int] = set()
    for wanted in (_followed(batch_id), _settled(batch_id), *_used(batch_id)):
        ids |= set(db.session.scalars(wanted.limit(5)))
    if ids:
        people = db.session.scalars(sa.select(Person).where(Person.id.in_(ids)).order_by(Person.id))
        names = "、".join(f"{person.name} ({person.id})" for person in people)
        raise Conflict(
            _("Later entries build on this import, so it cannot be undone as a whole: %(names)s. "
              "Take those back first, or correct these people by hand.", names=names)
        )  # fmt: skip


def person_chunks(batch_id: int, size: int) -> Iterator[list[int]]:
    """Yield the ids of the persons of whom this import's facts are still believed."""
    after = 0
    while True:
        ids = db.session.scalars(
            sa.select(FactVersion.person_id)
            .where(
                FactVersion.batch_id == batch_id, FactVersion.withdrawn_at.is_(None),
                FactVersion.person_id > after,
            )
            .distinct()
            .order_by(FactVersion.person_id)
            .limit(size)
        ).all()  # fmt: skip
        if not ids:
            return
        yield list(ids)
        after = ids[-1]


def take_back(batch_id: int, person_ids: Sequence[int], *, at: datetime) -> list[int]:
    """Withdraw what the import told of these persons; return those of whom nothing remains."""
    versions = list(
        db.session.scalars(sa.select(FactVersion).where(FactVersion.person_id.in_(person_ids)))
    )
    alike: dict[tuple[int, str], list[FactVersion]] = defaultdict(list)
    for version in versions:
        alike[version.person_id, version.kind].append(version)
    told = [each for each in versions if each.batch_id == batch_id and not each.withdrawn_at]
    for version in told:
        _bring_back(version, alike[version.person_id, version.kind])
    for version in told:
        version.withdrawn_at = at
    db.session.flush()
    return _project(person_ids)


def remove_people(person_ids: Sequence[int]) -> None:
    """Delete persons of whom nothing is known, with what is derived from them."""
    db.session.execute(
        sa.delete(Person).where(Person.id.in_(person_ids)),
        execution_options={"synchronize_session": False},
    )


def _bring_back(version: FactVersion, versions: Sequence[FactVersion]) -> None:
    """Let the one of these versions be in force again that `version` corrected or followed."""
    same = [each for each in versions if each.batch_id != version.batch_id]
    for each in same:
        document = each.document_no == version.document_no
        if document and each.withdrawn_at == version.recorded_at:
            each.withdrawn_at = None
            return
    ended: list[tuple[date, int, FactVersion]] = [
        (each.valid_from, each.document_no, each)
        for each in same
        if each.withdrawn_at is None and each.valid_to == version.valid_from
    ]
    if ended:
        max(ended, key=lambda item: item[:2])[2].valid_to = version.valid_to


def _project(person_ids: Sequence[int]) -> list[int]:
    """Repeat the profiles in force again in `person`; return who has none."""
    profiles = {
        held.person_id: kinds.unpack("profile", held.number, held.data)
        for held in queries.held_by(person_ids)
        if held.kind == "profile"
    }
    names = [profile["unit"] for profile in profiles.values() if profile.get("unit")]
    bulk.project_people(list(profiles.items()), bulk.units_named(names))
    bulk.count_change(person_ids)
    nothing = [person_id for person_id in person_ids if person_id not in profiles]
    db.session.execute(
        sa.update(Person).where(Person.id.in_(nothing)).values(status="departed"),
        execution_options={"synchronize_session": False},
    )
    return nothing


def _elsewhere(version: Any, batch_id: int) -> sa.ColumnElement[bool]:
    """Tell whether a version that is believed comes from elsewhere than this import."""
    other = sa.or_(version.batch_id.is_(None), version.batch_id != batch_id)
    return sa.and_(other, version.withdrawn_at.is_(None))


def _pairs(batch_id: int) -> Any:
    return (
        sa.select(_TOLD.person_id)
        .join(_OTHER, _OTHER.person_id == _TOLD.person_id)
        .where(_TOLD.batch_id == batch_id, _elsewhere(_OTHER, batch_id))
        .distinct()
    )


def _followed(batch_id: int) -> Any:
    """Return the persons of whom a later version corrects or follows one of the import."""
    corrects = sa.and_(_OTHER.document_no == _TOLD.document_no, _OTHER.version > _TOLD.version)
    follows = sa.and_(_TOLD.withdrawn_at.is_(None), _TOLD.valid_to == _OTHER.valid_from)
    return _pairs(batch_id).where(_OTHER.kind == _TOLD.kind, sa.or_(corrects, follows))


def _settled(batch_id: int) -> Any:
    """Return the persons of whom a duty of an imported document was settled."""
    ref = _TOLD.kind + "/" + sa.cast(_TOLD.document_no, sa.String)
    return _pairs(batch_id).where(
        _OTHER.kind == "settlement", _OTHER.data["fact_ref"].as_string() == ref,
        _OTHER.recorded_at > _TOLD.recorded_at,
    )  # fmt: skip


def _used(batch_id: int) -> Iterator[Any]:
    """Yield queries of the persons the import brought who have more than its facts."""
    profile = sa.and_(_OTHER.kind == "profile", _elsewhere(_OTHER, batch_id))
    brought = (
        sa.select(_TOLD.person_id)
        .where(_TOLD.batch_id == batch_id, _TOLD.kind == "profile", _TOLD.withdrawn_at.is_(None))
        .where(~sa.exists().where(_OTHER.person_id == _TOLD.person_id, profile))
    )
    more = aliased(FactVersion)
    yield sa.select(more.person_id).where(
        more.person_id.in_(brought), _elsewhere(more, batch_id)
    ).distinct()  # fmt: skip
    for table in db.metadata.sorted_tables:
        for column in table.columns if table.name not in _DERIVED else ():
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                yield sa.select(column).where(column.in_(brought)).distinct()
