"""The demonstration's own processes: started apart, watched, ended by their ids."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config import settings
from tracker.core.errors import TrackerError

#: How long a process may take to end by itself.
PATIENCE = 20


class Children:
    """`tracker` commands running beside this process, each with a log in `folder`.

    Leaving the `with` block ends them all.
    """

    def __init__(self, folder: Path, given: Mapping[str, Any]) -> None:
        self._folder = folder
        self._environment = environment(given)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def start(self, name: str) -> None:
        """Start `tracker NAME`, in a session of its own: a Ctrl-C reaches only us."""
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - this Python, our own command
                [sys.executable, "-P", "-m", "tracker", name], env=self._environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def require_alive(self) -> None:
        """Raise TrackerError with the end of its log if one has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                log = (self._folder / f"{name}.log").read_text("utf-8", "replace")
                raise TrackerError(f"{name} ended with {process.returncode}: {log[-800:]}")

    def end(self) -> None:
        """Ask all to end, then wait; one that does not listen is killed."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()


def environment(given: Mapping[str, Any]) -> dict[str, str]:
    """Return ours with `given` as the only settings: a real installation's stay out of this."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")
    }
    ours = {f"TRACKER_{name}": str(value) for name, value in given.items()}
    return inherited | ours | {"PYTHONPATH": str(settings.ROOT)}


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
