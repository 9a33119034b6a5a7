"""The database session and how SQLite and PostgreSQL are made to keep their word."""

import importlib
import importlib.util
import logging
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase

log = logging.getLogger(__name__)

# WAL-reset corruption was fixed in 3.51.3; two processes on one WAL file are its pattern.
SAFE_SQLITE = (3, 51, 3)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Gives every constraint a name, so that migrations can find it on both databases."""

    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def sqlite_module() -> ModuleType:
    """Return the SQLite driver to use: the packaged one, else Python's own."""
    for name in ("pysqlite3.dbapi2", "sqlite3"):
        if importlib.util.find_spec(name.partition(".")[0]):
            return importlib.import_module(name)
    raise RuntimeError("this Python was built without SQLite")


def engine_options(uri: str) -> dict[str, Any]:
    """Return the engine options that the database named by `uri` needs."""
    if sa.engine.make_url(uri).get_backend_name() == "sqlite":
        return {"module": sqlite_module()}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def tune(engine: sa.Engine) -> None:
    """Make `engine` durable and its transactions serial where the database would not."""
    if engine.dialect.name == "sqlite":
        _tune_sqlite(engine)


def _tune_sqlite(engine: sa.Engine) -> None:
    driver = sqlite_module()
    # Otherwise it looks for a way to adapt each of them, and fails, which takes ten times as long.
    driver.register_adapter(bool, int)
    driver.register_adapter(type(None), {}.get)
    version = driver.sqlite_version_info
    if version < SAFE_SQLITE:
        log.warning("SQLite %s has a known fault in WAL mode; 3.51.3 or later is safe", version)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # FULL: with NORMAL a power cut takes back "accepted" and the letters go out again.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _only_reads() else "BEGIN IMMEDIATE")


def _only_reads() -> bool:
    return has_request_context() and request.method in {"GET", "HEAD"}
