"""A real browser on real pages: whatever a page does wrong in it fails the test that opened it."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests import databases, seeds
from tests.browser.chromium import launch
from tests.browser.pages import LANGUAGES, SIZES
from tests.browser.served import served
from tracker.app import create_app
from tracker.core import clock
from tracker.core.db import db

#: Reports what the page's policy refused, as the console does not always.
WATCH = "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.blockedURI))"

#: Milliseconds after which what does not come counts as missing.
LONGEST_WAIT = 20_000

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def office_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An office of forty invented people, for tests that only look."""
    home = tmp_path_factory.mktemp("office")
    app = create_app({"HOME": str(home), "SQLALCHEMY_DATABASE_URI": databases.sqlite_maker(home)()})
    with app.app_context():
        seeds.fill(40, today=clock.today(), now=clock.now())
        seeds.make_answers(today=clock.today(), at=clock.now())
        seeds.leave_open(today=clock.today(), at=clock.now())
        db.session.remove()
    with served(app) as address:
        yield address


@pytest.fixture
def own_office(make_sqlite: Callable[[], str], tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database of its own, for tests that change things."""
    app = create_app({"HOME": str(tmp_path), "SQLALCHEMY_DATABASE_URI": make_sqlite()})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def phone_office(own_office: Flask) -> Flask:
    """An office of its own with a building of twenty rooms to inspect."""
    from tests.browser import ledgers  # which knows of pages that most tests here do not open

    ledgers.open_office(own_office)
    return own_office


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Makes a page at an address; in the end nothing may have gone wrong in any of them."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def make(address: str, *, size: str = "desktop", language: str = "en") -> Page:
        width, height = SIZES[size]
        contexts.append(chromium.new_context(
            base_url=address, viewport={"width": width, "height": height},
            locale=LANGUAGES[language], timezone_id="Asia/Shanghai", has_touch=size == "phone",
        ))  # fmt: skip
        contexts[-1].set_default_timeout(LONGEST_WAIT)
        page = contexts[-1].new_page()
        page.add_init_script(WATCH)
        listen(page, address, wrong)
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []


def listen(page: Page, address: str, wrong: list[str]) -> None:
    """Note console errors, uncaught exceptions, and requests that leave `address`."""
    page.on("console", lambda said: wrong.append(said.text) if _is_error(said) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda asked: wrong.append(asked.url) if _leaves(asked.url, address) else None
    )


def sign_in(page: Page, role: str, password: str = seeds.PASSWORD) -> None:
    """Sign in as the account of a role, in the language the browser asks for."""
    page.goto("/sign-in")
    page.fill("#email", f"{role}@example.org")
    page.fill("#password", password)
    page.click("main button[type=submit], main form button")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def record_permit(page: Page, kind: str, *, number: str, issued_on: date, expires_on: date) -> None:
    """Record a new permit of the first person, as an officer does by keyboard."""
    page.goto(f"/people/1/record/{kind}")
    page.fill("#number", number)
    page.fill("#issued_on", issued_on.isoformat())
    page.fill("#expires_on", expires_on.isoformat())
    page.press("#expires_on", "Enter")
    page.wait_for_url("**/people/1")


def _is_error(said: object) -> bool:
    # A page that is meant to answer 404 or 422 is no mistake of the page.
    text = str(getattr(said, "text", ""))
    return getattr(said, "type", "") == "error" and "the server responded with a status" not in text


def _leaves(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:", "about:"))
