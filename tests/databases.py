"""Fresh migrated databases for tests: a copied file, or a database made from a template."""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import sqlalchemy as sa

_numbers = itertools.count(1)


def migrate(uri: str, home: Path) -> None:
    """Bring the database at `uri` to the newest revision."""
    import flask_migrate

    from tracker.app import create_app
    from tracker.core.db import db

    app = create_app({"SQLALCHEMY_DATABASE_URI": uri, "HOME": str(home), "SECRET_KEY": "x" * 32})
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


def sqlite_maker(folder: Path) -> Callable[[], str]:
    """Return a maker of fresh SQLite databases below `folder`."""
    template = folder / "template.db"
    migrate(f"sqlite:///{template}", folder)

    def make() -> str:
        path = folder / f"test{next(_numbers)}.db"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return make


def postgres_maker(address: str, folder: Path) -> Callable[[], str]:
    """Return a maker of fresh PostgreSQL databases at `address` (a URL with {name})."""
    host = address.partition("host=")[2]
    _administer(host, "CREATE DATABASE template_tracker")
    migrate(address.format(name="template_tracker"), folder)

    def make() -> str:
        name = f"test{next(_numbers)}"
        _administer(host, f"CREATE DATABASE {name} TEMPLATE template_tracker")
        return address.format(name=name)

    return make


def copier(uri: str) -> Callable[[], str]:
    """Return a maker of copies of the database at `uri`, to which nobody may be connected."""
    if uri.startswith("sqlite:///"):
        original = Path(uri.removeprefix("sqlite:///"))
        return lambda: f"sqlite:///{shutil.copy(original, f'{original}.{next(_numbers)}')}"
    url = sa.make_url(uri)

    def make() -> str:
        copy = f"{url.database}_{next(_numbers)}"
        _administer(str(url.query["host"]), f"CREATE DATABASE {copy} TEMPLATE {url.database}")
        return url.set(database=copy).render_as_string(hide_password=False)

    return make


def _administer(host: str, statement: str) -> None:
    with psycopg.connect(f"host={host} user=postgres dbname=postgres", autocommit=True) as admin:
        admin.execute(statement)
