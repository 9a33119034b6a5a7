"""Runs the `tracker` command on a database of its own, as a shell would."""

import contextvars
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from tracker.app import create_app
from tracker.cli import main
from tracker.core.db import db


@pytest.fixture
def environment(database_uri: str, tmp_path: Path, smtp_port: int) -> dict[str, str]:
    return {
        "TRACKER_HOME": str(tmp_path / "home"),
        "TRACKER_SQLALCHEMY_DATABASE_URI": database_uri,
        "TRACKER_SECRET_KEY": "k" * 32,
        "TRACKER_MAIL_PORT": str(smtp_port),
    }


@pytest.fixture
def tracker(environment: dict[str, str]) -> Callable[..., Result]:
    """Runs a command; returns click's result with `.stdout`, `.stderr` and `.exit_code`."""

    def run(*arguments: str, **more: str) -> Result:
        apps: list[Flask] = []

        def make_app() -> Flask:
            apps.append(create_app())
            return apps[-1]

        # A context of its own: the command must not find the application of the test.
        result = contextvars.Context().run(
            CliRunner().invoke, main, arguments, env=environment | more, catch_exceptions=False,
            obj=ScriptInfo(create_app=make_app),
        )  # fmt: skip
        for app in apps:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
        return result

    return run


@pytest.fixture
def said(tracker: Callable[..., Result]) -> Callable[..., Any]:
    """Runs a command with --json and returns the one object it printed."""

    def run(*arguments: str) -> Any:
        result = tracker(*arguments, "--json")
        assert result.exit_code in {0, 1}, result.output
        return json.loads(result.stdout)

    return run


@pytest.fixture
def people(app: Any) -> Any:
    """The application on the same database, to record facts with."""
    yield app
    db.session.commit()
