"""Pictures sent with a form: kept before anything is judged, so that a mistake loses none."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from flask import request

from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.files import photos
from tracker.web.access import viewer

#: Names of the boxes: new files, and ids of those kept with an earlier try.
FILES, KEPT = "pictures", "kept"


def received(*, now: datetime) -> tuple[list[str], list[str]]:
    """Keep the pictures of the request; return their ids, and what was wrong with others.

    Commits: they stay though the rest of the form is refused.
    """
    ids, wrong = _kept_before(), []
    for sent in request.files.getlist(FILES):
        data = sent.read(photos.LARGEST + 1) if sent.filename else b""
        if not data:
            continue
        try:
            photo, _new = photos.keep(
                str(uuid4()), data, taken_at=None, account_id=viewer().id, now=now
            )
            ids.append(photo.id)
        except Invalid as error:
            texts = [text for each in error.messages.values() for text in each]
            wrong.append(f"{sent.filename}: {' '.join(texts)}")
    db.session.commit()
    return ids, wrong


def _kept_before() -> list[str]:
    """Return the ids of pictures of an earlier try that the viewer sent."""
    known = photos.arrived(_spelt(request.form.getlist(KEPT)))
    return [each for each, photo in known.items() if photo.account_id == viewer().id]


def _spelt(texts: Sequence[str]) -> list[str]:
    found = []
    for text in texts[:20]:
        try:
            found.append(str(UUID(text)))
        except ValueError:
            continue
    return found
