"""An office on each database, and programs that show tokens."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tracker.accounts import service, tokens
from tracker.core import clock
from tracker.core.db import db


class Program:
    """Somebody's program: it shows its token with every request."""

    def __init__(self, app: Flask, secret: str | None) -> None:
        self.app, self.secret = app, secret

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        """Ask outside of the test's own context, so that each request has its own `g`."""
        headers = {"Accept-Language": "en", **options.pop("headers", {})}
        if self.secret:
            headers.setdefault("Authorization", f"Bearer {self.secret}")
        client = self.app.test_client()
        answer: TestResponse = Context().run(
            client.open, f"/api{path}", method=method, headers=headers, buffered=True, **options
        )
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.ask("POST", path, json=body, **options)

    def tag(self, person_id: int) -> dict[str, str]:
        """Return the If-Match of a person as it is now."""
        return {"If-Match": self.get(f"/people/{person_id}").headers["ETag"]}


def make_token(role: str, *scopes: str) -> str:
    """Issue a token of a role's account, by default with every scope the role may have."""
    account = service.get(f"{role}@example.org")
    wanted = scopes or tokens.scopes_of(role)
    _token, secret = tokens.issue(account, name="test", scopes=wanted, days=30, at=clock.now())
    db.session.commit()
    db.session.remove()
    return secret


@pytest.fixture(params=["sqlite", "postgres"])
def database_uri(request: pytest.FixtureRequest) -> str:
    """An office of one's own, on each database."""
    return str(request.getfixturevalue(f"make_{request.param}_office")())


@pytest.fixture
def program(app: Flask) -> Callable[..., Program]:
    """Returns the program of a role's account; with these scopes, or all it may have."""
    return lambda role, *scopes: Program(app, make_token(role, *scopes))


@pytest.fixture
def officer(program: Callable[..., Program]) -> Program:
    """The officer's program."""
    return program("officer")


@pytest.fixture
def stranger(app: Flask) -> Program:
    """A program without a token."""
    return Program(app, None)
