"""A small office on each database, and browsers that are signed in."""

import re
import shutil
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import seeds
from tests.factories import make_person, make_residence_permit
from tests.web.calendars import refresh
from tracker.core import clock
from tracker.core.db import db


class Browser:
    """A test client that finds the form token as a person's browser does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str, **options: Any) -> TestResponse:
        """Ask outside of the test's own context, so that each request has its own `g`."""
        answer: TestResponse = Context().run(self.client.open, path, buffered=True, **options)
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.open(path, **options)

    def post(self, path: str, *, token_from: str = "/", **fields: Any) -> TestResponse:
        page = self.get(token_from, follow_redirects=True).get_data(as_text=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        token = found[1] if found else ""
        return self.open(path, method="POST", data={"csrf_token": token, **fields})

    def sign_in(self, email: str, password: str = seeds.PASSWORD, **fields: str) -> TestResponse:
        return self.post(
            "/sign-in", token_from="/sign-in", email=email, password=password, **fields
        )


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody who has not signed in, reading English."""
    browser = Browser(app.test_client())
    browser.get("/language/en")
    return browser


@pytest.fixture(params=["sqlite", "postgres"])
def database_uri(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind; for tests that ask for `office`, a copy of one."""
    kind = f"{request.param}_office" if "office" in request.fixturenames else request.param
    return str(request.getfixturevalue(f"make_{kind}")())


@pytest.fixture
def office(app: Flask, office_homes: Path) -> None:
    """Invented staff in every state of life, one account a role, some letters."""
    made = office_homes / db.engine.dialect.name
    for folder in ("uploads", "photos"):
        shutil.copytree(made / folder, Path(app.config["HOME"]) / folder)


@pytest.fixture
def signed_in(app: Flask) -> Callable[[str], Browser]:
    """Returns a browser in which the account of a role is signed in."""

    def open_session(role: str) -> Browser:
        browser = Browser(app.test_client())
        browser.get("/language/en")
        answer = browser.sign_in(f"{role}@example.org")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser

    return open_session


@pytest.fixture
def two_units(app) -> dict[str, int]:
    """Alice of physics and Bob of chemistry, each with a permit to extend; accounts of roles."""
    alice = make_person()
    bob = make_person(name_en="BOBSON Bob", name_zh=None, unit="化学学院", email="b@example.org")
    for person in (alice, bob):
        ends = clock.today() + timedelta(100)
        make_residence_permit(person, number="RP-SECRET-9", expires_on=ends)
    seeds.make_accounts(at=clock.now())
    ids = {"alice": alice.id, "bob": bob.id}
    refresh(alice, bob)
    db.session.remove()
    return ids
