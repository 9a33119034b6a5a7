"""Large rosters are read by a process of their own, while what was read is written.

A file can be made to take many times its size in memory. It then takes that of the process that
reads it, which is bounded, and not that of everybody who uses the service. Where most rows add
somebody, that process also prepares what they add: then writing is all that is left to do here.
"""

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import IO, Any, NamedTuple

from flask import current_app
from flask_babel import get_locale

from config import settings
from tracker.core.errors import Invalid
from tracker.obligations.newcomers import Terms
from tracker.roster.archive import damaged
from tracker.roster.tables import Chunk, Head, Roster

#: What is smaller, in bytes, has been read before another process would have started.
SMALL = 512 << 10


class Opened(NamedTuple):
    """A roster opened for import, and its rows in chunks."""

    head: Head
    chunks: Iterator[Chunk]


class Wanted(NamedTuple):
    """What to prepare of rows about somebody new, unless fewer rows are expected than `known`."""

    terms: Terms
    known: int


@contextmanager
def opened(path: Path, wanted: Wanted | None = None) -> Iterator[Opened]:
    """Open a roster, whatever its size. Raises Invalid, also in the midst, as Roster does."""
    if path.stat().st_size < SMALL:
        roster = Roster(path)
        yield Opened(roster.head, roster.chunks())
        return
    with tempfile.TemporaryFile() as told:
        pickle.dump(wanted, told, protocol=5)
        told.seek(0)
        with _process(path, told) as process:
            try:
                frames = _frames(process.stdout)
                yield Opened(next(frames), map(_chunk, frames))
            finally:
                process.kill()


def _process(path: Path, told: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - this Python, our own module
        [sys.executable, "-P", "-m", "tracker.roster.apart_child", str(path.resolve()),
         current_app.config.get("BABEL_TRANSLATION_DIRECTORIES", "translations"),
         str(get_locale() or "en")],
        cwd=settings.ROOT, stdin=told, stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(settings.ROOT)},
    )  # fmt: skip


def _chunk(frame: Any) -> Chunk:
    """Return what was sent; what the rows say is unpacked when somebody on record is meant."""
    lines, told = frame
    return Chunk(lines, cache(partial(pickle.loads, told)))


def _frames(pipe: Any) -> Iterator[Any]:
    """Yield what the process sends: the head, then chunks; a message ends it as Invalid.

    The next one is fetched while the one before is written: a pipe holds little of it.
    """
    with ThreadPoolExecutor(1) as ahead:
        fetched = ahead.submit(pickle.load, pipe)
        while (frame := _sent(fetched)) is not None:
            fetched = ahead.submit(pickle.load, pipe)
            yield frame


def _sent(fetched: Future[Any]) -> Any:
    try:
        frame = fetched.result()
    except (EOFError, pickle.UnpicklingError):  # it died: nothing it could still say
        raise Invalid(damaged()) from None
    if isinstance(frame, str):
        raise Invalid(frame)
    return frame
