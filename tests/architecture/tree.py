"""The project's own files as the checks in this folder read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> list[str]:
    """Return the paths of all files git keeps, whoever owns the clone."""
    listing = subprocess.check_output(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, text=True
    )
    return [path for path in listing.split("\0") if path and (ROOT / path).exists()]


def text(path: str) -> str | None:
    """Return a file's text, or None for a picture or a font."""
    content = (ROOT / path).read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path and the syntax tree of every Python file below `folders`."""
    for path in tracked():
        if path.endswith(".py") and path.startswith(folders):
            yield path, ast.parse((ROOT / path).read_text("utf-8"), path)
