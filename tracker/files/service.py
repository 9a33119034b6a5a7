"""Add, find and remove files of a person. Flushes; the caller commits."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict, NotFound
from tracker.core.i18n import gettext as _
from tracker.files import content, store
from tracker.files.models import Attachment

#: Of one person; far more than anybody has papers.
MOST = 200


def add(
    person_id: int, data: bytes, *, title: str, fact_ref: str | None, by: str, at: datetime,
    written: list[str], shelf: str | None = None,
) -> Attachment:  # fmt: skip
    """Keep a file of a person, once; `written` comes from uploading().

    What stands on a `shelf` is found by whoever keeps it and by nobody else.
    """
    if len(of_person(person_id, shelf)) >= MOST:
        raise Conflict(
            file=_("This person has %(count)s files already. Remove some first.", count=MOST)
        )
    examined = content.examine(data)
    digest = hashlib.sha256(examined.data).hexdigest()
    if same := _same(person_id, digest, shelf):
        same.fact_ref = fact_ref or same.fact_ref
        db.session.flush()
        return same
    name = store.keep(examined.data, examined.preview, suffix=examined.suffix)
    written.append(name)
    row = Attachment(
        person_id=person_id, fact_ref=fact_ref, shelf=shelf,
        title=readable(title) + examined.suffix, media_type=examined.media_type, stored_as=name,
        sha256=digest, size=len(examined.data),
        has_preview=examined.preview is not None, added_at=at, added_by=by,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


@contextmanager
def uploading() -> Iterator[list[str]]:
    """Yield the list for add(); what it names leaves the disk when the work inside fails.

    Commit inside.
    """
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for name in written:
            store.drop(name)
        raise


def get(attachment_id: int, shelf: str | None = None) -> Attachment:
    """Return a file that is there; NotFound else, also if it stands on another shelf."""
    found = db.session.get(Attachment, attachment_id)
    if found is None or found.removed_at is not None or found.shelf != shelf:
        raise NotFound(_("There is no such file."))
    return found


def of_person(person_id: int, shelf: str | None = None) -> list[Attachment]:
    """Return the files of a person that are there, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Attachment)
            .where(
                Attachment.person_id == person_id,
                Attachment.removed_at.is_(None),
                _on(shelf),
            )
            .order_by(Attachment.id.desc())
        )
    )


def belongs(attachment: Attachment, fact_ref: str) -> None:
    """Note which document a file shows."""
    attachment.fact_ref = fact_ref
    db.session.flush()


def remove(attachment: Attachment, *, by: str, at: datetime) -> str:
    """Note the removal and forget the name; return what to store.drop() after the commit."""
    attachment.removed_at, attachment.removed_by, attachment.title = at, by, ""
    db.session.flush()
    return attachment.stored_as


def readable(title: str) -> str:
    """Return what somebody called a file, without folders, its ending and control characters."""
    last = re.split(r"[\\/]", title)[-1]
    plain = re.sub(
        r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", "", last
    )
    return re.sub(r"\.\w{1,5}$", "", plain).strip(" .")[:110] or _("file")


def _on(shelf: str | None) -> sa.ColumnElement[bool]:
    return Attachment.shelf.is_(None) if shelf is None else Attachment.shelf == shelf


def _same(person_id: int, digest: str, shelf: str | None) -> Attachment | None:
    known = sa.select(Attachment).where(
        Attachment.person_id == person_id, Attachment.sha256 == digest,
        Attachment.removed_at.is_(None), _on(shelf),
    )  # fmt: skip
    return db.session.scalar(known.limit(1))
