"""The daily run as a process of its own: letters a second from plan to delivery, and its memory."""

import argparse
import os
import subprocess
import sys
import time

import sqlalchemy as sa

from scripts.benchmarks import planning, sink
from scripts.benchmarks.ground import fresh_app
from tracker.core.db import db


def main() -> None:
    """Measure for each number of people asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("people", type=int, nargs="*", default=[10_000])
    arguments.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = arguments.parse_args()
    for people in options.people:
        with sink.running() as port, fresh_app(options.database, MAIL_PORT=port) as app:
            planning.fill(people)
            planning.run(FACTS, people=people)
            given = {
                name: str(app.config[name])
                for name in ("HOME", "SECRET_KEY", "SQLALCHEMY_DATABASE_URI", "MAIL_PORT")
            }
            seconds, processor, memory = measure(given)
            states = db.session.scalars(sa.text("SELECT DISTINCT state FROM letter")).all()
            count = int(db.session.scalar(sa.text("SELECT count(*) FROM letter")) or 0)
        assert states == ["accepted"], states
        print(
            f"daily run, {people:>9,} people: {count:,} letters in {seconds:.1f} s"
            f" ({processor:.1f} s of processor), {count / seconds:.0f} a second,"
            f" peak memory {memory} MB",
            flush=True,
        )


def measure(given: dict[str, str]) -> tuple[float, float, int]:
    """Run `tracker remind` on the day of the planning benchmark.

    Returns seconds, seconds of processor, and megabytes at the most.
    """
    environment = os.environ | {f"TRACKER_{name}": value for name, value in given.items()}
    command = [sys.executable, "-m", "tracker", "remind", "--today", str(planning.TODAY)]
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", WATCH, *command], env=environment, check=True,
                          stdout=subprocess.PIPE)  # fmt: skip
    processor, memory = done.stdout.split()
    return time.perf_counter() - started, float(processor), int(memory) // UNIT


#: What the system counts a megabyte of memory in: bytes on macOS, kilobytes elsewhere.
UNIT = 1024 * 1024 if sys.platform == "darwin" else 1024
#: In a small process of its own: a child's peak counts from what its parent was at the fork.
WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
FACTS = """
INSERT INTO fact (person_id, kind, document_no, version, number, data, valid_from, recorded_at,
                  recorded_by)
SELECT i, kind, 1, 1, kind || i, '{"expires_on": "2027-01-31", "issued_on": "2026-01-01"}',
       '2026-01-01', '2026-01-01 00:00:00', 'bench'
FROM NUMBERS AS numbers CROSS JOIN (SELECT 'work_permit' AS kind UNION ALL
    SELECT 'residence_permit' UNION ALL SELECT 'passport') AS kinds
"""

if __name__ == "__main__":
    main()
