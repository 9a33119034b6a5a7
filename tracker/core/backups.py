"""Copy a database while it is in use, and bring a copy back."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from tracker.core.db import sqlite_module
from tracker.core.errors import Conflict, Invalid


def save(uri: str, file: Path) -> None:
    """Write a consistent copy of the database at `uri` to a new `file`, readable by us only."""
    if file.exists():
        raise Conflict(file=f"{file} exists already. Name a new file.")
    if not file.parent.is_dir():
        raise Invalid(file=f"There is no folder {file.parent}. Make it first.")
    url = sa.engine.make_url(uri)
    if url.get_backend_name() == "sqlite":
        # Never by reading the file: closing it would drop SQLite's locks and lose commits.
        with closing(sqlite_module().connect(url.database)) as connection:
            connection.execute("VACUUM INTO ?", (str(file),))
    else:
        _run("pg_dump", url, ["--format=custom", f"--file={file}"])
    file.chmod(0o600)


def load(uri: str, file: Path, *, replace: bool) -> None:
    """Bring back what save() wrote. What is there now is put aside, and only with `replace`."""
    url = sa.engine.make_url(uri)
    if url.get_backend_name() == "sqlite":
        _load_sqlite(Path(url.database or ""), file, replace=replace)
    else:
        clean = ["--clean", "--if-exists"] if replace else []
        _run(
            "pg_restore",
            url,
            ["--single-transaction", f"--dbname={url.database}", *clean, str(file)],
        )


def _load_sqlite(target: Path, file: Path, *, replace: bool) -> None:
    _check(file)
    if target.exists():
        if not replace:
            raise Conflict(file=f"{target} exists. Stop all processes, then add --replace.")
        for suffix in ("", "-wal", "-shm"):
            part = target.with_name(target.name + suffix)
            if part.exists():
                part.replace(target.with_name(f"{target.name}.before-restore{suffix}"))
    target.parent.mkdir(parents=True, exist_ok=True)
    arriving = target.with_name(target.name + ".arriving")
    shutil.copy(file, arriving)
    arriving.chmod(0o600)
    arriving.replace(target)


def _check(file: Path) -> None:
    module = sqlite_module()
    try:
        with closing(module.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except module.DatabaseError:
        sound = False
    if not sound:
        raise Invalid(file=f"{file.name} is damaged or no backup of ours. Nothing was changed.")


def _run(program: str, url: sa.URL, arguments: list[str]) -> None:
    found = shutil.which(program)
    if found is None:
        raise Invalid(f"{program} is missing. Install the PostgreSQL client programs.")
    # By environment, so that the password is in no process list.
    address = {
        "PGHOST": url.host or url.query.get("host"), "PGPORT": url.port, "PGUSER": url.username,
        "PGPASSWORD": url.password, "PGDATABASE": url.database,
    }  # fmt: skip
    given = {name: str(value) for name, value in address.items() if value}
    done = subprocess.run(  # noqa: S603 - the program is found by name, the rest is ours
        [found, *arguments], env=os.environ | given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Invalid(f"{program}: {done.stderr.strip()[-300:]}")
