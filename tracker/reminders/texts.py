"""The ladder and the letters' texts as the office keeps them, in versions. Their one writer.

Flushes; the caller commits. A text nobody changed has no version: the program's own is in use.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.reminders.models import OfficeText

#: Versions that a page lists.
MOST = 50


def newest(name: str) -> OfficeText | None:
    """Return the version that counts; None if the text was never changed."""
    return db.session.scalar(
        sa.select(OfficeText).filter_by(name=name).order_by(OfficeText.id.desc()).limit(1)
    )


def in_use(names: Collection[str]) -> dict[str, OfficeText]:
    """Return the versions that take the place of the program's own texts, by name."""
    last = sa.select(sa.func.max(OfficeText.id)).where(OfficeText.name.in_(names))
    rows = db.session.scalars(
        sa.select(OfficeText).where(
            OfficeText.id.in_(last.group_by(OfficeText.name)), OfficeText.content.is_not(None)
        )
    )
    return {row.name: row for row in rows}


def history(name: str) -> list[OfficeText]:
    """Return the newest versions of a text, the newest first."""
    return list(
        db.session.scalars(
            sa.select(OfficeText).filter_by(name=name).order_by(OfficeText.id.desc()).limit(MOST)
        )
    )


def save(
    contents: Mapping[str, str | None], *, read: int, by: str, at: datetime
) -> list[OfficeText]:  # fmt: skip
    """Add a version of each text (None: the program's own again); those unchanged stay.

    `read`: the number() that the editor saw; Conflict if somebody saved one of them since.
    """
    if read != number(contents):
        raise Conflict(_("Somebody else saved this meanwhile. Reload to see it, then save yours."))
    known = in_use(contents)
    rows = [
        OfficeText(name=name, content=content, saved_at=at, saved_by=by)
        for name, content in contents.items()
        if content != (known[name].content if name in known else None)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def number(names: Collection[str]) -> int:
    """Return what grows whenever one of these texts is saved; 0 if none ever was."""
    last = sa.select(sa.func.max(OfficeText.id)).where(OfficeText.name.in_(names))
    return db.session.scalar(last) or 0


def note_fault(version_id: int, fault: str, *, at: datetime) -> None:
    """Keep why a version could not be used; the first reason and the last time."""
    db.session.execute(
        sa.update(OfficeText)
        .where(OfficeText.id == version_id)
        .values(fault=sa.func.coalesce(OfficeText.fault, fault[:300]), failed_at=at),
        execution_options={"synchronize_session": False},
    )


def faults() -> list[OfficeText]:
    """Return the versions in use that could not be used when they were needed."""
    last = sa.select(sa.func.max(OfficeText.id)).group_by(OfficeText.name)
    return list(
        db.session.scalars(
            sa.select(OfficeText)
            .where(OfficeText.id.in_(last), OfficeText.fault.is_not(None))
            .order_by(OfficeText.name)
        )
    )
