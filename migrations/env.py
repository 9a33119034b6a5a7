"""Runs migrations inside one transaction on both databases, one process at a time."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.render import _repr_type
from flask import current_app
from sqlalchemy import event

from tracker.core import db as database

ADVISORY_LOCK = 815001


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write our own column types as the plain ones below: migrations import nothing of ours."""
    if kind == "type" and type(item).__module__.startswith("tracker."):
        return _repr_type(item.impl, autogen_context)
    return False


def make_engine() -> sa.Engine:
    """Return an engine whose transactions are ours alone, foreign keys off on SQLite.

    With them on, a batch migration drops the old table and takes its child rows along.
    """
    uri = current_app.config["SQLALCHEMY_DATABASE_URI"]
    options = database.engine_options(uri)
    engine = sa.create_engine(
        uri, poolclass=sa.pool.NullPool, **{k: options[k] for k in options if k == "module"}
    )
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in (
                "journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF", "busy_timeout=60000",
            ):  # fmt: skip
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def run() -> None:
    """Bring the database to the wanted revision, or leave it untouched."""
    migrate = current_app.extensions["migrate"]
    options = dict(migrate.configure_args, render_item=render_item, transactional_ddl=True)
    engine = make_engine()
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=migrate.db.metadata, **options)
        with context.begin_transaction():
            if not sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
            context.run_migrations()
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError("this migration would break references between tables")


run()
