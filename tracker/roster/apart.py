"""Large rosters are read by a process of their own, while what was read is written.

A file can be made to take many times its size in memory. It then takes that of the process that
reads it, which is bounded, and not that of everybody who uses the service. Where most rows add
somebody, that process also prepares what they add: then writing is all that is left to do here.
"""

import fcntl
import pickle
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from struct import Struct
from typing import IO, Any, NamedTuple, Self

from flask import current_app
from flask_babel import get_locale

from config import settings
from tracker.core.errors import Invalid
from tracker.core.garbage import uncollected
from tracker.obligations.newcomers import Terms
from tracker.roster.archive import damaged
from tracker.roster.tables import Chunk, Head, Roster

#: What is smaller, in bytes, has been read before another process would have started.
SMALL = 512 << 10
#: Of what is sent: how many bytes follow.
LENGTH = Struct("<Q")
#: So much is fetched before it is asked for.
AHEAD = 4


class Opened(NamedTuple):
    """A roster opened for import, and its rows in chunks.

    `ready()`: whether the next chunk is there already, or would be waited for.
    """

    head: Head
    chunks: Iterator[Chunk]
    ready: Callable[[], bool]


class Wanted(NamedTuple):
    """What to prepare of rows about somebody new, unless fewer rows are expected than `known`."""

    terms: Terms
    known: int


@contextmanager
def opened(path: Path, wanted: Wanted | None = None) -> Iterator[Opened]:
    """Open a roster, whatever its size. Raises Invalid, also in the midst, as Roster does."""
    if path.stat().st_size < SMALL:
        roster = Roster(path)
        yield Opened(roster.head, roster.chunks(), lambda: False)
        return
    with tempfile.TemporaryFile() as told:
        pickle.dump(wanted, told, protocol=5)
        told.seek(0)
        with _process(path, told) as process:
            try:
                assert process.stdout is not None
                frames = _Frames(process.stdout)
                yield Opened(next(frames), map(_chunk, frames), frames.ready)
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
    lines, told, fresh = frame
    return Chunk(lines, cache(partial(pickle.loads, told)), fresh)


class _Frames:
    """What the process sends: the head, then chunks; a message ends it as Invalid.

    Some are fetched while those before are written: a pipe holds little of one.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        _widen(pipe)
        self._fetching, self._pipe = ThreadPoolExecutor(1), pipe
        self._ahead = deque(self._fetching.submit(_fetch, pipe) for _ in range(AHEAD))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        frame = _sent(self._ahead.popleft().result())
        if frame is None:
            raise StopIteration
        self._ahead.append(self._fetching.submit(_fetch, self._pipe))
        return frame

    def ready(self) -> bool:
        """Say whether the next frame is fetched."""
        return self._ahead[0].done()


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold a whole frame, where the system can."""
    if sys.platform == "linux":
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)


def _fetch(pipe: IO[bytes]) -> bytes:
    length = pipe.read(LENGTH.size)
    return pipe.read(*LENGTH.unpack(length)) if len(length) == LENGTH.size else b""


def _sent(fetched: bytes) -> Any:
    try:
        with uncollected():
            frame = pickle.loads(fetched)  # noqa: S301 - from our own process
    except (EOFError, pickle.UnpicklingError):  # it died: nothing it could still say
        raise Invalid(damaged()) from None
    if isinstance(frame, str):
        raise Invalid(frame)
    return frame
