"""Takes pictures of every page in both languages, on a phone and a desktop."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from tests import databases, seeds
from tests.browser.chromium import launch
from tests.browser.pages import LANGUAGES, PAGES, SIZES
from tests.browser.served import served
from tracker.app import create_app
from tracker.core import clock
from tracker.core.db import db


def main(folder: Path) -> None:
    """Take the pictures of an empty, a small and a large installation."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    counts = [int(n) for n in os.environ.get("PICTURES_PEOPLE", "0,40,3000").split(",")]
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for count in counts:
            with tempfile.TemporaryDirectory() as home, served(_app(Path(home), count)) as address:
                _take(browser, address, folder / str(count), filled=count > 0)
        browser.close()
    print(f"pictures are in {folder}")


def _app(home: Path, count: int) -> Flask:
    uri = databases.sqlite_maker(home)()
    app = create_app({"HOME": str(home), "SQLALCHEMY_DATABASE_URI": uri})
    if count:
        with app.app_context():
            seeds.fill(count, today=clock.today(), now=clock.now())
            db.session.remove()
    return app


def _take(browser: Browser, address: str, folder: Path, *, filled: bool) -> None:
    for size, (width, height) in SIZES.items():
        for language, locale in LANGUAGES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale=locale,
                color_scheme="dark" if os.environ.get("PICTURES_DARK") else "light",
            )  # fmt: skip
            page = context.new_page()
            for name, path in _way(page, address, filled=filled):
                answer = page.goto(address + path)
                if answer is None or answer.status >= 500:
                    raise SystemExit(f"{path}: {answer.status if answer else 'no answer'}")
                target = folder / f"{size}-{language}-{name}.png"
                target.parent.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=target, full_page=True)
            context.close()


def _way(page: Page, address: str, *, filled: bool) -> Iterator[tuple[str, str]]:
    """Walk the pages: the way in first, then all others signed in."""
    yield ("sign-in", "/sign-in") if filled else ("setup", "/setup")
    if not filled:
        return
    language = page.locator("html").get_attribute("lang")
    page.fill("#email", "officer@example.org")
    page.fill("#password", seeds.PASSWORD)
    page.click("main button")
    page.goto(f"{address}/language/{'zh' if language == 'zh-Hans' else 'en'}")
    yield from ((entry.name, entry.path) for entry in PAGES if "officer" in entry.roles)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
