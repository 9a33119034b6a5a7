"""Kill, or fail, the run at its n-th system call of a kind, for every n: strace injects it."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator

from scripts.proof.ground import LONGEST, Ground, Office, fork
from scripts.proof.verdict import Verdict

PEOPLE = 4
#: What is killed at: to the mail server and PostgreSQL, to the disk. With the step between two n.
KILLS = {
    "sqlite": {"connect": 1, "sendto": 1, "recvfrom": 1, "fsync,fdatasync": 1, "pwrite64": 2},
    "postgres": {"connect": 1, "sendto": 4, "recvfrom": 4},
}
ERRORS = {
    "sqlite": {
        ("pwrite64", "ENOSPC"): 5, ("fsync,fdatasync", "EIO"): 1, ("recvfrom", "ECONNRESET"): 1,
        ("sendto", "ECONNRESET"): 1, ("connect", "ETIMEDOUT"): 1, ("connect", "ECONNREFUSED"): 1,
    },
    # Not sendto: after a reset libpq reads until the end, which an injected one does not bring.
    "postgres": {("recvfrom", "ECONNRESET"): 9, ("connect", "ECONNREFUSED"): 1},
}  # fmt: skip
#: How many times fewer faults the short form takes.
SPARSE = 7
#: No run makes so many calls of one kind.
MOST = 2000


def available() -> bool:
    """Tell whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-e", "trace=none", "true"], capture_output=True, check=False)
    return done.returncode == 0


def kills(ground: Ground, database: str, *, sparse: bool = False) -> Iterator[Verdict]:
    """Kill at each call of each kind, and let the office recover."""
    for call, step in KILLS[database].items():
        verdict = Verdict(f"{database}: killed at {call}")
        yield _sweep(ground, call, "signal=SIGKILL", step * SPARSE if sparse else step, verdict)


def errors(ground: Ground, database: str, *, sparse: bool = False) -> Iterator[Verdict]:
    """Let each call of each kind fail once, and let the office recover."""
    for (call, error), step in ERRORS[database].items():
        verdict = Verdict(f"{database}: {call} answers {error}")
        yield _sweep(ground, call, f"error={error}", step * SPARSE if sparse else step, verdict)


def _sweep(ground: Ground, call: str, fault: str, step: int, verdict: Verdict) -> Verdict:
    for number in range(1, MOST, step):
        office = ground.office(PEOPLE)
        struck = _run(office, call, f"{call}:{fault}:when={number}")
        verdict.judge(office, faults=int(struck))
        _forget(office)
        if not struck:
            break
    return verdict


def _run(office: Office, call: str, inject: str) -> bool:
    """Remind under strace; tell whether the fault was injected before the run ended."""
    log = office.home / "strace"
    child = fork(office.remind, stopped=True)
    os.waitpid(child, os.WUNTRACED)
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={call}", "-e", f"inject={inject}",
         "-p", str(child)], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    attached(child)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGCONT)
    os.waitpid(child, 0)
    tracer.wait(LONGEST)
    told = log.read_text(errors="replace")
    return "INJECTED" in told or "killed by SIGKILL" in told


def attached(child: int) -> None:
    """Wait until strace holds the child."""
    for _ in range(1000):
        with contextlib.suppress(OSError), open(f"/proc/{child}/status") as status:  # noqa: PTH123
            if any(line.startswith("TracerPid:") and line.split()[1] != "0" for line in status):
                return
        time.sleep(0.002)
    raise RuntimeError("strace did not attach")


def _forget(office: Office) -> None:
    shutil.rmtree(office.home, ignore_errors=True)
