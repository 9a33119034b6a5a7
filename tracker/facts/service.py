"""Record what people tell us. Adds versions, overwrites none. Flushes; the caller commits."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from marshmallow import ValidationError

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound, Stale
from tracker.core.i18n import gettext as _
from tracker.facts import kinds, names, projection, queries
from tracker.facts.models import FactVersion, Person, Unit


def create_person(profile: Mapping[str, Any], *, by: str, at: datetime) -> Person:
    """Record a new person from the fields of a profile (kinds.KINDS["profile"])."""
    data = validated("profile", profile)
    columns = projection.of_profile(data)
    person = Person(created_at=at, unit_id=_unit_id(data.get("unit")), **columns)
    db.session.add(person)
    db.session.flush()
    names.add([names.Named(person.id, person.name_zh, person.name_en)])
    _add(person, "profile", data, valid_from=campus_day(at), by=by, at=at)
    return person


def claim_revision(person_id: int, *, expected: int) -> None:
    """Hold a person for this transaction if nothing changed since the revision `expected`.

    Stale otherwise, with the revision there is now. Of two editors at once, one gets through.
    """
    # An UPDATE takes the row's lock: a second one waits for the first, then compares anew.
    claim = (
        sa.update(Person)
        .where(Person.id == person_id, Person.revision == expected)
        .values(revision=Person.revision)
        .execution_options(synchronize_session=False)
    )
    result: Any = db.session.execute(claim)
    if result.rowcount == 1:
        return
    current = db.session.scalar(sa.select(Person.revision).where(Person.id == person_id))
    if current is None:
        raise NotFound(_("There is no such person."))
    raise Stale(_("Somebody changed this person meanwhile. Read it again."), current=current)


def record(
    person: Person, kind: str, fields: Mapping[str, Any], *, by: str, at: datetime
) -> FactVersion:
    """Record a new document or event; of a kind that replaces, the one before it ends."""
    data = validated(kind, fields)
    _refuse_repeat(person, kind, data)
    valid_from = kinds.begins_on(kind, data, default=campus_day(at))
    version = _add(person, kind, data, valid_from=valid_from, by=by, at=at)
    if kinds.KINDS[kind].replaces:
        _link(person.id, kind)
    if kind == "death":
        _lay_to_rest(person, data["on"], by=by, at=at)
    _note_change(person)
    return version


def correct(
    version: FactVersion, fields: Mapping[str, Any], *, by: str, at: datetime
) -> FactVersion:
    """Replace a version that was told wrongly, or amend it; the old one stays, withdrawn."""
    if version.withdrawn_at is not None:
        raise Conflict(_("This version was already replaced. Open the newest one and try again."))
    data = validated(version.kind, fields)
    version.withdrawn_at = at
    valid_from = kinds.begins_on(version.kind, data, default=version.valid_from)
    newer = _add_version(version, data, valid_from=valid_from, by=by, at=at)
    _settle_in(version)
    return newer


def withdraw(version: FactVersion, *, at: datetime) -> None:
    """Take back what was recorded by mistake; it stays on record, and nothing takes its place."""
    if version.withdrawn_at is not None:
        raise Conflict(_("This version was already replaced. Open the newest one and try again."))
    if version.kind == "profile" and _is_only_profile(version):
        raise Conflict(_("A person needs particulars. Correct them instead."))
    version.withdrawn_at = at
    _settle_in(version)


def restore(version: FactVersion, *, by: str, at: datetime) -> FactVersion:
    """Record anew, as a further version of its document, what had been withdrawn."""
    data = kinds.unpack(version.kind, version.number, version.data)
    again = _add_version(version, data, valid_from=version.valid_from, by=by, at=at)
    _settle_in(version)
    return again


def change_profile(
    person: Person, changes: Mapping[str, Any], *, valid_from: date, by: str, at: datetime
) -> FactVersion:
    """Record that some of a person's own particulars are different from `valid_from` on.

    What was on record before that stays: a day before the newest particulars begin is theirs.
    """
    current = _current(person.id, "profile")
    valid_from = max(valid_from, current.valid_from)
    data = validated("profile", kinds.unpack("profile", None, current.data) | dict(changes))
    version = _add(person, "profile", data, valid_from=valid_from, by=by, at=at)
    _link(person.id, "profile")
    _project(person)
    _note_change(person)
    return version


def depart(person: Person, *, departed_on: date, by: str, at: datetime) -> None:
    """Record that a person leaves; a contract running longer ends with it."""
    changes = {"status": "departed", "departed_on": departed_on}
    change_profile(person, changes, valid_from=departed_on, by=by, at=at)
    for version in queries.in_force(person.id):
        data = kinds.unpack(version.kind, version.number, version.data)
        ends_on = data.get("ends_on")
        runs_on = ends_on is None or ends_on > departed_on
        if version.kind == "contract" and runs_on and not data.get("terminated_on"):
            correct(version, data | {"terminated_on": departed_on}, by=by, at=at)


def _lay_to_rest(person: Person, on: date, *, by: str, at: datetime) -> None:
    """Let a death end what was due; the contract is not terminated, the death itself counts."""
    if person.status != "departed":
        left = {"status": "departed", "departed_on": on}
        change_profile(person, left, valid_from=on, by=by, at=at)


def validated(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed fields, or raise Invalid with a message for each wrong one."""
    if kind not in kinds.KINDS:
        raise Invalid(kind=_("There is no kind of fact called “%(kind)s”.", kind=kind))
    texts = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
        if value not in (None, "")
    }
    try:
        data: dict[str, Any] = kinds.schema(kind).load(texts)
    except ValidationError as error:
        raise Invalid.from_messages(error.messages_dict) from None
    if kind == "profile":
        data = {"identity": "foreigner", "status": "active", "language": "both"} | data
        if not (data.get("name_zh") or data.get("name_en")):
            raise Invalid(name_en=_("Give a name, Chinese or as in the passport."))
    return data


def get_or_create_unit(name: str) -> Unit:
    """Return the unit of this name, made if there is none."""
    unit = queries.unit_named(name)
    if unit is None:
        unit = Unit(name_zh=name)
        db.session.add(unit)
        db.session.flush()
    return unit


def _unit_id(name: str | None) -> int | None:
    return get_or_create_unit(name).id if name else None


def _project(person: Person) -> None:
    """Repeat the profile in force in the person's columns."""
    data = kinds.unpack("profile", None, _current(person.id, "profile").data)
    person.unit_id = _unit_id(data.get("unit"))
    for column, value in projection.of_profile(data).items():
        setattr(person, column, value)
    names.replace([names.Named(person.id, person.name_zh, person.name_en)])


def _current(person_id: int, kind: str) -> FactVersion:
    return next(v for v in queries.in_force(person_id) if v.kind == kind)


def _add(
    person: Person, kind: str, data: Mapping[str, Any], *, valid_from: date, by: str, at: datetime
) -> FactVersion:
    number, stored = kinds.pack(data)
    last = db.session.scalar(
        sa.select(sa.func.max(FactVersion.document_no)).filter_by(person_id=person.id, kind=kind)
    )
    version = FactVersion(
        person_id=person.id, kind=kind, document_no=(last or 0) + 1, version=1, number=number,
        data=stored, valid_from=valid_from, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    return version


def _add_version(
    version: FactVersion, data: Mapping[str, Any], *, valid_from: date, by: str, at: datetime
) -> FactVersion:
    """Add a further version of the same document."""
    number, stored = kinds.pack(data)
    document = {name: getattr(version, name) for name in ("person_id", "kind", "document_no")}
    last = db.session.scalar(sa.select(sa.func.max(FactVersion.version)).filter_by(**document))
    newer = FactVersion(
        **document, version=(last or 0) + 1, number=number, data=stored, valid_from=valid_from,
        valid_to=version.valid_to, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    db.session.add(newer)
    db.session.flush()
    return newer


def _settle_in(version: FactVersion) -> None:
    """Bring in step with a changed document what depends on it: its chain, the person's columns."""
    person = queries.person(version.person_id)
    if kinds.KINDS[version.kind].replaces:
        _link(person.id, version.kind)
    if version.kind in {"profile", "death"}:
        _project(person)
    _note_change(person)


def _is_only_profile(version: FactVersion) -> bool:
    others = sa.select(FactVersion.id).where(
        FactVersion.person_id == version.person_id, FactVersion.kind == "profile",
        FactVersion.withdrawn_at.is_(None), FactVersion.id != version.id,
    )  # fmt: skip
    return db.session.scalar(others.limit(1)) is None


def _link(person_id: int, kind: str) -> None:
    """Let each document of a kind that replaces end on the day its successor begins."""
    db.session.flush()
    chain = db.session.scalars(
        sa.select(FactVersion)
        .filter_by(person_id=person_id, kind=kind, withdrawn_at=None)
        .order_by(FactVersion.valid_from, FactVersion.document_no)
    ).all()
    for version, following in zip(chain, [*chain[1:], None], strict=False):
        version.valid_to = following.valid_from if following else None
    db.session.flush()


def _note_change(person: Person) -> None:
    # Counted by the database: two changes at once count twice.
    person.revision = Person.revision + 1
    db.session.flush()


def _refuse_repeat(person: Person, kind: str, data: Mapping[str, Any]) -> None:
    number, stored = kinds.pack(data)
    for version in queries.in_force(person.id):
        if version.kind == kind and (version.number, version.data) == (number, stored):
            raise Conflict(_("Exactly this is already recorded."))
