"""A restored backup and a copied folder send nothing until a person says so."""

import os
import shutil
from pathlib import Path

import pytest

from tests import postgres
from tests.faults.station import DAY, Station
from tracker.core.db import db


@pytest.fixture
def programs(monkeypatch):
    """pg_dump and pg_restore of the server's own version."""
    binaries = postgres.find_binaries()
    monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")


def run(station, *command):
    station.ended_well(station.start(*command))


def back_up_send_and_restore(station, tmp_path):
    """Leave a station as after an accident: what was sent after the backup is forgotten."""
    run(station, "backup", str(tmp_path / "backup"))
    sent = station.remind()["accepted"]
    db.session.remove()
    db.engine.dispose()
    run(station, "restore", str(tmp_path / "backup"), "--replace")
    return sent


def test_restored_backup_is_silent_and_what_may_have_gone_out_can_be_put_aside(
    station, tmp_path, programs
):
    station.people(4)
    sent = back_up_send_and_restore(station, tmp_path)

    silent = station.remind()
    station.release(forgo=True)
    again = station.remind()
    later = station.remind(DAY.replace(day=16))

    assert (sent, silent["accepted"], silent["held"]) == (4, 0, 4)
    assert again["accepted"] == 0
    assert (later["planned"], later["accepted"]) == (4, 4)


def test_restored_backup_sends_what_waits_when_a_person_wants_it(station, tmp_path, programs):
    station.people(4)
    back_up_send_and_restore(station, tmp_path)
    station.remind()

    station.release()

    assert station.remind()["accepted"] == 4


def test_backup_copied_back_by_hand_is_noticed(station, tmp_path):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("of a database that is a file")
    station.people(3)
    run(station, "backup", str(tmp_path / "backup"))
    station.remind()
    db.session.remove()
    db.engine.dispose()
    place = Path(str(db.engine.url.database))
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", place)

    outcome = station.remind()

    assert (outcome["accepted"], outcome["held"]) == (0, 3)
    assert station.hold() == ("restored", "this database is older than what was sent from here")


def test_copied_folder_is_silent_while_the_original_goes_on(station, make_app, tmp_path):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a copied PostgreSQL database has another name or server")
    station.people(3)
    station.remind()
    copied = tmp_path / "copy"
    copied.mkdir()
    run(station, "backup", str(copied / "tracker.db"))
    (copied / "sent_runs").write_text((Path(station.settings["HOME"]) / "sent_runs").read_text())
    copy = Station(make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{copied / 'tracker.db'}",
                            HOME=str(copied)), station.sink, copied)  # fmt: skip

    original = station.remind(DAY.replace(day=16))
    outcome = copy.remind(DAY.replace(day=16))

    assert original["accepted"] == 3
    assert (outcome["planned"], outcome["accepted"], outcome["held"]) == (3, 0, 3)
    assert station.sink.stored == 6
