"""A photo is kept once, upright and without traces, and handed to those who inspect."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.factories import AT
from tests.files.pictures import PDF, PLACE, picture, with_traces
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound
from tracker.files import archive, photos, store
from tracker.files.models import Photo

ID = "0f5f3d3e-6a39-4c53-8a6e-2c1f1d0e9a10"


def keep(data, photo_id=ID):
    return photos.keep(photo_id, data, taken_at=AT, account_id=None, now=AT)


def on_disk():
    return sorted(path for path in store.folder(store.PHOTOS).rglob("*") if path.is_file())


def kept_bytes(photo):
    return store.path_of(photo.stored_as, under=store.PHOTOS).read_bytes()


def test_photo_is_turned_upright_shrunk_and_bare(app):
    photo, is_new = keep(with_traces(turned=6))

    data = kept_bytes(photo)
    image = Image.open(BytesIO(data))
    small = Image.open(BytesIO(store.preview_of(photo.stored_as, under=store.PHOTOS).read_bytes()))
    assert (is_new, photo.width, photo.height, image.size) == (True, 800, 1200, (800, 1200))
    assert max(small.size) == photos.SMALL_SIDE
    assert (dict(image.getexif()), PLACE.encode() in data, photo.size) == ({}, False, len(data))


def test_long_side_is_shortened(app):
    photo, _ = keep(picture(size=(4000, 1000)))

    assert (photo.width, photo.height) == (photos.SIDE, 400)


def test_same_id_again_returns_the_first(app):
    first, _ = keep(picture())
    digest = first.sha256

    again, is_new = keep(picture("PNG", size=(30, 30)), ID.upper())

    assert (again.id, is_new, again.sha256) == (ID, False, digest)
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 1
    assert len(on_disk()) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "no readable picture"), (PDF, "no readable picture"),
     (picture()[:900], "no readable picture"),
     (picture("PNG", size=(9000, 7000)), "million pixels"),
     (b"\xff" * (photos.LARGEST + 1), "larger than 12 MB")],
)  # fmt: skip
def test_what_is_no_photo_is_refused_and_leaves_nothing(app, data, why):
    with pytest.raises(Invalid, match=why):
        keep(data)

    assert on_disk() == []


def test_name_that_is_no_uuid_is_refused(app):
    with pytest.raises(Invalid, match="UUID"):
        keep(picture(), "../../secret")


def test_photo_on_its_way_is_missing(app):
    with pytest.raises(NotFound, match="not arrived yet"):
        photos.get(ID)

    assert photos.arrived([ID]) == {}


def test_photos_are_in_the_backup(app, tmp_path):
    photo, _ = keep(picture())
    before = kept_bytes(photo)
    saved = archive.save(tmp_path / "x.files.tar")
    photos.drop_files([photo.stored_as])

    assert (saved, archive.load(tmp_path / "x.files.tar")) == (2, 2)
    assert kept_bytes(photo) == before
