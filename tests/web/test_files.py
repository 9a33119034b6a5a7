"""Files are handed out only after the check, as something to save, and run nothing."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from tests.files.pictures import PDF, picture
from tests.web.test_editing import alice, officer, renewal  # noqa: F401 - fixtures
from tracker.accounts.models import Account, AuditEntry
from tracker.core.db import db
from tracker.files import store
from tracker.files.models import Attachment


def upload(browser, data, name="scan.jpg", path="/people/1/files", **fields):
    return browser.post(path, file=(BytesIO(data), name), **fields)


def kept():
    rows = db.session.scalars(sa.select(Attachment).order_by(Attachment.id)).all()
    found = [(row.id, row.fact_ref, row.title) for row in rows if row.removed_at is None]
    db.session.remove()
    return found


def test_scan_goes_with_the_document_it_shows(officer):  # noqa: F811
    upload(officer, picture(), path="/people/1/record/residence_permit", **renewal())

    page = officer.get("/people/1").get_data(as_text=True)
    assert kept() == [(1, "residence_permit/2", "scan.jpg")]
    assert 'src="/files/1/preview"' in page


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [("/files/1", picture(), "image/jpeg"), ("/files/1/preview", picture(), "image/jpeg"),
     ("/files/1", PDF, "application/pdf")],
)  # fmt: skip
def test_files_come_as_attachments_that_run_nothing(officer, path, data, kind):  # noqa: F811
    upload(officer, data, name="护照.jpg")

    answer = officer.get(path)

    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/files/1", "/files/1/preview"])
def test_file_of_another_person_is_missing_to_an_expert(officer, signed_in, path):  # noqa: F811
    upload(officer, picture())
    upload(officer, picture("PNG", size=(90, 90)), path="/people/2/files")

    own = signed_in("expert").get(path).status_code
    other = signed_in("expert").get(path.replace("1", "2")).status_code

    assert (own, other) == (200, 404)


def test_readers_without_numbers_see_no_files(officer, signed_in):  # noqa: F811
    upload(officer, picture())

    pages = [signed_in(role).get("/people/1").get_data(as_text=True)
             for role in ("head", "auditor", "unit_secretary")]  # fmt: skip

    assert ["/files/" in page for page in pages] == [False] * 3


def test_removed_file_is_gone_and_on_record(officer):  # noqa: F811
    upload(officer, picture())

    officer.post("/files/1/remove")

    assert officer.get("/files/1").status_code == 404
    assert [path for path in store.folder().rglob("*") if path.is_file()] == []
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["add file", "remove file"]


def test_scan_outlives_a_mistake_in_its_form(officer):  # noqa: F811
    import re

    page = upload(
        officer, picture(), path="/people/1/record/residence_permit", **renewal(expires_on="soon")
    ).get_data(as_text=True)
    token = re.search(r'name="kept" value="(\w+)"', page)[1]

    officer.post("/people/1/record/residence_permit", **renewal(kept=token, kept_title="scan.jpg"))

    assert kept() == [(1, "residence_permit/2", "scan.jpg")]
    assert list((store.folder() / "waiting").iterdir()) == []


def test_waiting_scan_of_another_account_is_not_taken(officer, signed_in):  # noqa: F811
    import re

    page = upload(
        officer, picture(), path="/people/1/record/residence_permit", **renewal(expires_on="soon")
    ).get_data(as_text=True)
    token = re.search(r'name="kept" value="(\w+)"', page)[1]

    signed_in("admin").post("/people/1/record/residence_permit", **renewal(kept=token))

    assert kept() == []


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"", b"MZ" + b"\0" * 99])
def test_what_is_no_scan_is_refused_in_words(officer, data):  # noqa: F811
    upload(officer, data, name="x.pdf")

    page = officer.get("/people/1").get_data(as_text=True)
    assert kept() == []
    assert ["picture or PDF" in page, "is empty" in page].count(True) == 1


def test_file_is_attached_to_nothing_of_another_person(officer):  # noqa: F811
    answer = upload(officer, picture(), document="residence_permit/7")

    assert answer.status_code == 404
    assert kept() == []
    assert db.session.scalar(sa.select(Account.id).limit(1)) == 1


def test_file_that_the_disk_has_lost_says_so(officer):  # noqa: F811
    upload(officer, picture())
    row = db.session.get(Attachment, 1)
    store.drop(row.stored_as)
    db.session.remove()

    answer = officer.get("/files/1")

    assert answer.status_code == 409
    assert "no longer on the server" in answer.get_data(as_text=True)
