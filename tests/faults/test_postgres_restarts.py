"""PostgreSQL thrown down in mid-batch, again and again: senders wait, come back, lose nothing."""

import pytest
import sqlalchemy as sa

from tests import databases
from tests.faults import restarting
from tests.faults import station as stations
from tests.faults.station import PATIENCE, extra
from tracker.app import create_app
from tracker.core.db import db


@pytest.fixture
def restarts(smtp_port, sink, tmp_path):
    """A station whose PostgreSQL can be restarted."""
    with restarting.server() as (uri, own):
        databases.migrate(uri, tmp_path)
        app = create_app(
            {"SQLALCHEMY_DATABASE_URI": uri, "HOME": str(tmp_path), "SECRET_KEY": "k" * 32}
        )
        with app.app_context(), stations.opened(app, sink, tmp_path) as station:
            yield station, own
            db.session.remove()
            db.engine.dispose()


def test_restarts_in_mid_batch_lose_nothing_and_repeat_little(restarts):
    station, own = restarts
    station.settings["MAIL_LEASE"] = "20"
    station.people(60)
    station.sink.slow = 0.003
    senders = [station.start("remind", "--today", "2026-09-10", "--json") for _ in range(2)]
    scheduler = station.scheduler()

    done = 0
    for mode in ("immediate", "fast", "immediate"):
        station.until(lambda at=done + 10: station.sink.stored >= at)
        own.restart(mode)
        done = station.sink.stored
    station.until(lambda: _accepted(station) == 60)

    assert len(station.copies()) == 60
    assert extra(station.copies()) <= 3
    assert scheduler.poll() is None
    for sender in senders:
        sender.wait(PATIENCE)
    said = [station.said(sender) for sender in senders]
    plain = ("tracker: database: ", "the database does not answer, trying again")
    assert all(text == "" or any(words in text for words in plain) for text in said), said
    assert not any("Traceback" in text for text in said), said


def test_outage_ends_with_everything_sent(restarts):
    station, own = restarts
    station.settings["MAIL_LEASE"] = "20"
    station.people(10)
    station.sink.slow = 0.02
    scheduler = station.scheduler()
    station.until(lambda: station.sink.stored >= 3)

    own.restart("immediate", pause=3)
    station.until(lambda: _accepted(station) == 10)

    assert scheduler.poll() is None
    assert len(station.copies()) == 10


def _accepted(station):
    """Count by a connection that may have been cut like the others."""
    try:
        return station.letters()["accepted"]
    except sa.exc.DBAPIError:
        db.session.rollback()
        return None
