"""The page for phones: one version names everything it is made of."""

import json
import re
import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image

from tracker.web.phone import bundle, icon


def shell(browser) -> str:
    return browser.get("/phone/").get_data(as_text=True)


def told(browser) -> dict:
    """Return what the worker is told: the version, and the files it keeps."""
    script = browser.get("/phone/sw.js").get_data(as_text=True)
    return json.loads(re.search(r"serve\((.*)\);", script)[1])


def test_worker_keeps_the_page_and_all_it_asks_for(browser):
    kept = told(browser)

    asked = {
        address.replace("&amp;", "&")
        for address in re.findall(r'(?:href|src)="([^"]+)"', shell(browser))
    }

    assert kept["files"][0] == "/phone/"
    assert asked - set(kept["files"]) == {"/phone/manifest.webmanifest", "/phone/icon-180.png"}
    assert {browser.get(address).status_code for address in kept["files"]} == {200}
    assert kept["version"] in shell(browser)


def test_worker_and_manifest_are_asked_for_each_time(browser):
    kept = [
        browser.get(f"/phone/{name}").headers["Cache-Control"]
        for name in ("sw.js", "manifest.webmanifest")
    ]

    assert kept == ["no-cache", "no-store"]


def test_changed_file_makes_another_version(app, browser, tmp_path):
    before = told(browser)["version"]
    copy = tmp_path / "static"
    shutil.copytree(app.static_folder, copy)
    (copy / "phone" / "home.js").write_text("// another home\n")
    app.static_folder = str(copy)

    after = told(browser)["version"]

    assert after != before
    assert browser.get(f"/phone/v/{before}/home.js").status_code == 404
    assert browser.get(f"/phone/v/{after}/home.js").data == b"// another home\n"


def test_page_may_show_its_own_pictures_and_run_no_inline_script(browser):
    policy = browser.get("/phone/").headers["Content-Security-Policy"]

    assert "img-src 'self' data: blob:" in policy
    assert "unsafe" not in policy


def test_page_is_the_same_for_everybody(app, office, signed_in, browser):
    assert signed_in("inspector").get("/phone/").data == browser.get("/phone/").data


def test_page_brings_the_words_of_its_scripts_in_chinese(browser):
    words = json.loads(re.search(r'id="words">(.*?)</script>', shell(browser))[1])

    assert words["Sign in to send"] == "登录后上传"
    assert words["%(num)s waiting"] == "%(num)s 条待传"


def test_icons_are_as_large_as_the_manifest_says(browser):
    manifest = browser.get("/phone/manifest.webmanifest").get_json(force=True)
    for entry, size in zip(manifest["icons"], icon.SIZES, strict=True):
        picture = Image.open(BytesIO(browser.get(entry["src"]).data))
        assert (entry["sizes"], picture.size) == (f"{size}x{size}", (size, size))
    assert browser.get("/phone/icon-64.png").status_code == 404


def test_every_word_of_the_scripts_is_found_by_the_extractor(app):
    said = set()
    for script in Path(app.static_folder, "phone").glob("*.js"):
        said |= set(re.findall(r'\b(?:_|ngettext)\("([^"]+)"', script.read_text("utf-8")))

    with app.test_request_context("/phone/"):
        assert said - set(bundle.current().chinese) == set()
