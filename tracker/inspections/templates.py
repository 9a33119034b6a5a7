"""Versions of the template: found, remembered, and made anew by an office. Flushes only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, Stale
from tracker.core.i18n import gettext as _
from tracker.inspections.models import InspectionTemplate
from tracker.inspections.template import Template, parse, shipped, shipped_content
from tracker.rules.model import RulesError

#: Versions read before: none ever changes.
_READ: dict[str, Template] = {}


def current() -> Template:
    """Return the office's newest version, else what is shipped."""
    newest = db.session.execute(
        sa.select(InspectionTemplate.id, InspectionTemplate.number)
        .where(InspectionTemplate.number > 0)
        .order_by(InspectionTemplate.number.desc())
        .limit(1)
    ).first()
    return shipped() if newest is None else get(newest.id)


def get(template_id: str) -> Template:
    """Return a version; NotFound if there is none."""
    found = find(template_id)
    if found is None:
        raise NotFound(_("There is no such version of the template."))
    return found


def find(template_id: str) -> Template | None:
    """Return a version, or None."""
    if template_id == shipped().id:
        return shipped()
    row = db.session.get(InspectionTemplate, template_id)
    if row is None:
        return None
    key = f"{row.id} {row.made_at}"
    if key not in _READ:
        _READ[key] = parse(row.content, id=row.id, number=row.number)
    return _READ[key]


def versions() -> list[InspectionTemplate]:
    """Return the versions on record, the newest first."""
    order = (InspectionTemplate.number.desc(), InspectionTemplate.made_at.desc())
    return list(db.session.scalars(sa.select(InspectionTemplate).order_by(*order)))


def remember_shipped(*, now: datetime) -> None:
    """Put what is shipped on record, so that a later one does not take its place."""
    if db.session.get(InspectionTemplate, shipped().id) is None:
        _insert(shipped().id, 0, shipped_content(), at=now, by="default", note="")


def save(content: Mapping[str, Any], *, seen: str, note: str, by: str, at: datetime) -> Template:
    """Make a new version; Stale if `seen` is no longer the current one, Invalid names a slip."""
    newest = current()
    if newest.id != seen:
        raise _stale(newest.number)
    number = newest.number + 1
    template_id = f"office-{number}"
    try:
        parse(content, id=template_id, number=number)
    except RulesError as error:
        raise Invalid(
            items=f"{error.entry} {error.field}: {error.problem}. {error.remedy}"
        ) from None
    if not _insert(template_id, number, content, at=at, by=by, note=note):
        raise _stale(number)  # somebody saved at the same time
    return get(template_id)


def _stale(number: int) -> Stale:
    return Stale(
        _("The template was changed meanwhile. Open it again and put your changes in there."),
        current=number,
    )


def _insert(
    template_id: str, number: int, content: Mapping[str, Any], *, at: datetime, by: str, note: str
) -> bool:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(InspectionTemplate).values(
        id=template_id, number=number, content=dict(content), made_at=at, made_by=by, note=note
    )
    inserted = db.session.execute(
        statement.on_conflict_do_nothing().returning(InspectionTemplate.id)
    )
    return inserted.scalar_one_or_none() is not None
