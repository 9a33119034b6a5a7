"""Databases without tables, and rows that fill whatever tables there are."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tracker.core import db as database

VALUES: dict[type, Any] = {
    sa.Boolean: True, sa.Integer: 1, sa.Date: date(2026, 3, 2),
    sa.DateTime: datetime(2026, 3, 2, 1, 30), sa.JSON: {"invented": True},
    sa.LargeBinary: b"invented", sa.Float: 1.5, sa.Numeric: 1,
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgres"])
def empty_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind without a single table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    uri = str(request.getfixturevalue("make_postgres")())
    engine = sa.create_engine(uri)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    engine.dispose()
    return uri


@pytest.fixture
def database_uri(empty_uri: str) -> str:
    """Applications here start without a single table."""
    return empty_uri


@pytest.fixture
def empty_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app()
    with app.app_context():
        yield app


class Content:
    """Reads and fills a database as it is, whatever the models say."""

    def __init__(self, uri: str) -> None:
        self.engine = sa.create_engine(uri, **_driver(uri), poolclass=sa.pool.NullPool)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of every table by its name, as the columns' types read them."""
        with self.engine.connect() as connection:
            return {
                table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in self._tables()
            }

    def fill(self) -> None:
        """Put an invented row into every table that has none."""
        with self.engine.begin() as connection:
            for table in self._tables():
                if connection.execute(table.select()).first() is None:
                    connection.execute(table.insert(), invented_row(table))

    def schema(self) -> set[tuple[str, str, str]]:
        """Return name, column and type of every column."""
        return {
            (table.name, column.name, str(column.type.compile(self.engine.dialect)))
            for table in self._tables()
            for column in table.columns
        }

    def _tables(self) -> list[sa.Table]:
        found = sa.MetaData()
        found.reflect(self.engine)
        return [table for table in found.sorted_tables if table.name != "alembic_version"]


def invented_row(table: sa.Table) -> dict[str, Any]:
    """Return a value for each column; a reference points to the first row of the other table."""
    return {column.name: _value(column) for column in table.columns}


def _value(column: sa.Column[Any]) -> Any:
    if column.foreign_keys:
        return "x" if isinstance(column.type, sa.String) else 1
    for kind, value in VALUES.items():
        if isinstance(column.type, kind):
            return value
    return "x"


def _driver(uri: str) -> dict[str, Any]:
    options = database.engine_options(uri)
    return {"module": options["module"]} if "module" in options else {}


@pytest.fixture
def content(empty_uri: str) -> Content:
    return Content(empty_uri)
