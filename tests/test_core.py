"""The ground: both databases work and keep what they promise."""

from sqlalchemy import text

from tracker.core.db import db


def test_database_is_durable(app):
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert db.session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert db.session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    else:
        assert db.session.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
