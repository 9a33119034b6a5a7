"""Planning an ordinary day against one hand-written INSERT … SELECT over the same date ranges.

The statement knows the stages' ranges already and writes the same rows into the same table.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from scripts.benchmarks.ground import fresh_app
from tracker.core.db import db
from tracker.reminders import ladder, service
from tracker.reminders.plan import Planned, finish

TODAY = date(2026, 11, 24)  # a Tuesday: one day since the last run
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
RULES = ("WP-EXT-CLOSE", "RP-EXT", "PP-VALID", "WP-EXT-LOCAL")
ROUNDS = 3
UNITS = 50


def main() -> None:
    """Measure for each number of people asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("people", type=int, nargs="*", default=[10_000, 100_000])
    arguments.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = arguments.parse_args()
    costs = []
    for people in options.people:
        with fresh_app(options.database):
            costs.append(measure(people))
    if len(costs) > 1:
        print(f"cost per reminder, largest to smallest data: {costs[-1] / costs[0]:.2f}")


def measure(people: int) -> float:
    """Print one size's ratio; return the product's seconds per reminder."""
    fill(people)
    baseline, product = [], []
    rows = 0
    for _ in range(ROUNDS):
        seconds, expected = timed(by_hand)
        baseline.append(seconds)
        seconds, rows = timed(by_product)
        product.append(seconds)
        assert rows == expected, f"planned {rows}, by hand {expected}"
    ratio = statistics.median(product) / statistics.median(baseline)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"planning {people:>9,} people, 4 documents each: {rows:>6,} reminders, baseline "
        f"{statistics.median(baseline):.3f} s, product {statistics.median(product):.3f} s, "
        f"ratio {ratio:.2f}, peak memory {memory} MB",
        flush=True,
    )
    return statistics.median(product) / rows


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Time one planning with its commit, then take its rows back."""
    started = time.perf_counter()
    count = work()
    db.session.commit()
    seconds = time.perf_counter() - started
    db.session.execute(sa.text("DELETE FROM reminder"))
    db.session.execute(sa.text("DELETE FROM planning_run WHERE ran_for > '2026-11-23'"))
    db.session.commit()
    return seconds, count


def by_product() -> int:
    """Plan the day as the scheduler does."""
    return service.plan_day(today=TODAY, now=NOW).planned


def by_hand() -> int:
    """Plan the day by one statement that knows the stages' ranges already."""
    day = "DATE '2026-11-24'" if db.engine.dialect.name == "postgresql" else "'2026-11-24'"
    result = db.session.execute(sa.text(BY_HAND.replace("'2026-11-24'", day)))
    return int(result.rowcount)  # type: ignore[attr-defined]


def fill(people: int) -> None:
    """Make people with four documents each whose safe days spread over a year."""
    for statement in (PEOPLE, OBLIGATIONS):
        run(statement, people=people)
    run("CREATE TABLE stage (rule_id VARCHAR(30), stage VARCHAR(20), days_before INTEGER, "
        "audience VARCHAR(20), after DATE, upto DATE, opened DATE)")  # fmt: skip
    yesterday = TODAY - timedelta(days=1)
    every, last = service.ladders(), ladder.Reach(yesterday, yesterday)
    for each in every:
        for window in ladder.between(each, last, service.reach(TODAY)):
            for rule in set(each.rules) & set(RULES):
                for audience in window.stage.to:
                    run(STAGE, rule=rule, stage=window.stage.id, days=window.stage.days_before,
                        audience=audience, after=window.after, upto=window.upto,
                        opened=window.opened[1] if window.opened else None)  # fmt: skip
    finish(every, last, Planned(), now=NOW - timedelta(days=1))
    db.session.commit()
    run("ANALYZE")


def run(statement: str, **values: object) -> None:
    """Execute and commit one statement, with this database's way to count and to add days."""
    sqlite = db.engine.dialect.name == "sqlite"
    numbers = (
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people) "
        "SELECT i FROM n)" if sqlite else "(SELECT i FROM generate_series(1, :people) AS g(i))"
    )  # fmt: skip
    day = "date('2026-11-10', '+' || ({}) || ' days')" if sqlite else "DATE '2026-11-10' + ({})"
    text = statement.replace("NUMBERS", numbers)
    while "DAY[" in text:
        before, _, rest = text.partition("DAY[")
        inside, _, after = rest.partition("]")
        text = before + day.format(inside) + after
    used = {name: value for name, value in values.items() if f":{name}" in text}
    db.session.execute(sa.text(text), used)
    db.session.commit()


PEOPLE = f"""
INSERT INTO person (id, unit_id, name_en, nationality, identity, category, language, email,
                    status, revision, created_at)
SELECT i, 1 + i % {UNITS}, 'PERSON ' || i, 'FRA', 'foreigner', 'B', 'en',
       'p' || i || '@example.org', 'active', 1, '2026-01-01 00:00:00' FROM NUMBERS AS numbers
"""
OBLIGATIONS = f"""
INSERT INTO obligation (person_id, rule_id, fact_ref, opens_on, safe_on, statutory_on,
                        provisional, state, reason, round, fresh, changed_at)
SELECT i, rule_id, fact_ref, CASE WHEN opens THEN DAY[(i * 7 + shift) % 365 - 60] END,
       DAY[(i * 7 + shift) % 365], DAY[(i * 7 + shift) % 365], false, 'open', '-', 1, false,
       '2026-01-01 00:00:00'
FROM NUMBERS AS numbers CROSS JOIN (
    SELECT '{RULES[0]}' AS rule_id, 'work_permit/1' AS fact_ref, true AS opens, 0 AS shift
    UNION ALL SELECT '{RULES[1]}', 'residence_permit/1', true, 91
    UNION ALL SELECT '{RULES[2]}', 'passport/1', false, 182
    UNION ALL SELECT '{RULES[3]}', 'work_permit/1', true, 273) AS documents
"""
STAGE = "INSERT INTO stage VALUES (:rule, :stage, :days, :audience, :after, :upto, :opened)"
BY_HAND = """
INSERT INTO reminder (obligation_id, round, stage, days_before, recipient, planned_on, state)
SELECT o.id, o.round, s.stage, s.days_before, 'person:' || o.person_id, '2026-11-24', 'planned'
FROM stage s JOIN obligation o ON o.rule_id = s.rule_id AND o.state = 'open'
 AND o.safe_on > s.after AND o.safe_on <= s.upto
WHERE s.audience = 'expert' AND s.opened IS NULL
UNION ALL
SELECT o.id, o.round, s.stage, s.days_before, 'person:' || o.person_id, '2026-11-24', 'planned'
FROM stage s JOIN obligation o ON o.rule_id = s.rule_id AND o.state = 'open'
 AND o.opens_on = s.opened
WHERE s.audience = 'expert'
UNION ALL
SELECT o.id, o.round, s.stage, s.days_before, 'account:' || a.id, '2026-11-24', 'planned'
FROM stage s JOIN obligation o ON o.rule_id = s.rule_id AND o.state = 'open'
 AND o.safe_on > s.after AND o.safe_on <= s.upto
JOIN person p ON p.id = o.person_id
JOIN account a ON a.active AND a.role = 'unit_secretary' AND a.unit_id = p.unit_id
WHERE s.audience = 'unit_secretary'
UNION ALL
SELECT o.id, o.round, s.stage, s.days_before, 'account:' || a.id, '2026-11-24', 'planned'
FROM stage s JOIN obligation o ON o.rule_id = s.rule_id AND o.state = 'open'
 AND o.safe_on > s.after AND o.safe_on <= s.upto
JOIN account a ON a.active AND a.role = s.audience
WHERE s.audience IN ('officer', 'head')
ON CONFLICT DO NOTHING
"""

if __name__ == "__main__":
    main()
