"""Photos of buildings, for those who inspect them and those who read what was found."""

from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, send_file

from tracker.files import photos, store
from tracker.files.models import Photo
from tracker.web.access import READERS, roles
from tracker.web.headers import LOCKED

bp = Blueprint("photos", __name__)
#: A photo never changes under its name: a browser asks for it once.
LASTING = 31_536_000


@bp.get("/photos/<uuid:photo_id>")
@roles(*READERS, "inspector")
def show(photo_id: UUID) -> Response:
    """Show a photo."""
    photo = photos.get(str(photo_id))
    return sent(photo, store.path_of(photo.stored_as, under=store.PHOTOS))


@bp.get("/photos/<uuid:photo_id>/small")
@roles(*READERS, "inspector")
def small(photo_id: UUID) -> Response:
    """Show the small picture of a photo."""
    photo = photos.get(str(photo_id))
    return sent(photo, store.preview_of(photo.stored_as, under=store.PHOTOS))


def sent(photo: Photo, path: Path) -> Response:
    """Return the answer that hands out a file of a photo."""
    answer = send_file(store.present(path), mimetype="image/jpeg", max_age=LASTING)
    answer.cache_control.public = False
    answer.cache_control.private = True
    answer.cache_control.immutable = True
    answer.headers.update(LOCKED)
    return answer
