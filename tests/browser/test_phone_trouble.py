"""A hazard in seconds; a phone without room; another account; a newer version in between."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import ledgers
from tests.browser.handset import Handset, Line, sign_in_here
from tests.browser.rounds import SHOT
from tests.browser.served import served

pytestmark = pytest.mark.browser
#: A step the next version of the phone's database might take.
NEXT_STEP = """  (db, transaction) => {
    db.createObjectStore("later");
    transaction.objectStore("ops").createIndex("type", "type");
  },
];
"""


def give(page, size):
    """Let the browser give the page so many bytes; it must not have written since it started."""
    told = {"origin": page.evaluate("location.origin"), "quotaSize": size}
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", told)


def report(page, text):
    """Report a hazard by three taps and a text."""
    page.click("a[href='#/hazard']")
    page.locator("main input[type=file]").set_input_files([SHOT])
    page.wait_for_selector(".thumb-button")
    page.fill("#hazard-text", text)
    page.click(".bar .main")
    page.wait_for_selector("main[data-screen=home]")


def waiting(page, count):
    page.wait_for_selector(f".waiting[data-waiting='{count}']")


@pytest.fixture
def phone(phone_office, playwright, tmp_path):
    """A phone at an office of its own, whose files may change, and the line between the two."""
    static = tmp_path / "static"
    shutil.copytree(phone_office.static_folder, static)
    phone_office.static_folder = str(static)
    with served(phone_office) as address:
        line = Line(urlsplit(address).port)
        handset = Handset(playwright, tmp_path / "phone", line.address)
        yield handset, line, phone_office
        handset.close()
        line.close()


def begin(handset):
    page = handset.start()
    page.click(".banner a")
    sign_in_here(page)
    page.wait_for_selector(".starts")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def change_version(app):
    """Put a newer version of the page on the server, which also changes the phone's database."""
    store = Path(app.static_folder, "phone", "store.js")
    store.write_text(store.read_text().replace("  },\n];\n", "  },\n" + NEXT_STEP))


def assert_kept(app, texts):
    kept = ledgers.entries(app)
    assert [op["data"]["text"] for op in kept] == texts
    assert {len(op["data"]["photos"]) for op in kept} == {1}
    assert ledgers.photos_named_by(kept) == ledgers.photos(app)


def test_hazards_survive_a_newer_version_and_an_ended_session(phone):
    handset, line, app = phone
    page = begin(handset)
    line.cut()
    report(page, "门被锁住")
    waiting(page, 2)
    ledgers.end_sessions(app)
    before = page.locator("body").get_attribute("data-version")
    change_version(app)

    line.mend()
    page.reload()
    page.wait_for_selector(".banner .note.good")
    page.click(".waiting")
    page.wait_for_selector(f"body:not([data-version='{before}']) [data-signed-out]")
    waiting(page, 2)
    page.click("[data-signed-out] a")
    sign_in_here(page)
    waiting(page, 0)

    assert_kept(app, ["门被锁住"])
    assert handset.wrong == []


def test_full_phone_says_so_and_sends_from_memory(phone):
    handset, line, app = phone
    begin(handset)
    handset.close()
    line.cut()
    page = handset.start()
    give(page, 1)
    report(page, "灭火器过期")
    page.wait_for_selector("[data-full]")
    waiting(page, 2)

    line.mend()
    page.click("[data-full] button")
    with page.context.expect_page() as beside:
        page.click("[data-signed-out] a")
    sign_in_here(beside.value)
    waiting(page, 0)

    assert_kept(app, ["灭火器过期"])
    assert page.locator("[data-full]").count() == 0
    assert handset.wrong == []


def test_entries_of_another_account_stay_until_their_owner_signs_in(phone):
    handset, line, app = phone
    page = begin(handset)
    line.cut()
    report(page, "窗户加装铁栏")
    ledgers.end_sessions(app)
    line.mend()
    page.click("[data-signed-out] a")
    sign_in_here(page, "officer")
    page.wait_for_selector("[data-other]")

    assert ledgers.entries(app) == []
    assert page.locator("[data-other]").get_attribute("data-other") == "测试 inspector"

    page.goto("/phone/")
    page.context.clear_cookies()
    page.click(".waiting")
    page.click(".queue .button.main")
    page.click("[data-signed-out] a")
    sign_in_here(page)
    waiting(page, 0)
    assert [op["data"]["text"] for op in ledgers.entries(app)] == ["窗户加装铁栏"]
