"""Several senders at once, killed and replaced; schedulers side by side; databases thrown down."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.proof.ground import LONGEST, Ground, Office, fork
from scripts.proof.verdict import Verdict
from tests.faults.restarting import Restarting


def kills(ground: Ground, database: str, *, people: int = 200, count: int = 20) -> Verdict:
    """Keep three senders going and kill one every moment."""
    verdict = Verdict(f"{database}: three senders, killed at random")
    office = ground.office(people)
    random.seed(people)
    before, struck = ground.mailbox.count, 0
    senders = [fork(office.remind) for _ in range(3)]
    while struck < count and ground.mailbox.count < before + people:
        time.sleep(random.uniform(0.12, 0.35))
        victim = senders.pop(0)
        struck += _kill(victim)
        senders.append(fork(office.remind))
    for sender in senders:
        os.waitpid(sender, 0)
    verdict.judge(office, faults=struck)
    return verdict


def schedulers(ground: Ground, database: str, *, people: int, count: int) -> Verdict:
    """Start so many schedulers in the same second."""
    verdict = Verdict(f"{database}: {count} schedulers at once")
    office = ground.office(people)
    with commands(office, count):
        _until(lambda: _accepted(office) == people, seconds=30 + people / 20)
    verdict.judge(office, faults=0)
    return verdict


def restarts(ground: Ground, own: Restarting, *, people: int = 60, rounds: int = 6) -> Verdict:
    """Throw PostgreSQL down in mid-batch, two ways, under three senders."""
    verdict = Verdict("postgres: thrown down in mid-batch")
    for _ in range(rounds):
        office = ground.office(people)
        before = office.mailbox.count
        senders = [fork(office.remind) for _ in range(3)]
        for mode, sent in (("immediate", people // 6), ("fast", people // 2)):
            _until(lambda at=before + sent: ground.mailbox.count >= at, seconds=30)
            own.restart(mode)
        for sender in senders:
            os.waitpid(sender, 0)
        verdict.judge(office, faults=2)
    return verdict


def full_disk(ground: Ground, *, people: int = 400, rounds: int = 2) -> Verdict | None:
    """Fill the disk of the database in mid-batch, free it later; None if there is no such disk."""
    verdict = Verdict("sqlite: disk full in mid-batch")
    for number in range(rounds):
        office = ground.office(people)
        if not _mounted(office.home):
            return None
        before = office.mailbox.count
        child = fork(office.remind)
        try:
            _until(lambda at=before + 5 + 7 * number: ground.mailbox.count >= at, seconds=30)
            filler = _fill_up(office.home)
            time.sleep(0.5)
            full = office.mailbox.count
            time.sleep(1.5)
            if office.mailbox.count > full:
                verdict.problems.append("letters left while no claim could be written")
            if full >= before + people:
                verdict.problems.append("the disk was full too late")
            filler.unlink()
            os.waitpid(child, 0)
            verdict.judge(office, faults=1)
        finally:
            subprocess.run(["umount", "-l", office.home], check=True)
    return verdict


@contextlib.contextmanager
def commands(office: Office, count: int) -> Iterator[None]:
    """Run `tracker scheduler` so often, as from a shell, by an office's clock."""
    ahead = office.home / "ahead"
    ahead.write_text(str(_until_morning()))
    given = {f"TRACKER_{name}": str(value) for name, value in office.settings.items()}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.under_another_clock", str(ahead), "scheduler"],
            env=os.environ | given, stderr=subprocess.DEVNULL,
        )
        for _ in range(count)
    ]  # fmt: skip
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(LONGEST)


def _until_morning() -> float:
    from datetime import UTC, datetime

    from tests.faults.station import OPEN

    return (OPEN - datetime.now(UTC)).total_seconds()


def _kill(child: int) -> bool:
    """Kill a child; tell whether it was still at work."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _fill_up(folder: Path) -> Path:
    """Write until no byte more fits; return the file that takes the room."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass
    return filler


def _mounted(home: Path) -> bool:
    """Put a small disk of its own under an office's folder."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    kept = home.with_name(home.name + "-kept")
    home.rename(kept)
    home.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tracker-proof", home],
        capture_output=True, check=False,
    )  # fmt: skip
    for file in kept.iterdir():
        shutil.copy(file, home / file.name)
    return done.returncode == 0


def _accepted(office: Office) -> int:
    return int(office.ask("SELECT count(*) FROM letter WHERE state = 'accepted'")[0])


def _until(reached: object, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not reached():  # type: ignore[operator]
        if time.monotonic() > end:
            raise RuntimeError(f"waited {seconds:.0f} seconds in vain")
        time.sleep(0.01)
