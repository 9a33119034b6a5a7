"""Planning everybody's renewals, against deriving what the law makes due of the same papers."""

import argparse
import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scripts.benchmarks.ground import UNITS, fresh_app
from tracker import pipeline
from tracker.cases import plans
from tracker.core.db import db
from tracker.core.inserting import insert_rows
from tracker.obligations import book

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
RECORDED, FROM = "2025-12-01 00:00:00", "2025-12-01"
LOOKED_AT = 50


def main() -> None:
    """Measure for the number of people asked for, all of whom have permits to renew."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("people", type=int, nargs="?", default=2000)
    arguments.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = arguments.parse_args()
    with fresh_app(options.database):
        fill(options.people)
        derived, _ = timed(lambda: pipeline.rebuild(today=TODAY, now=NOW))
        opening, opened = timed(lambda: pipeline.open_windows(today=TODAY, now=NOW))
        assert len(opened) == options.people, len(opened)
        planned, _ = timed(lambda: pipeline.rebuild(today=TODAY, now=NOW))
        law = book.current()
        one, _ = timed(
            lambda: [plans.plan_of(n, law, today=TODAY) for n in range(1, LOOKED_AT + 1)]
        )
    print(
        f"renewals of {options.people:,} people: duties of the law in {derived:.1f} s, two cases "
        f"each opened in {opening:.2f} s and planned with them in {planned:.1f} s, ratio "
        f"{planned / derived:.2f}; one person's plan {1000 * one / LOOKED_AT:.1f} ms"
    )


def timed(work: Any) -> tuple[float, Any]:
    """Return the seconds of some work with its commit, and what it returned."""
    started = time.perf_counter()
    result = work()
    db.session.commit()
    return time.perf_counter() - started, result


def fill(people: int) -> None:
    """Make people whose two permits and contract end within the next three months."""
    columns = ("id", "unit_id", "name_en", "nationality", "identity", "category", "language",
               "status", "revision", "created_at")  # fmt: skip
    insert_rows("person", columns, [
        (n, 1 + n % UNITS, f"PERSON {n}", "FRA", "foreigner", "AB"[n % 2], "en", "active", 1,
         RECORDED) for n in range(1, people + 1)
    ])  # fmt: skip
    columns = ("person_id", "kind", "document_no", "version", "number", "data", "valid_from",
               "recorded_at", "recorded_by")  # fmt: skip
    insert_rows("fact", columns, list(_papers(people)))
    db.session.commit()


def _papers(people: int) -> Iterator[tuple[Any, ...]]:
    for number in range(1, people + 1):
        end = (TODAY + timedelta(days=31 + number % 59)).isoformat()
        held = {
            "work_permit": {"issued_on": FROM, "expires_on": end},
            "residence_permit": {"issued_on": FROM, "expires_on": end},
            "passport": {"expires_on": "2031-01-01"},
            "contract": {"starts_on": FROM, "ends_on": end},
        }
        for kind, data in held.items():
            printed = None if kind == "contract" else f"{kind}{number}"[:40]
            yield (number, kind, 1, 1, printed, json.dumps(data), FROM, RECORDED, "bench")


if __name__ == "__main__":
    main()
