"""Large rosters are read by a process of their own, while what was read is written.

A file can be made to take many times its size in memory. It then takes that of the process that
reads it, which is bounded, and not that of everybody who uses the service.
"""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import get_locale

from config import settings
from tracker.core.errors import Invalid
from tracker.roster.archive import damaged
from tracker.roster.tables import Head, Line, Roster

#: What is smaller, in bytes, has been read before another process would have started.
SMALL = 512 << 10


class Opened(NamedTuple):
    """A roster opened for import, and its rows in chunks."""

    head: Head
    chunks: Iterator[list[Line]]


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a roster, whatever its size. Raises Invalid, also in the midst, as Roster does."""
    if path.stat().st_size < SMALL:
        roster = Roster(path)
        yield Opened(roster.head, roster.chunks())
        return
    with subprocess.Popen(  # noqa: S603 - this Python, our own module
        [sys.executable, "-P", "-m", "tracker.roster.apart_child", str(path.resolve()),
         current_app.config.get("BABEL_TRANSLATION_DIRECTORIES", "translations"),
         str(get_locale() or "en")],
        cwd=settings.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(settings.ROOT)},
    ) as process:  # fmt: skip
        try:
            frames = _frames(process.stdout)
            yield Opened(next(frames), frames)
        finally:
            process.kill()


def _frames(pipe: Any) -> Iterator[Any]:
    """Yield what the process sends: the head, then chunks; a message ends it as Invalid."""
    while True:
        try:
            frame = pickle.load(pipe)  # noqa: S301 - from our own process
        except (EOFError, pickle.UnpicklingError):  # it died: nothing it could still say
            raise Invalid(damaged()) from None
        if frame is None:
            return
        if isinstance(frame, str):
            raise Invalid(frame)
        yield frame
