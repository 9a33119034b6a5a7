"""schemathesis against the interface, as each role: no server error, no undocumented answer.

python -m tests.api.fuzzing [--seconds N] [role …]
"""

import argparse
import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases, seeds
from tests.api.conftest import make_token
from tests.browser.served import served
from tracker.accounts.models import ROLES
from tracker.app import create_app
from tracker.core import clock
from tracker.core.db import db

#: All that schemathesis checks, but two: that every request the document allows succeeds (it cannot
#: tell that a contract ends before it begins), and that a missing If-Match is answered 400 (it is
#: answered 428, which it does not know).
CHECKS = (
    "--checks", "all", "--exclude-checks", "positive_data_acceptance,missing_required_header",
)  # fmt: skip

#: No run goes on for so long, in seconds: it hangs.
LONGEST = 3600


@contextmanager
def office(home: Path) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Serve an invented office; yields its address and a maker of tokens by role."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app({"HOME": str(home), "SQLALCHEMY_DATABASE_URI": databases.sqlite_maker(home)()})
    with app.app_context():
        seeds.fill(12, today=clock.today(), now=clock.now())
        db.session.remove()

    def token(role: str) -> str:
        with app.app_context():
            return make_token(role)

    with served(app) as address:
        yield address, token
    with app.app_context():
        db.engine.dispose()


def fuzz(address: str, secret: str | None, *limits: str) -> subprocess.CompletedProcess[str]:
    """Send what schemathesis thinks of; `limits` are its own options."""
    shown = ["--header", f"Authorization: Bearer {secret}"] if secret else []
    command = [
        Path(sys.executable).with_name("schemathesis"), "run", f"{address}/api/openapi.json",
        *CHECKS, "--no-shrink", "--suppress-health-check", "all",
        "--warnings", "off", "--continue-on-failure", *shown, *limits,
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as notes:  # schemathesis keeps some where it runs
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=notes, timeout=LONGEST
        )


def main() -> int:
    """Fuzz as each role in turn, in an office of its own; exit code 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120, help="for each role")
    parser.add_argument("roles", nargs="*", default=["anonymous", *ROLES])
    given, found = parser.parse_args(), 0
    for role in given.roles:
        with tempfile.TemporaryDirectory() as home, office(Path(home)) as (address, token):
            secret = None if role == "anonymous" else token(role)
            done = fuzz(address, secret, "--max-time", str(given.seconds))
        print(f"== {role}\n{done.stdout}{done.stderr}", flush=True)
        found |= done.returncode
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
