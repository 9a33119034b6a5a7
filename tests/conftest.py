"""Fixtures: every test that takes `app` runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import databases, postgres
from tracker.app import create_app
from tracker.core.db import db


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def make_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    return databases.sqlite_maker(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def make_postgres(
    postgres_address: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    return databases.postgres_maker(postgres_address, tmp_path_factory.mktemp("postgres"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_uri(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated, empty database of each kind."""
    return str(request.getfixturevalue(f"make_{request.param}")())


@pytest.fixture
def make_app(database_uri: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes applications on this test's database; settings as keyword arguments."""
    apps: list[Flask] = []

    def make(**overrides: Any) -> Flask:
        settings = {
            "TESTING": True,
            "SECRET_KEY": "test-only-" + "k" * 32,
            "HOME": str(tmp_path),
            "SQLALCHEMY_DATABASE_URI": database_uri,
            "SERVER_NAME": None,
        }
        apps.append(create_app(settings | overrides))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application with an open context, so that tests use services directly."""
    app = make_app()
    with app.app_context():
        yield app
