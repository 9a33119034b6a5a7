"""The long proof for phones: inspections on a real browser that is killed and cut off at random.

python -m scripts.proof.phones [--seeds 20] [--first 1]

Each seed is one joint inspection of eight rooms with four photos; between any two rooms the line
breaks, breaks in mid-sentence or comes back; the browser is killed three times (kill -9) and the
session ends once. Prints a line a seed and `lost = 0`: entries the screen showed as kept that the
server does not have exactly once, in order, with their times. Half a minute a seed on two cores.
"""

import argparse
import logging
import random
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Playwright, sync_playwright

from tests import databases
from tests.browser import ledgers
from tests.browser.handset import Handset, Line
from tests.browser.rounds import Rounds
from tests.browser.served import served
from tracker.app import create_app

ROOMS, PHOTOS, KILLS = 8, 4, 3


def main() -> None:
    """Prove it for each seed; exit code 1 when a promise does not hold."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds", type=int, default=20)
    arguments.add_argument("--first", type=int, default=1)
    options = arguments.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    wrong = entries = 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        make = databases.sqlite_maker(Path(folder))
        for seed in range(options.first, options.first + options.seeds):
            started = time.monotonic()
            promised, found = prove(playwright, Path(folder, f"phone{seed}"), make(), seed)
            entries, wrong = entries + promised, wrong + len(found)
            said = f"{promised} entries, {len(found)} wrong, {time.monotonic() - started:.0f} s"
            print(f"seed {seed}: {said}", *found, sep="\n  ", flush=True)
    print(f"lost = {wrong} of {entries} entries in {options.seeds} inspections, "
          f"{options.seeds * KILLS} kills")  # fmt: skip
    raise SystemExit(1 if wrong else 0)


def prove(playwright: Playwright, home: Path, uri: str, seed: int) -> tuple[int, list[str]]:
    """Make one inspection; return how many entries were promised and what became wrong."""
    home.mkdir()
    app = create_app({"HOME": str(home), "SQLALCHEMY_DATABASE_URI": uri})
    ledgers.open_office(app, rooms=ROOMS)
    with served(app) as address:
        line = Line(urlsplit(address).port or 0)
        handset = Handset(playwright, home / "browser", line.address)
        rounds = Rounds(handset, line, random.Random(seed))
        try:
            rounds.inspect(
                photos=PHOTOS, kills=KILLS, end_session=lambda: ledgers.end_sessions(app)
            )
        finally:
            handset.close()
            line.close()
    found = ledgers.wrong_with(app, rounds.promised)
    if len(ledgers.photos(app)) != PHOTOS:
        found.append(f"{len(ledgers.photos(app))} photos arrived of {PHOTOS}")
    return len(rounds.promised), found + handset.wrong


if __name__ == "__main__":
    main()
