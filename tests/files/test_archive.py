"""A backup holds the files; what is brought back is only what was ours."""

import stat
import tarfile
from io import BytesIO

import pytest

from tests.factories import make_person
from tests.files.pictures import PDF, picture
from tests.files.test_service import add, on_disk
from tracker.core.errors import Conflict, Invalid
from tracker.files import archive, store


def test_files_come_back_as_they_were(app, tmp_path):
    person = make_person()
    rows = [add(person, picture()), add(person, PDF)]
    before = {path.name: path.read_bytes() for path in on_disk()}
    saved = archive.save(tmp_path / "x.files.tar")
    for row in rows:
        store.drop(row.stored_as)

    brought = archive.load(tmp_path / "x.files.tar")

    assert (saved, brought) == (3, 3)
    assert {path.name: path.read_bytes() for path in on_disk()} == before
    assert stat.S_IMODE((tmp_path / "x.files.tar").stat().st_mode) == 0o600
    assert archive.load(tmp_path / "x.files.tar") == 0


def test_office_without_files_has_an_empty_archive(app, tmp_path):
    assert archive.save(tmp_path / "x.tar") == 0
    assert archive.load(tmp_path / "x.tar") == 0


def test_archive_is_not_written_over(app, tmp_path):
    (tmp_path / "x.tar").write_text("mine")

    with pytest.raises(Conflict, match="exists already"):
        archive.save(tmp_path / "x.tar")


@pytest.mark.parametrize("name", ["../../secret_key", "/etc/x", "a.jpg", "f" * 32 + ".html"])
def test_foreign_names_are_not_unpacked(app, tmp_path, name):
    member = tarfile.TarInfo(name)
    member.size = 1
    with tarfile.open(tmp_path / "x.tar", "w") as made:
        made.addfile(member, BytesIO(b"x"))

    with pytest.raises(Invalid, match="no file of ours"):
        archive.load(tmp_path / "x.tar")

    assert on_disk() == []


def test_damaged_archive_is_named(app, tmp_path):
    (tmp_path / "x.tar").write_bytes(b"no archive" * 100)

    with pytest.raises(Invalid, match="damaged"):
        archive.load(tmp_path / "x.tar")
