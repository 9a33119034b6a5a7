"""A copied database, and one set back to an older state, stay silent until a person confirms."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.outbox.conftest import draft
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.outbox import holds, instance, queue
from tracker.outbox.models import Instance


@pytest.fixture
def send(office, sink):
    """Queues letters and delivers as the scheduler does; returns how many arrived in all."""

    def send_to(*names: str) -> int:
        now = clock.now()
        drafts = [draft(f"{name}@example.org") for name in names]
        queue.enqueue(drafts, now=now, send_after=now)
        db.session.commit()
        pipeline.deliver()
        return sink.stored

    return send_to


def standing():
    hold = holds.current()
    found = (hold.id, hold.cause) if hold else None
    db.session.commit()
    return found


def test_installation_that_stays_where_it_is_sends(send):
    assert [send("alice"), send("bob"), send("carol")] == [1, 2, 3]
    assert standing() is None


def test_database_found_elsewhere_is_silent_until_confirmed(send, sink):
    send("alice")
    db.session.get_one(Instance, 1).token = "another place"
    db.session.commit()

    silent = send("bob")
    hold_id, cause = standing()
    pipeline.release(hold_id, by="officer", now=clock.now())
    pipeline.deliver()

    assert (silent, cause) == (1, "copied")
    assert sink.addresses() == ["alice@example.org", "bob@example.org"]
    assert send("carol") == 3


def test_older_state_is_noticed_though_the_place_is_the_same(send, sink, office):
    send("alice")
    db.session.execute(sa.text("UPDATE instance SET epoch = 0"))
    db.session.commit()

    silent = send("bob")
    hold_id, cause = standing()
    pipeline.release(hold_id, by="officer", now=clock.now(), forgo=True)

    assert (silent, cause) == (1, "restored")
    assert send("carol") == 2
    assert sink.addresses() == ["alice@example.org", "carol@example.org"]


def test_copied_file_is_another_place(send, office, make_app, tmp_path, sink):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a PostgreSQL server is the place, not a file")
    send("alice")
    source = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    copied = tmp_path / "copied" / "tracker.db"
    copied.parent.mkdir()
    shutil.copy(source, copied)
    copy = make_app(
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{copied}", MAIL_PORT=sink.port,
        HOME=str(copied.parent),
    )  # fmt: skip

    with copy.app_context():
        silent = send("bob")
        cause = standing()[1]

    assert (silent, cause) == (1, "copied")
    assert send("carol") == 2


def test_confirmation_on_another_host_holds_for_all(send, office, tmp_path):
    """Each host remembers on its own; the era of the database tells them of the confirmation."""
    send("alice")
    send("bob")
    db.session.execute(sa.text("UPDATE instance SET epoch = 1"))
    db.session.commit()
    here = office.config["HOME"]
    silent = send("carol")

    office.config["HOME"] = str(tmp_path / "another host")
    pipeline.release(standing()[0], by="officer", now=clock.now())
    office.config["HOME"] = here

    assert silent == 2
    assert send() == 3


def test_restore_that_breaks_off_is_silent_all_the_same(send):
    send("alice")

    instance.expect_older()

    assert send("bob") == 1
    assert standing()[1] == "restored"


def test_folder_that_cannot_be_written_does_not_stop_letters(send, office, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    office.config["HOME"] = str(tmp_path / "file")

    assert send("alice") == 1
    assert "an older database would not be noticed" in caplog.text
