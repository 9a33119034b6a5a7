"""A power cut at every step: the database file rebuilt from what strace saw written and synced.

What was not synced may be on disk, or not, or some of it, or half a page: each is a state in which
the machine may come back. In each, the database must be whole, believe nothing that the mail server
did not say, and have forgotten at most the answer to the one letter under way.
"""

import os
import random
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from scripts.proof.ground import LONGEST, Ground, Office, fork
from scripts.proof.sweeps import attached
from scripts.proof.verdict import Verdict
from tracker.core.db import sqlite_module

PEOPLE = 15
CALLS = "pwrite64,ftruncate,fsync,fdatasync,sendto,recvfrom"
_LINE = re.compile(r'\d+ +(\w+)\(\d+<([^>]*)>(?:, "((?:\\x..)*)")?(?:\.\.\.)?(.*)\) += (-?\d+)')
FILES = ("tracker.db", "tracker.db-wal")


@dataclass
class _File:
    """What is surely on disk, and what was written since."""

    durable: bytearray
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        self.durable = self.with_writes(self.pending)
        self.pending = []

    def with_writes(self, writes: list[tuple[int, bytes | None]]) -> bytearray:
        """Return the content with these writes; one without bytes cuts the file."""
        content = bytearray(self.durable)
        for offset, data in writes:
            if data is None:
                del content[offset:]
                continue
            content.extend(b"\0" * (offset + len(data) - len(content)))
            content[offset : offset + len(data)] = data
        return content


@dataclass(frozen=True)
class _Step:
    """One thing that strace saw."""

    call: str
    name: str
    data: bytes
    rest: str


def cut(ground: Ground) -> Verdict:
    """Rebuild the database as of every step of one run, in four ways."""
    return _cut(ground.office(PEOPLE), Verdict(f"sqlite: power cut, {PEOPLE} letters"))


def control(ground: Ground) -> Verdict:
    """The same with the synchronisation many advise: if this held, the proof would see nothing."""
    verdict = _cut(
        ground.office(PEOPLE), Verdict("control: synchronous=NORMAL", control=True), less=True
    )
    verdict.problems = [] if verdict.worst > 1 else ["the proof does not see what it should"]
    return verdict


def _cut(office: Office, verdict: Verdict, *, less: bool = False) -> Verdict:
    files = {FILES[0]: _File(bytearray((office.home / FILES[0]).read_bytes())),
             FILES[1]: _File(bytearray())}  # fmt: skip
    log = _traced(office, less=less)
    sent = answered = 0
    for step in _steps(log):
        if step.name.startswith("socket:"):
            sent += step.call == "sendto" and step.data == b".\r\n"
            answered += step.call == "recvfrom" and step.data.startswith(b"250 stored")
        elif (file := files.get(Path(step.name).name)) is not None:
            _apply(step, file)
        else:
            continue
        for state in _states(files):
            verdict.runs += 1
            _look(state, verdict, sent=sent, answered=answered)
    verdict.letters = len(office.mailbox.new())
    verdict.faults = verdict.runs
    return verdict


def _traced(office: Office, *, less: bool) -> Path:
    log = office.home / "strace"
    child = fork(lambda: _remind(office, less=less), stopped=True)
    os.waitpid(child, os.WUNTRACED)
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-y", "-xx", "-s", "100000", "-o", str(log), "-e",
         f"trace={CALLS}", "-p", str(child)], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    attached(child)
    os.kill(child, signal.SIGCONT)
    os.waitpid(child, 0)
    tracer.wait(LONGEST)
    return log


def _remind(office: Office, *, less: bool) -> None:
    if less:
        sa.event.listen(sa.Pool, "checkout", lambda file, *_: file.execute("PRAGMA synchronous=1"))
    office.remind()


def _steps(log: Path) -> Iterator[_Step]:
    for line in log.read_text(errors="replace").splitlines():
        if found := _LINE.match(line):
            call, name, data, rest, _result = found.groups()
            name = re.sub(r"\\x(..)", lambda code: chr(int(code[1], 16)), name)
            data = bytes.fromhex((data or "").replace("\\x", ""))
            yield _Step(call, name, data, rest)


def _apply(step: _Step, file: _File) -> None:
    if step.call in {"fsync", "fdatasync"}:
        file.sync()
    elif step.call == "ftruncate":
        file.pending.append((int(step.rest.strip(", ")), None))
    elif step.call == "pwrite64":
        file.pending.append((int(step.rest.rpartition(", ")[2]), step.data))


def _states(files: dict[str, _File]) -> Iterator[dict[str, bytearray]]:
    """Yield what may be on disk: nothing unsynced, all, some of it, the last write torn."""
    yield {name: file.durable for name, file in files.items()}
    if not any(file.pending for file in files.values()):
        return
    yield {name: file.with_writes(file.pending) for name, file in files.items()}
    some = {
        name: [write for write in file.pending if random.random() < 0.5]
        for name, file in files.items()
    }
    yield {name: file.with_writes(some[name]) for name, file in files.items()}
    yield {name: file.with_writes(_torn(file.pending)) for name, file in files.items()}


def _torn(writes: list[tuple[int, bytes | None]]) -> list[tuple[int, bytes | None]]:
    if not writes or writes[-1][1] is None:
        return writes
    offset, data = writes[-1]
    return [*writes[:-1], (offset, data[: len(data) // 2])]


def _look(state: dict[str, bytearray], verdict: Verdict, *, sent: int, answered: int) -> None:
    """Open a state as the next start would, and compare it with what the mail server said."""
    with tempfile.TemporaryDirectory(prefix="tracker-cut-") as folder:
        for name, content in state.items():
            (Path(folder) / name).write_bytes(content)
        with closing(sqlite_module().connect(str(Path(folder) / FILES[0]))) as database:
            whole = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            accepted = _one(database, "SELECT count(*) FROM letter WHERE state = 'accepted'")
            told = _one(database, "SELECT count(*) FROM reminder WHERE state <> 'superseded'")
    if not whole:
        verdict.problems.append("the database is damaged")
    verdict.false += accepted > answered
    verdict.lost += told not in {0, PEOPLE}
    copies = sent - accepted
    verdict.worst = max(verdict.worst, copies)
    if copies > 1:
        verdict.problems.append(f"{copies} letters would go out again")


def _one(database: object, statement: str) -> int:
    return int(database.execute(statement).fetchone()[0])  # type: ignore[attr-defined]
