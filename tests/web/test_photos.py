"""Photos open for those who inspect and those who read it, and run nothing."""

import pytest

from tests.files.pictures import picture
from tests.files.test_photos import ID, keep
from tracker.core.db import db


@pytest.mark.parametrize("path", [f"/photos/{ID}", f"/photos/{ID}/small"])
def test_photo_is_kept_by_the_browser_and_runs_nothing(app, office, signed_in, path):
    keep(picture())
    db.session.commit()
    db.session.remove()

    answer = signed_in("inspector").get(path)

    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert set(answer.headers["Cache-Control"].split(", ")) == {
        "private",
        "max-age=31536000",
        "immutable",
    }


def test_photo_on_its_way_is_not_found(app, office, signed_in):
    assert signed_in("inspector").get(f"/photos/{ID}").status_code == 404
