"""An import in a real process that is killed in the middle: told honestly, and continued."""

import csv
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from tests import seeds
from tests.architecture.tree import ROOT
from tracker import work
from tracker.app import create_app
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import ImportBatch, Person
from tracker.work import Task

pytestmark = pytest.mark.faults
ROWS = 30_000


class Web:
    """A web process on a database of its own, and somebody signed in to it."""

    def __init__(self, home: Path, uri: str) -> None:
        self.given = {"TRACKER_HOME": str(home), "TRACKER_SQLALCHEMY_DATABASE_URI": uri,
                      "TRACKER_WEB_PORT": str(_free_port())}  # fmt: skip
        self.address = f"http://127.0.0.1:{self.given['TRACKER_WEB_PORT']}"
        self.session = requests.Session()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "web"], cwd=ROOT, env=os.environ | self.given,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(self._answers)

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(60)

    def page(self, path: str) -> str:
        return self.session.get(self.address + path, timeout=30).text

    def post(self, path: str, *, token_from: str, files=None, **fields: str) -> requests.Response:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page(token_from))
        assert token is not None
        return self.session.post(
            self.address + path, data={"csrf_token": token[1]} | fields, files=files, timeout=60
        )

    def _answers(self) -> bool:
        try:
            return requests.get(self.address + "/healthz", timeout=2).ok
        except requests.ConnectionError:
            return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(holds: Callable[[], bool], *, seconds: int = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.1)


@pytest.fixture
def office(make_sqlite: Callable[[], str], tmp_path: Path) -> Iterator[Flask]:
    app = create_app({"HOME": str(tmp_path), "SQLALCHEMY_DATABASE_URI": make_sqlite()})
    with app.app_context():
        seeds.make_accounts(at=clock.now())
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def web(office: Flask, tmp_path: Path) -> Iterator[Web]:
    web = Web(tmp_path, office.config["SQLALCHEMY_DATABASE_URI"])
    web.start()
    web.session.get(web.address + "/language/en", timeout=30)
    web.post(
        "/sign-in", token_from="/sign-in", email="officer@example.org", password=seeds.PASSWORD
    )
    yield web
    web.kill()


def roster(folder: Path) -> Path:
    path = folder / "staff.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["护照姓名", "国籍", "护照号码", "居留许可有效期至"])
        writer.writerows([f"NO {n}", "DEU", f"X{n:05}", "2031-05-01"] for n in range(ROWS))
    return path


def count(model: type) -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    db.session.rollback()
    return int(found)


def silence_is_long() -> None:
    """Let the time pass after which a piece of work without a beat counts as broken off."""
    past = clock.now() - work.PATIENCE - timedelta(seconds=1)
    db.session.execute(sa.update(Task).where(Task.state == "running").values(seen_at=past))
    db.session.commit()


def test_killed_import_is_broken_off_and_continues_to_the_same_end(office, web, tmp_path):
    with roster(tmp_path).open("rb") as file:
        sent = web.post("/imports", token_from="/imports", files={"file": ("staff.csv", file)})
    path = sent.url.removeprefix(web.address)
    wait_until(lambda: "Nothing is changed yet." in web.page(path))
    web.post(f"{path}/apply", token_from=path)
    wait_until(lambda: count(Person) > 0)

    web.kill()
    partly = count(Person)
    silence_is_long()
    web.start()
    broken = web.page(path)
    web.post(f"{path}/apply", token_from=path)
    wait_until(lambda: "Imported." in web.page(path))

    assert 0 < partly < ROWS
    assert "The import was broken off after" in broken
    assert count(Person) == ROWS
    batch = db.session.scalars(sa.select(ImportBatch)).one()
    assert (batch.counts["created"], batch.finished_at is not None) == (ROWS, True)
