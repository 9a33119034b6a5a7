"""A file lies on disk under our own name, outlives nothing it should not, and leaves a record."""

import stat

import pytest
import sqlalchemy as sa

from tests.factories import AT, make_person
from tests.files.pictures import PDF, picture
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.files import service, store
from tracker.files.models import Attachment


def add(person, data, title="scan.jpg", fact_ref=None):
    with service.uploading() as written:
        return service.add(
            person.id, data, title=title, fact_ref=fact_ref, by="test", at=AT, written=written
        )


def add_and_fail(person):
    with service.uploading() as written:
        service.add(
            person.id, picture(), title="x", fact_ref=None, by="test", at=AT, written=written
        )
        raise RuntimeError


def on_disk():
    return sorted(path for path in store.folder().rglob("*") if path.is_file())


def test_file_lies_under_our_own_name_for_nobody_else(app, tmp_path):
    person = make_person()

    row = add(person, picture(), title="../../etc/护照 E1234567.jpg")

    path = store.path_of(row.stored_as)
    assert path.is_relative_to(tmp_path / "uploads")
    assert on_disk() == sorted([path, store.preview_of(row.stored_as)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert row.title == "护照 E1234567.jpg"
    assert (row.size, row.has_preview) == (path.stat().st_size, True)


def test_what_fails_before_its_commit_leaves_nothing_on_disk(app):
    person = make_person()

    with pytest.raises(RuntimeError):
        add_and_fail(person)

    assert on_disk() == []


def test_removal_forgets_the_name_and_keeps_the_record(app):
    row = add(make_person(), PDF, title="contract.pdf", fact_ref="contract/1")

    store.drop(service.remove(row, by="account:1", at=AT))

    kept = db.session.scalars(sa.select(Attachment)).one()
    assert (kept.title, kept.removed_by, kept.removed_at, kept.fact_ref) == (
        "", "account:1", AT, "contract/1",
    )  # fmt: skip
    assert on_disk() == []
    assert service.of_person(row.person_id) == []
    with pytest.raises(NotFound):
        service.get(row.id)


def test_same_file_again_is_kept_once_and_shows_the_newer_document(app):
    person = make_person()
    first = add(person, PDF, fact_ref="contract/1")

    again = add(person, PDF, fact_ref="contract/2")

    assert (again.id, again.fact_ref) == (first.id, "contract/2")
    assert len(on_disk()) == 1


def test_same_file_of_two_persons_lies_there_twice(app):
    add(make_person(), PDF)
    add(make_person(name_en="BOB"), PDF)

    assert len(on_disk()) == 2


@pytest.mark.parametrize("name", ["../secret_key", "a.jpg", "A" * 32 + ".jpg", "a" * 32 + ".html"])
def test_other_names_are_no_paths(app, name):
    with pytest.raises(ValueError, match="no name of ours"):
        store.path_of(name)


@pytest.mark.parametrize(
    ("title", "shown"),
    [("a/b\\c.pdf", "c"), ("", "file"), ("....", "file"), ("x\u202egpj.exe", "xgpj"),
     ("居留许可 正面.jpeg", "居留许可 正面"), ("n" * 300, "n" * 110)],
)  # fmt: skip
def test_titles_are_readable_and_harmless(app, title, shown):
    assert service.readable(title) == shown
