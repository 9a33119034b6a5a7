"""Takes pictures of every page in both languages, on a phone and a desktop."""

import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from tests import databases, seeds
from tests.browser.chromium import launch
from tests.browser.pages import LANGUAGES, OUTSIDE, PAGES, SIZES, Entry, visit
from tests.browser.served import served
from tracker.app import create_app
from tracker.core import clock
from tracker.core.db import db

SETUP = Entry("setup", "/setup", ())
#: Whose pictures are taken, each page once: of the first who may open it.
READERS = ("officer", "admin", "expert")


def main(folder: Path) -> None:
    """Take the pictures of an empty, a small and a large installation."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.getLogger("tracker").setLevel(logging.ERROR)
    counts = [int(n) for n in os.environ.get("PICTURES_PEOPLE", "0,40,3000").split(",")]
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for count in counts:
            with tempfile.TemporaryDirectory() as home:
                _take_all(browser, Path(home), count, folder / str(count))
        browser.close()
    print(f"pictures are in {folder}")


def _take_all(browser: Browser, home: Path, count: int, folder: Path) -> None:
    app = create_app({"HOME": str(home), "SQLALCHEMY_DATABASE_URI": databases.sqlite_maker(home)()})
    with served(app) as address:
        if not count:
            _take(browser, address, folder, [SETUP])
        _fill(app, count)
        _take(browser, address, folder, OUTSIDE)
        for reader in READERS if count else READERS[:2]:
            _take(browser, address, folder, _of(reader, filled=count > 0), reader)


def _fill(app: Flask, count: int) -> None:
    with app.app_context():
        if count:
            seeds.fill(count, today=clock.today(), now=clock.now())
            seeds.make_answers(today=clock.today(), at=clock.now())
            seeds.leave_open(today=clock.today(), at=clock.now())
        else:
            seeds.make_accounts(at=clock.now())
        db.session.commit()
        db.session.remove()


def _of(reader: str, *, filled: bool) -> list[Entry]:
    """Return the pages of a reader; in an empty office those that there are anyway."""
    mine = [
        entry for entry in PAGES
        if reader == next((each for each in READERS if each in entry.roles), None)
    ]  # fmt: skip
    return [entry for entry in mine if filled or not entry.seeded]


def _take(
    browser: Browser, address: str, folder: Path, entries: Sequence[Entry], reader: str = ""
) -> None:
    for size, (width, height) in SIZES.items():
        for language, locale in LANGUAGES.items():
            context = browser.new_context(
                base_url=address, viewport={"width": width, "height": height}, locale=locale,
                color_scheme="dark" if os.environ.get("PICTURES_DARK") else "light",
            )  # fmt: skip
            page = context.new_page()
            if reader:
                _sign_in(page, reader, language)
            for entry in entries:
                _take_one(page, entry, folder / f"{size}-{language}-{entry.name}.png")
            context.close()


def _take_one(page: Page, entry: Entry, target: Path) -> None:
    answer = visit(page, entry)
    if answer.status != entry.status:
        raise SystemExit(f"{entry.path}: {answer.status}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if len(page.frames) > 1:
        page.wait_for_timeout(500)  # a letter's own frame draws itself later
    page.screenshot(path=target, full_page=True)


def _sign_in(page: Page, reader: str, language: str) -> None:
    page.goto("/sign-in")
    page.fill("#email", f"{reader}@example.org")
    page.fill("#password", seeds.PASSWORD)
    page.click("main button")
    page.goto(f"/language/{language}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
