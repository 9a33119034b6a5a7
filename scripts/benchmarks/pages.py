"""Pages over real HTTP, each beside the least that could answer, on the same server.

A list beside its own SQL, replayed, with a template of nothing but the cells. A person's page
beside a bare Flask page: Flask-Login's check of the same session, the person by one query of
Flask-SQLAlchemy, a template of a few lines. Both templates are compiled beforehand, as the
product's are. The person has papers of every usual kind; the page is measured opened again, and
opened for the first time, with nothing kept. Rounds take turns; medians are compared.
"""

import argparse
import http.client
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, render_template
from flask_login import current_user, login_required
from sqlalchemy import event
from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from scripts.benchmarks.ground import UNITS, fresh_app
from tests.factories import AT, make_person, record
from tracker import pipeline
from tracker.accounts import service
from tracker.core import clock
from tracker.core import db as database
from tracker.core.db import db
from tracker.core.inserting import insert_rows
from tracker.facts import naming
from tracker.facts.models import Person
from tracker.web import kept, session

PASSWORD = "four unrelated garden words"
ROUNDS, REQUESTS = 9, 40
LISTS = ("/people?nationality=FRA&sort=-next", "/people?q=wei&sort=expiry",
         "/people?unit=7&due=month", "/people?sort=unit&page=900")  # fmt: skip
GIVEN = ("Anna", "Wei", "Jonas", "Yui", "Omar", "Grace", "Hugo", "Li Na")
FAMILY = ("WEBER", "MARTIN", "TANAKA", "KHAN", "CARTER", "ORLOV", "SOUZA", "ZHANG")
CHINESE = ("伟明", "爱丽", "思远", "若兰", "海", "子轩", "可心", "单")
NATIONS = ("DEU", "FRA", "JPN", "PAK", "USA", "RUS", "BRA", "KOR")
BARE = """<!doctype html><title>{{ person.name_en }}</title><p>{{ viewer.name }}</p>
<h1>{{ person.name_en }}</h1><p>{{ person.nationality }} {{ person.status }}</p>"""
MINIMAL = """<!doctype html><title>People</title><table>{% for row in rows %}<tr>
{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>"""


def main() -> None:
    """Print the ratios for one kind of database."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("people", type=int, nargs="?", default=100_000)
    arguments.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = arguments.parse_args()
    with fresh_app(options.database) as app:
        person_id = fill(options.people)
        statements: dict[str, list[tuple[str, Any]]] = {}
        with served(app, statements) as ask:
            for path in LISTS:
                compare_list(ask, path, statements, options.people)
            compare_person(ask, person_id, "opened again")
            app.extensions["kept_pages"] = kept.Shelf(room=0)
            compare_person(ask, person_id, "opened first")


def compare_list(
    ask: "Asker", path: str, statements: dict[str, list[tuple[str, Any]]], people: int
) -> None:
    """Print what a list takes beside its own SQL with a minimal template."""
    with recorded() as said:
        size = len(ask(path))
    statements["now"] = said
    product, baseline = alternate(lambda: ask(path), lambda: ask("/minimal/"))
    print(
        f"list of {people:,} people {path}: {len(said)} statements, {size:,} bytes, own SQL "
        f"{baseline * 1000:.1f} ms, page {product * 1000:.1f} ms, ratio {product / baseline:.2f}",
        flush=True,
    )


def compare_person(ask: "Asker", person_id: int, how: str) -> None:
    """Print a person page's throughput beside that of a bare Flask page about the same person."""
    size = len(ask(f"/people/{person_id}"))
    product, baseline = alternate(
        lambda: ask(f"/people/{person_id}"), lambda: ask(f"/bare/people/{person_id}")
    )
    print(
        f"person page {how}: {size:,} bytes, {1 / product:.0f} a second, bare Flask "
        f"{1 / baseline:.0f} a second, ratio {baseline / product:.2f}",
        flush=True,
    )


def alternate(product: Callable[[], Any], baseline: Callable[[], Any]) -> tuple[float, float]:
    """Return the median seconds of one request of each."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for work, seconds in zip((product, baseline), taken, strict=True):
            started = time.perf_counter()
            for _ in range(REQUESTS):
                work()
            seconds.append((time.perf_counter() - started) / REQUESTS)
    return statistics.median(taken[0]), statistics.median(taken[1])


class Asker:
    """A signed-in reader on one kept-open connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._cookie = ""

    def __call__(self, path: str) -> bytes:
        return self._ask("GET", path)

    def sign_in(self) -> None:
        """Sign in as the officer of the bench."""
        page = self._ask("GET", "/sign-in").decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        fields = {"csrf_token": found[1], "email": "bench@example.org", "password": PASSWORD}
        self._ask("POST", "/sign-in", urlencode({**fields, "next": ""}))

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        headers = {"Cookie": self._cookie, "Accept-Language": "en"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status in {200, 303}, (path, answer.status)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self._cookie = cookie.partition(";")[0]
        return content


@contextmanager
def served(app: Flask, statements: dict[str, list[tuple[str, Any]]]) -> Iterator[Asker]:
    """Serve the product, a bare Flask page and the replayed SQL by one server."""
    mounts = {"/bare": bare_app(app), "/minimal": minimal_app(statements)}
    whole = DispatcherMiddleware(app, mounts)
    server = create_server(whole, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ask = Asker(server.effective_port)
    ask.sign_in()
    yield ask
    server.task_dispatcher.shutdown()  # what it still answers would miss the server
    server.close()


def bare_app(product: Flask) -> Flask:
    """Return what one would write to show a person to who is signed in, and nothing else."""
    bare = Flask("bare")
    same = ("SECRET_KEY", "SESSION_COOKIE_NAME", "SQLALCHEMY_DATABASE_URI",
            "SQLALCHEMY_ENGINE_OPTIONS", "SESSION_IDLE_MINUTES", "SESSION_HOURS")  # fmt: skip
    bare.config.update({name: product.config[name] for name in same})
    db.init_app(bare)
    with bare.app_context():
        database.tune(db.engine)
    session.load_accounts(bare)
    template = bare.jinja_env.from_string(BARE)

    @login_required
    def show(person_id: int) -> str:
        person = db.get_or_404(Person, person_id)
        return render_template(template, person=person, viewer=current_user)

    bare.add_url_rule("/people/<int:person_id>", "show", show)
    return bare


def minimal_app(statements: dict[str, list[tuple[str, Any]]]) -> Flask:
    """Return what replays `statements` and shows the cells of the longest answer."""
    minimal = Flask("minimal")
    template = minimal.jinja_env.from_string(MINIMAL)
    engine = db.engine

    def replay() -> str:
        rows: list[Any] = []
        with engine.connect() as connection:
            for statement, values in statements["now"]:
                found = connection.exec_driver_sql(statement, values).fetchall()
                rows = found if len(found) > len(rows) else rows
        return render_template(template, rows=rows)

    minimal.add_url_rule("/", "replay", replay)
    return minimal


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """Yield a list that takes up every statement, with its values, that is executed meanwhile."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            said.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    yield said
    event.remove(db.engine, "before_cursor_execute", note)


def fill(people: int) -> int:
    """Make people with names, a first expiry and a next deadline; return one with a dossier."""
    today = clock.today()
    rows, tokens, deadlines = [], [], []
    for number in range(1, people + 1):
        name_zh = None if number % 3 else f"马{CHINESE[number // 3 % 8]}"
        name_en = f"{FAMILY[number * 7 % 8]} {GIVEN[number * 5 // 8 % 8]} {number}"
        keys = naming.keys(name_zh, name_en)
        expires_on = today + timedelta(days=number * 13 % 1500 - 20)
        rows.append((number, 1 + number % UNITS, name_zh, name_en, keys.sort_zh, keys.sort_en,
                     NATIONS[number % 8], "foreigner", "ABC"[number % 3], "en", "active",
                     expires_on.isoformat(), 1, "2026-01-01 00:00:00"))  # fmt: skip
        tokens += [(token, number) for token in keys.tokens]
        deadlines.append((number, (expires_on - timedelta(days=40)).isoformat()))
    insert_rows("person", ("id", "unit_id", "name_zh", "name_en", "sort_zh", "sort_en",
                "nationality", "identity", "category", "language", "status", "expires_on",
                "revision", "created_at"), rows)  # fmt: skip
    insert_rows("person_name", ("token", "person_id"), tokens)
    insert_rows("next_deadline", ("person_id", "safe_on"), deadlines)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("SELECT setval('person_id_seq', (SELECT max(id) FROM person))"))
    service.create_account(
        email="bench@example.org", name="Bench", role="officer", language="en", at=clock.now(),
        password=PASSWORD,
    )  # fmt: skip
    person = make_dossier(today)
    pipeline.refresh([person.id], today=today, now=clock.now())
    db.session.commit()
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
    found = person.id
    db.session.remove()
    return found


def make_dossier(today: date) -> Person:
    """Record somebody with papers of every usual kind, two of them renewed."""
    person = make_person(born_on=date(1980, 5, 17))
    since = today - timedelta(days=300)
    until = today + timedelta(days=65)
    record(person, "passport", number="C01X00T47", issued_on=since, expires_on=date(2033, 5, 1))
    record(person, "entry", on=since, visa="Z", stay_days=30)
    record(person, "accommodation", moved_in_at=AT, building="东院外专楼", registered_on=since)
    record(person, "contract", starts_on=since, ends_on=until + timedelta(200), post="讲师")
    record(person, "health_certificate", issued_on=since)
    for kind in ("work_permit", "residence_permit"):
        record(person, kind, number=f"{kind[0]}1", issued_on=since - timedelta(365),
               expires_on=since)  # fmt: skip
        record(person, kind, number=f"{kind[0]}2", issued_on=since, expires_on=until)
    return person


if __name__ == "__main__":
    main()
