"""Threads beside a test, none of which can keep it, or the end of all tests, waiting for ever."""

import threading
import time
from collections.abc import Callable

from tests.smtp_sink import Sink

PATIENCE = 60.0


class Beside(threading.Thread):
    """Does `work` beside the test; `done()` waits for it, and fails as it failed."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._fault: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as fault:
            self._fault = fault

    def done(self) -> None:
        self.join(PATIENCE)
        assert not self.is_alive(), f"still at work after {PATIENCE:.0f} seconds"
        if self._fault is not None:
            raise self._fault


def at_once(*works: Callable[[], object]) -> None:
    """Do all of it at the same time, and wait for it."""
    for each in [Beside(work) for work in works]:
        each.done()


def after(sink: Sink, count: int, work: Callable[[], object]) -> Beside:
    """Do `work` as soon as the mail server has stored `count` letters."""

    def wait_and_work() -> None:
        end = time.monotonic() + PATIENCE
        while sink.stored < count:
            assert time.monotonic() < end, f"only {sink.stored} letters came"
            time.sleep(0.001)
        work()

    return Beside(wait_and_work)
