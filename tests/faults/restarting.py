"""A PostgreSQL of our own, with its durability on, that is thrown down and started again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import postgres

#: A stop or a start that takes longer, in seconds, will not come.
PATIENCE = 60.0

#: How PostgreSQL is told to stop: at once without a word to clients, or ending their work.
MODES = {"immediate": signal.SIGQUIT, "fast": signal.SIGINT}


class Restarting:
    """`uri` stays; restart() is what a crash or an administrator does to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.command = (folder / "data" / "postmaster.opts").read_text().replace('"', "").split()
        self.process: subprocess.Popen[bytes] | None = None

    def restart(self, mode: str, *, pause: float = 0.0) -> None:
        """Stop in one of MODES, start again after `pause` seconds."""
        self.stop(mode)
        time.sleep(pause)
        self.process = subprocess.Popen(
            self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, **postgres.plain_user(),
        )  # fmt: skip
        self._wait()

    def stop(self, mode: str = "fast") -> None:
        """Stop and wait until it is gone."""
        pid_file = self.folder / "data" / "postmaster.pid"
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, MODES[mode])
        if self.process is not None:
            self.process.wait(PATIENCE)
        _until(lambda: not _alive(pid))

    def _wait(self) -> None:
        _until(self._answers)

    def _answers(self) -> bool:
        try:
            psycopg.connect(f"host={self.folder} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > end:
            raise RuntimeError("PostgreSQL neither stopped nor started")
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@contextmanager
def server() -> Iterator[tuple[str, Restarting]]:
    """Run a server for a while; yields the URL of its database and the way to restart it."""
    with postgres.server(fsync="on") as address:
        own = Restarting(Path(address.partition("host=")[2]))
        try:
            yield address.format(name="postgres"), own
        finally:
            if own.process is not None:
                own.stop()
