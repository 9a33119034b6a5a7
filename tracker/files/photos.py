"""Photos of places, each kept once under the id that the device gave it. Flushes only.

A photo may come before or after the record that shows it, and as often as a bad line makes a
device send it: the first bytes count.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.files import content, store
from tracker.files.models import Photo

#: Bytes as they come; longest sides in pixels of what is kept and of its small picture.
LARGEST = 12 * 1024 * 1024
SIDE, SMALL_SIDE = 1600, 320


def keep(
    photo_id: str, data: bytes, *, taken_at: datetime | None, account_id: int | None, now: datetime
) -> tuple[Photo, bool]:
    """Keep a photo; return it and whether it is new. Invalid says why it is not taken.

    Upright, without metadata, no side longer than SIDE. The same id again returns the first.
    The bytes are on disk before the row; a transaction that fails leaves them without one.
    """
    name = _spelt(photo_id)
    if known := find(name):
        return known, False
    if len(data) > LARGEST:
        raise Invalid(
            file=_("The photo is larger than %(size)s MB. Make it smaller.", size=LARGEST >> 20)
        )
    image = content.drawn(data, side=SIDE)
    drawn = content.encoded(image, 85)
    stored_as = store.keep(drawn, content.smaller(image, SMALL_SIDE), suffix=".jpg",
                           under=store.PHOTOS)  # fmt: skip
    is_new = _insert(
        id=name, stored_as=stored_as, sha256=hashlib.sha256(drawn).hexdigest(), width=image.width,
        height=image.height, size=len(drawn), taken_at=taken_at, received_at=now,
        account_id=account_id,
    )  # fmt: skip
    if not is_new:  # the same photo arrived twice at the same time
        store.drop(stored_as, under=store.PHOTOS)
    return get(name), is_new


def get(photo_id: str) -> Photo:
    """Return a photo that has arrived; NotFound else."""
    found = find(photo_id)
    if found is None:
        raise NotFound(_("There is no such photo here, or it has not arrived yet."))
    return found


def find(photo_id: str) -> Photo | None:
    """Return a photo, or None while it is on its way."""
    return db.session.get(Photo, photo_id)


def arrived(photo_ids: Iterable[str]) -> dict[str, Photo]:
    """Return those of these photos that have arrived, by id."""
    wanted = set(photo_ids)
    if not wanted:
        return {}
    rows = db.session.scalars(sa.select(Photo).where(Photo.id.in_(wanted)))
    return {row.id: row for row in rows}


def discard(photos: Iterable[Photo]) -> list[str]:
    """Forget photos; return the names to drop_files() after the commit."""
    names = []
    for photo in photos:
        names.append(photo.stored_as)
        db.session.delete(photo)
    db.session.flush()
    return names


def drop_files(names: Iterable[str]) -> None:
    """Take photos off the disk."""
    for name in names:
        store.drop(name, under=store.PHOTOS)


def _spelt(photo_id: str) -> str:
    try:
        return str(UUID(photo_id))
    except ValueError:
        raise Invalid(id=_("A photo is named by a UUID.")) from None


def _insert(**values: object) -> bool:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Photo).values(**values).on_conflict_do_nothing()
    result = db.session.execute(statement.returning(Photo.id))
    return result.scalar_one_or_none() is not None
