"""A mail server's yes is not given up for a pause of the database."""

import time
from contextlib import closing

import pytest
import sqlalchemy as sa

from tests.threads import after
from tracker.core.db import db, sqlite_module


@pytest.fixture
def sqlite(post):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("of SQLite's single writer")
    return post


@pytest.fixture
def postgres(post):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("of a server that can end our connection")
    return post


def test_locked_database_is_waited_for(sqlite, sink, caplog):
    sqlite.queue(*(f"p{number}" for number in range(10)))
    db.engine.dispose()
    sa.event.listen(db.engine, "connect", lambda file, _: file.execute("PRAGMA busy_timeout=50"))

    def lock():
        with closing(sqlite_module().connect(db_file, isolation_level=None, timeout=10)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(1.5)
            other.execute("COMMIT")

    db_file = db.engine.url.database
    thread = after(sink, 3, lock)
    sink.slow = 0.01
    counts = sqlite.deliver()
    thread.done()

    assert "database is locked" in caplog.text
    assert counts.accepted == 10
    assert set(sqlite.states().values()) == {"accepted"}
    assert len(sink.received) == 10


def test_connection_ended_in_mid_batch_loses_no_outcome(postgres, sink, caplog):
    postgres.queue(*(f"p{number}" for number in range(30)))
    app, kills = postgres.app, []

    def end_all_others():
        with app.app_context(), db.engine.connect() as admin:
            for _ in range(5):
                ended = admin.execute(
                    sa.text(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                ).scalar()
                kills.append(ended)
                time.sleep(0.05)

    thread = after(sink, 3, end_all_others)
    sink.slow = 0.01
    counts = postgres.deliver()
    thread.done()

    assert sum(kills) > 0
    assert counts.accepted == 30
    assert set(postgres.states().values()) == {"accepted"}
    assert len(sink.received) == 30
