"""What monitors ask."""

from datetime import timedelta

from tracker.core import clock
from tracker.core.db import db
from tracker.outbox import holds
from tracker.outbox.models import Lease


def test_alive_needs_no_database(make_app):
    app = make_app(SQLALCHEMY_DATABASE_URI="sqlite:////nowhere/at/all.db")

    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_ready_says_what_is_wrong(app, browser):
    answer = browser.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["ready"] is False
    assert answer.get_json()["checks"]["scheduler"] == "never ran: start tracker scheduler"


def test_ready_once_the_scheduler_shows_itself(app, browser):
    _scheduler_seen(0)

    answer = browser.get("/readyz")

    assert (answer.status_code, answer.get_json()["ready"]) == (200, True)


def test_not_ready_when_the_scheduler_is_gone(app, browser):
    _scheduler_seen(3600)

    assert browser.get("/readyz").status_code == 503


def test_hold_does_not_take_the_pages_away(app, browser):
    _scheduler_seen(0)
    holds.hold("manual", "for a while", now=clock.now())
    db.session.commit()

    assert browser.get("/readyz").status_code == 200


def test_ready_without_a_database_is_a_plain_answer(make_app):
    app = make_app(SQLALCHEMY_DATABASE_URI="sqlite:////nowhere/at/all.db")

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.is_json


def _scheduler_seen(seconds_ago: int) -> None:
    seen = clock.now() - timedelta(seconds=seconds_ago)
    db.session.add(Lease(name="scheduler", holder="x", epoch=1, renewed_at=seen,
                         expires_at=seen + timedelta(seconds=60)))  # fmt: skip
    db.session.commit()
