"""The demonstration from an empty folder to an open page: everything but the people is real."""

import shutil
import signal
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import flask_migrate
from flask import Flask

from config import settings
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, TrackerError
from tracker.demo import away, health, homes, office, people, roster, rounds, tidings, troubles
from tracker.demo.children import Children, free_port
from tracker.demo.mailbox import Mailbox

#: How long the page may take to answer on a busy machine.
PATIENCE = 60
SEED = 20260901

MakeApp = Callable[[dict[str, Any]], Flask]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a demonstration plays, and how to tell of it."""

    home: Path
    address: str
    mailbox: Mailbox
    tell: Callable[[str], None]


def run(
    *, make_app: MakeApp, home: Path | None, port: int | None, count: int, check: bool,
    tell: Callable[[str], None],
) -> None:  # fmt: skip
    """Play the main job on `count` invented people until told to stop; with `check` only once.

    Raises TrackerError when anything does not do what it should.
    """
    _end_like_ctrl_c()
    with _folder(home, forget=check) as folder, _mailbox(folder) as mailbox:
        chosen = port or free_port()
        stage = Stage(folder, f"http://127.0.0.1:{chosen}", mailbox, tell)
        given = _settings(stage, web_port=chosen)
        ways_in, outcome = _play(make_app(_only(given)), stage, count)
        with Children(folder, given) as children:
            tell("4/4 网页与定时任务启动 starting web and scheduler")
            children.start("web")
            children.start("scheduler")
            _wait_for(f"{stage.address}/healthz", children)
            _wait_for(f"{stage.address}/readyz", children)
            _verify(stage, outcome)
            _describe(stage, ways_in)
            if not check:
                _stay(children)


def _stay(children: Children) -> None:
    """Watch over the processes until a person ends the demonstration."""
    pause = threading.Event()
    with suppress(KeyboardInterrupt):
        while not pause.wait(1):
            children.require_alive()


def _play(app: Flask, stage: Stage, count: int) -> tuple[list[office.SignIn], pipeline.Outcome]:
    """Fill the database, plan, and deliver by SMTP."""
    today, now = clock.today(), clock.now()
    with app.app_context():
        stage.tell("1/4 建库 making the database")
        flask_migrate.upgrade()
        stage.tell(f"2/4 虚构 {count} 人并导入名册 importing {count} invented people")
        invented = people.make_people(count, seed=SEED, today=today)
        roster.take_in(invented, stage.home, today=today, now=now)
        ways_in = office.open_accounts(at=now)
        health.make(by="demo", today=today, now=now)
        away.make(by="demo", today=today, now=now)
        houses = homes.build(keeper="officer@example.org")
        troubles.make(houses, now=now)
        rounds.make(houses, inspector="officer@example.org", today=today, now=now)
        tidings.make(by="demo", now=now)
        db.session.commit()
        pipeline.rebuild(today=today, now=now)
        stage.tell("3/4 计划并投递 planning and delivering")
        outcome = pipeline.remind(today=today, now=now)
        db.session.remove()
        db.engine.dispose()
    return ways_in, outcome


def _verify(stage: Stage, outcome: pipeline.Outcome) -> None:
    """Check the promise on this run: what was accepted has arrived, and nothing was refused."""
    arrived = stage.mailbox.count
    if not outcome.accepted or outcome.refused or outcome.deferred or outcome.held:
        raise TrackerError(f"letters were not delivered: {outcome}")
    if arrived < outcome.accepted:
        raise TrackerError(f"{outcome.accepted} letters accepted, but {arrived} arrived")
    with urllib.request.urlopen(stage.address, timeout=PATIENCE) as answer:  # noqa: S310 - ours
        page = answer.read()
    if b"<html" not in page:
        raise TrackerError(f"{stage.address} answered, but not with a page")


def _describe(stage: Stage, ways_in: list[office.SignIn]) -> None:
    width = max(len(way.email) for way in ways_in)
    lines = [
        "",
        f"打开 Open          {stage.address}",
        *(f"  {way.email:{width}}  {way.password}  {way.who}" for way in ways_in),
        f"已投递信件 Letters  {stage.mailbox.count}",
        f"信箱 Mailbox       {stage.mailbox.folder / 'index.html'}",
        f"名册 Roster        {stage.home / roster.NAME}",
        f"文件夹 Folder       {stage.home}",
        "人员均为虚构，密码仅此次有效。 All people are invented; the passwords are of this run.",
        "按 Ctrl-C 结束。 Ctrl-C ends it.",
    ]
    stage.tell("\n".join(lines))


def _wait_for(address: str, children: Children) -> None:
    """Ask until the answer is 200; raise when a process died or time is up."""
    last = ""
    pause = threading.Event()
    for _ in range(PATIENCE * 4):
        children.require_alive()
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own loopback
                return
        except urllib.error.HTTPError as error:
            last = error.read().decode("utf-8", "replace")[:500]
        except OSError as error:
            last = str(error)
        pause.wait(0.25)
    raise TrackerError(f"{address} did not answer well in {PATIENCE} seconds: {last}")


def _settings(stage: Stage, *, web_port: int) -> dict[str, Any]:
    return {
        "HOME": str(stage.home),
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{stage.home / 'tracker.db'}",
        "PUBLIC_URL": stage.address,
        "WEB_HOST": "127.0.0.1",
        "WEB_PORT": web_port,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": stage.mailbox.port,
        "MAIL_DEFAULT_SENDER": "office@example.org",
        "SCHEDULER_TICK": 5,
    }


def _only(given: dict[str, Any]) -> dict[str, Any]:
    """Return every setting, so that none comes from the environment of a real installation."""
    return {name: default for name, (default, _) in settings.SETTINGS.items()} | given


@contextmanager
def _folder(home: Path | None, *, forget: bool) -> Iterator[Path]:
    """Give an empty folder; a temporary one is forgotten after a check."""
    if home is None:
        folder = Path(tempfile.mkdtemp(prefix="tracker-demo-"))
    else:
        folder = home.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Conflict(home=f"{folder} is not empty. Name a new folder.")
    try:
        yield folder
    finally:
        if forget and home is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _mailbox(folder: Path) -> Iterator[Mailbox]:
    mailbox = Mailbox(folder / "mailbox")
    mailbox.start()
    try:
        yield mailbox
    finally:
        mailbox.stop()


def _end_like_ctrl_c() -> None:
    """Let every way of being told to stop leave through the `with` blocks."""

    def told(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)
