"""Fixtures: every test that takes `app` runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings

from tests import databases, postgres, seeds, smtp_sink
from tracker.app import create_app
from tracker.core import clock
from tracker.core.db import db

# The suite says the same of the same code each time; `--hypothesis-profile=explore` looks further.
settings.register_profile("repeatable", max_examples=150, derandomize=True)
settings.register_profile("explore", max_examples=2_000)
settings.load_profile("repeatable")

SECRET_KEY = "test-only-" + "k" * 32


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


@pytest.fixture(scope="session")
def office_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the files of the copied offices, by the kind of their database."""
    return tmp_path_factory.mktemp("offices")


@pytest.fixture(scope="session")
def make_sqlite_office(make_sqlite: Callable[[], str], office_homes: Path) -> Callable[[], str]:
    return _office(make_sqlite(), office_homes / "sqlite")


@pytest.fixture(scope="session")
def make_postgres_office(make_postgres: Callable[[], str], office_homes: Path) -> Callable[[], str]:
    return _office(make_postgres(), office_homes / "postgresql")


def _office(uri: str, home: Path) -> Callable[[], str]:
    """Return a maker of copies of an office: staff in every state of life, accounts, letters."""
    app = create_app({"HOME": str(home), "SQLALCHEMY_DATABASE_URI": uri, "SECRET_KEY": SECRET_KEY})
    with app.app_context():
        seeds.fill(17, today=clock.today(), now=clock.now())
        db.session.remove()
        db.engine.dispose()
    return databases.copier(uri)


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
            "SECRET_KEY": SECRET_KEY,
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


@pytest.fixture
def sink(tmp_path: Path) -> smtp_sink.Sink:
    """What the mail server of this test receives, and how it behaves."""
    return smtp_sink.Sink(tmp_path / "received")


@pytest.fixture
def smtp_port(sink: smtp_sink.Sink) -> Iterator[int]:
    """The port of a real mail server behind `sink`."""
    with smtp_sink.running(sink) as port:
        yield port


@pytest.fixture
def office(make_app: Callable[..., Flask], smtp_port: int) -> Iterator[Flask]:
    """The application with a mail server, and its context open. Waits are short."""
    app = make_app(MAIL_PORT=smtp_port, MAIL_RETRY=[0.2], MAIL_UNKNOWN_WAIT=0.3, MAIL_TIMEOUT=10)
    with app.app_context():
        yield app
