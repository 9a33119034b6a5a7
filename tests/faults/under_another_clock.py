"""The tracker command under a clock that is ahead by the seconds in a file, whatever it holds then.

python -m tests.faults.under_another_clock FILE COMMAND …
"""

import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import apscheduler.executors.base
import apscheduler.schedulers.base

from tracker.cli import main
from tracker.core import clock

FILE = Path(sys.argv[1])


class Ahead(datetime):
    """Reads the time as a machine would whose clock is set so."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(seconds=float(FILE.read_text()))


def run() -> None:
    """Set every clock that the scheduler reads, then be the command."""
    clock.now = lambda: Ahead.now(UTC)
    for module in (apscheduler.schedulers.base, apscheduler.executors.base):
        module.datetime = Ahead
    main(sys.argv[2:], prog_name="tracker")


if __name__ == "__main__":
    run()
