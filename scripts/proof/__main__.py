"""The long proof: real processes killed, failed, crowded, cut off and thrown down.

Prints a table and `lost = 0`; takes about ten minutes on two cores. Each row counts over all its
runs: the letters that were to be sent, those lost, those wrong (to nobody, or told as accepted but
never stored), and the copies beyond one, in all and in the worst run. A copy is allowed for a
fault, and it must be the same to the last byte. `--quick` takes fewer of everything.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.proof import ground, power, storms, sweeps, verdict
from scripts.proof.verdict import Verdict
from tests.faults.restarting import Restarting


def main() -> None:
    """Prove it on each database asked for; exit code 1 when the promise does not hold."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--database", choices=("sqlite", "postgres"), action="append")
    arguments.add_argument("--quick", action="store_true")
    options = arguments.parse_args()
    started, found = time.monotonic(), []
    print(verdict.HEAD, flush=True)
    for database in options.database or ("sqlite", "postgres"):
        for each in prove(database, quick=options.quick):
            print(each.line(), flush=True)
            found.append(each)
    real = [each for each in found if not each.control]
    lost, copies = sum(each.lost for each in real), sum(each.extra for each in real)
    minutes = (time.monotonic() - started) / 60
    print(f"lost = {lost}, extra copies = {copies} after {sum(each.faults for each in real)} "
          f"faults in {sum(each.runs for each in real)} runs, {minutes:.1f} minutes")  # fmt: skip
    raise SystemExit(0 if all(each.holds for each in found) else 1)


def prove(database: str, *, quick: bool) -> Iterator[Verdict]:
    """Yield what each kind of fault did on one database."""
    with ground.opened(database) as here:
        if sweeps.available():
            yield from sweeps.kills(here, database, sparse=quick)
            yield from sweeps.errors(here, database, sparse=quick)
        else:
            print("not run: sweeps and power cut need strace, and to be allowed to trace")
        people, count = (60, 6) if quick else (200, 20)
        yield storms.kills(here, database, people=people, count=count)
        for schedulers in (2, 4):
            yield storms.schedulers(here, database, people=people, count=schedulers)
        yield from _own(here, database, quick=quick)


def _own(here: ground.Ground, database: str, *, quick: bool) -> Iterator[Verdict]:
    """Yield what only one of the databases can suffer."""
    if database == "postgres":
        assert here.address is not None
        own = Restarting(Path(here.address.partition("host=")[2]))
        try:
            yield storms.restarts(here, own, rounds=2 if quick else 12)
        finally:
            own.stop()
        return
    full = storms.full_disk(here)
    if full is None:
        print("not run: a full disk needs root, to mount a small one")
    else:
        yield full
    if sweeps.available():
        yield power.cut(here)
        yield power.control(here)


if __name__ == "__main__":
    main()
