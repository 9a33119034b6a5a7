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
            seconds, memory = measure(given)
            count = int(db.session.scalar(sa.text("SELECT count(*) FROM letter")) or 0)
            left = db.session.scalar(
                sa.text("SELECT count(*) FROM letter WHERE state <> 'accepted'")
            )
        assert left == 0, f"{left} letters were not accepted"
        print(
            f"daily run, {people:>9,} people: {count:,} letters in {seconds:.1f} s,"
            f" {count / seconds:.0f} a second, peak memory {memory} MB",
            flush=True,
        )


def measure(given: dict[str, str]) -> tuple[float, int]:
    """Run `tracker remind` on the day of the planning benchmark; return seconds and megabytes."""
    environment = os.environ | {f"TRACKER_{name}": value for name, value in given.items()}
    command = [sys.executable, "-m", "tracker", "remind", "--today", str(planning.TODAY)]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return time.perf_counter() - started, usage.ru_maxrss // 1024


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
