"""Make .venv complete, whatever state it is in. Started by scripts/setup; standard library only."""

import fcntl
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "complete.json"
#: What each set of requirements contains: dev.in includes base.in.
CONTAINS = {"base": ["base"], "dev": ["base", "dev"]}


def main(kind: str) -> None:
    """Install `kind` unless it is there; one process at a time, a second one waits."""
    if kind not in CONTAINS:
        raise SystemExit("usage: scripts/setup [base|dev]")
    if installed().get(kind) == digest(kind):
        return
    try:
        lock = (ROOT / ".venv.lock").open("a")
    except PermissionError:
        raise SystemExit(f"setup: run this as the owner of {ROOT}") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = installed()
        if there.get(kind) != digest(kind):
            begin(fresh=not there)
            install(ROOT / "requirements" / f"{kind}.txt")
            write_command()
            write_stamp({name: digest(name) for name in CONTAINS[kind]})


def installed() -> dict[str, str]:
    """Return digests by kind of what is there whole, made in this folder by this Python."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    sound = stamp.get("made_by") == made_by() and PYTHON.exists()
    return stamp["installed"] if sound else {}


def write_stamp(digests: dict[str, str]) -> None:
    """Say that all is there. Written last, so that an interrupted run is found out by it."""
    arriving = STAMP.with_suffix(".new")
    arriving.write_text(json.dumps({"made_by": made_by(), "installed": digests}))
    arriving.replace(STAMP)


def made_by() -> str:
    """Name the interpreter and the folder: scripts in .venv/bin hold both."""
    return f"{sys.version} of {sys.base_prefix} in {ROOT}"


def digest(kind: str) -> str:
    """Return a digest of the pinned requirements."""
    return hashlib.sha256((ROOT / "requirements" / f"{kind}.txt").read_bytes()).hexdigest()


def begin(*, fresh: bool) -> None:
    """Take the stamp away; make the environment anew when it cannot be trusted."""
    STAMP.unlink(missing_ok=True)
    if fresh:
        say("making .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        # Without pip when uv does its work: then ensurepip need not be there.
        venv.create(VENV, symlinks=True, with_pip=shutil.which("uv") is None)


def install(requirements: Path) -> None:
    """Install exactly what is pinned, checked by hash; by uv when present, else by pip."""
    say(f"installing {requirements.relative_to(ROOT)} (half a minute to a few minutes)")
    wanted = ["--quiet", "--require-hashes", "-r", str(requirements)]
    uv = shutil.which("uv")
    if uv:
        done = subprocess.run([uv, "pip", "install", "--python", str(PYTHON), *wanted], check=False)
        if done.returncode == 0:
            return
        say("uv could not; trying pip, which may know another package index")
        run(PYTHON, "-m", "ensurepip")
    run(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *wanted)


def write_command() -> None:
    """Write .venv/bin/tracker, which works from any folder. Nothing of ours is installed.

    -P: a folder or file called tracker or config where the user happens to be is not ours.
    """
    command = VENV / "bin" / "tracker"
    command.write_text(
        "#!/bin/sh\n"
        f"PYTHONPATH={shlex.quote(str(ROOT))}${{PYTHONPATH:+:$PYTHONPATH}}; export PYTHONPATH\n"
        f'exec {shlex.quote(str(PYTHON))} -P -m tracker "$@"\n'
    )
    command.chmod(0o755)


def run(*command: str | Path) -> None:
    """Run a command; end with a plain line when it fails."""
    if subprocess.run(command, check=False, env=os.environ).returncode:
        raise SystemExit("setup: installing failed; see above, mend it and run the same again")


def say(line: str) -> None:
    """Tell of long work, apart from what commands print."""
    print(f"setup: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
