"""Styles and scripts: packed, kept for a year, from our folder or from a wheel."""

import gzip
import re

import pytest


@pytest.mark.parametrize("file", ["tracker.css", "bootstrap.min.css"])
def test_style_is_sent_packed_under_an_address_of_its_content(browser, file):
    page = browser.get("/sign-in", follow_redirects=True).get_data(as_text=True)
    address = re.search(rf'href="([^"]*{file}\?v=[0-9a-f]{{10}})"', page)
    assert address

    plain = browser.get(address[1])
    packed = browser.get(address[1], headers={"Accept-Encoding": "gzip, br"})

    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["Cache-Control"] == "public, max-age=31536000"


def test_page_is_never_packed(browser):
    answer = browser.get("/sign-in", headers={"Accept-Encoding": "gzip"}, follow_redirects=True)

    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "path", ["nothing/css/x.css", "bootstrap/../secret", "bootstrap/css/none.css", "bootstrap/css"]
)
def test_other_files_are_missing(browser, path):
    assert browser.get(f"/packaged/{path}").status_code == 404
