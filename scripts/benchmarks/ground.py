"""A fresh database of either kind, with the accounts of an office, for one measurement."""

import contextlib
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from tests import postgres
from tracker.app import create_app
from tracker.core.db import db

UNITS = 50


@contextlib.contextmanager
def fresh_app(database: str, **settings: Any) -> Iterator[Flask]:
    """Make an application on an empty, migrated database and remove it afterwards."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-bench-")))
        uri = f"sqlite:///{home / 'tracker.db'}"
        if database == "postgres":
            uri = stack.enter_context(postgres.server(fsync="on")).format(name="postgres")
        app = create_app(
            {"HOME": str(home), "SECRET_KEY": "b" * 32, "SQLALCHEMY_DATABASE_URI": uri} | settings
        )
        stack.enter_context(app.app_context())
        logging.getLogger("alembic").setLevel(logging.ERROR)
        flask_migrate.upgrade()
        make_office()
        yield app
        db.session.remove()
        db.engine.dispose()


def make_office() -> None:
    """Make units, a secretary each, three officers and a head."""
    run = db.session.execute
    for unit in range(1, UNITS + 1):  # they get the numbers 1 to UNITS
        run(sa.text("INSERT INTO unit (name_zh) VALUES (:name)"), {"name": f"学院{unit}"})
    people = [("unit_secretary", unit) for unit in range(1, UNITS + 1)]
    people += [("officer", None)] * 3 + [("head", None)]
    for number, (role, unit_id) in enumerate(people, 1):
        run(
            sa.text(
                "INSERT INTO account (email, name, role, unit_id, language, session_key,"
                " active, created_at) VALUES (:email, :name, :role, :unit_id, 'zh', 'x',"
                " true, '2026-01-01 00:00:00')"
            ),
            {"email": f"staff{number}@example.org", "name": f"Staff {number}",
             "role": role, "unit_id": unit_id},
        )  # fmt: skip
    db.session.commit()
