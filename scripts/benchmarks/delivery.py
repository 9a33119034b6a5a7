"""Delivery against a raw smtplib loop: prepared bytes, one connection, two durable commits each."""

import argparse
import resource
import smtplib
import statistics
import time
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from scripts.benchmarks import sink
from scripts.benchmarks.ground import fresh_app
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.obligations import service as obligations

ROUNDS = 3


def main() -> None:
    """Measure delivery alone, then the whole daily run."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("letters", type=int, nargs="?", default=1000)
    arguments.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = arguments.parse_args()
    with sink.running() as port, fresh_app(options.database, MAIL_PORT=port):
        fill(options.letters)
        today = clock.today()
        started = time.perf_counter()
        pipeline.plan_day(today=today, now=clock.now())
        pipeline.write(today=today, now=clock.now(), send_after=clock.now())
        written = time.perf_counter() - started
        count = letters()
        raw, product = [], []
        for _ in range(ROUNDS):
            raw.append(by_hand(port))
            product.append(by_product())
        ratio = statistics.median(raw) / statistics.median(product)
        whole = count / (written + statistics.median(product))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"delivery of {count} letters: raw loop {count / statistics.median(raw):.0f} a second, "
            f"product {count / statistics.median(product):.0f}, ratio {ratio:.2f}\n"
            f"whole run (plan, render, build, deliver): {whole:.0f} letters a second, "
            f"of which planning to queueing {count / written:.0f}, peak memory {memory} MB"
        )


def fill(people: int) -> None:
    """Record people with two permits whose windows are open today."""
    now, today = clock.now(), clock.today()
    ids = []
    for number in range(people):
        person = facts.create_person(
            {"name_en": f"PERSON Number{number}", "name_zh": f"人员{number}", "nationality": "FRA",
             "category": "B", "language": "both", "email": f"p{number}@example.org",
             "unit": f"学院{1 + number % 50}"}, by="bench", at=now,
        )  # fmt: skip
        expires_on = today + timedelta(days=40 + number % 60)
        for kind in ("work_permit", "residence_permit"):
            facts.record(
                person, kind, {"number": f"{kind[0]}{number}", "expires_on": expires_on,
                               "issued_on": date(2025, 1, 1)}, by="bench", at=now,
            )  # fmt: skip
        ids.append(person.id)
    obligations.sync(ids, today=today, now=now)
    db.session.commit()


def letters() -> int:
    """Count the queued letters."""
    return int(db.session.scalar(sa.text("SELECT count(*) FROM letter")) or 0)


def by_product() -> float:
    """Deliver all letters as the scheduler does, then queue them again; return seconds."""
    db.session.execute(
        sa.text(
            "UPDATE letter SET state = 'queued', attempts = 0, owner = NULL, finished_at = NULL"
        )
    )
    db.session.execute(sa.text("DELETE FROM delivery_attempt"))
    db.session.commit()
    started = time.perf_counter()
    outcome = pipeline.deliver()
    seconds = time.perf_counter() - started
    assert outcome.accepted == letters(), outcome
    return seconds


def by_hand(port: int) -> float:
    """Send the same bytes by smtplib with two commits each on a table beside; return seconds."""
    stored = "SELECT id, address, content FROM letter JOIN letter_content ON letter_id = id"
    rows: list[Any] = list(db.session.execute(sa.text(f"{stored} ORDER BY id")))
    db.session.execute(sa.text("DROP TABLE IF EXISTS raw"))
    db.session.execute(
        sa.text("CREATE TABLE raw AS SELECT id, 'queued      ' AS state FROM letter")
    )
    db.session.execute(sa.text("CREATE UNIQUE INDEX raw_id ON raw (id)"))
    db.session.commit()
    connection = db.engine.raw_connection()
    cursor, mark = connection.cursor(), "?" if db.engine.dialect.name == "sqlite" else "%s"
    update = f"UPDATE raw SET state = {mark} WHERE id = {mark}"
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for id_, address, content in rows:
            for state in ("claimed", "accepted"):
                if state == "accepted":
                    server.sendmail("tracker@localhost", [address], bytes(content))
                cursor.execute(update, (state, id_))
                connection.commit()
    seconds = time.perf_counter() - started
    connection.close()
    return seconds


if __name__ == "__main__":
    main()
