"""Pytest plugin of scripts/test: what cannot run here is left out and named in the last line."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tracker.core.db import sqlite_module
from tracker.typeset.pdf import chinese_font

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)  # fmt: skip
NO_BROWSER = "browser tests (install chromium fonts-noto-cjk)"
NO_FONT = "tests of what is printed (install fonts-noto-cjk)"
NO_POSTGRES = "tests on PostgreSQL (install postgresql, or set TEST_PG_BINDIR)"

left_out: set[str] = set()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out the tests whose ground is missing on this machine."""
    missing = {
        NO_BROWSER: not (_browser_starts() and _writes_chinese()),
        NO_FONT: chinese_font() is None,
        NO_POSTGRES: postgres.find_binaries() is None,
    }
    grounds = {item.nodeid: {g for g in _grounds(item) if missing[g]} for item in items}
    left_out.update(*grounds.values())
    gone = [item for item in items if grounds[item.nodeid]]
    items[:] = [item for item in items if not grounds[item.nodeid]]
    config.hook.pytest_deselected(items=gone)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count what options such as -k take out."""
    if any(not _grounds(item) for item in items):
        left_out.add("what the options of pytest leave out")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count a skipped test as not run."""
    if report.skipped and not hasattr(report, "wasxfail"):
        left_out.add(f"{report.nodeid} (skipped)")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what one of several processes left out to the one that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = sorted(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what another process left out."""
    left_out.update(getattr(node, "workeroutput", {}).get("left_out", ()))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the databases and, last of all, what was not run."""
    if hasattr(config, "workerinput"):
        return
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        left_out.add(f"all but {' '.join(config.args)}")
    print(f"databases: SQLite {sqlite_module().sqlite_version}, {_postgres_version()}")
    print(f"not run: {'; '.join(sorted(left_out))}" if left_out else "everything was run")


def _grounds(item: pytest.Item) -> set[str]:
    """Return which special grounds a test stands on."""
    marks = {"browser": NO_BROWSER, "paper": NO_FONT}
    grounds = {marks[mark.name] for mark in item.iter_markers() if mark.name in marks}
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    fixtures = getattr(item, "fixturenames", ())
    if "postgres" in parameters.values() or {"postgres_address", "make_postgres"} & {*fixtures}:
        grounds.add(NO_POSTGRES)
    return grounds


def _browser_starts() -> bool:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        return False
    # On Ubuntu the package may be a shell that only asks for a snap: try it.
    return subprocess.run([found, "--version"], capture_output=True, timeout=60).returncode == 0


def _writes_chinese() -> bool:
    if Path("/System/Library/Fonts").is_dir():  # macOS brings its own
        return True
    fonts = shutil.which("fc-list")
    return bool(fonts and subprocess.check_output([fonts, ":lang=zh", "family"]).strip())


def _postgres_version() -> str:
    binaries = postgres.find_binaries()
    if binaries is None:
        return "no PostgreSQL"
    printed = subprocess.check_output([binaries / "postgres", "--version"], text=True)
    return f"PostgreSQL {printed.rpartition(')')[2].split()[0]}"
