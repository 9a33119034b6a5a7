"""Our styles and icons, under an address that changes with their content."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app, url_for


def init_app(app: Flask) -> None:
    """Let browsers keep files for a year: a changed file has another address."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """Return the address of a static file, its fingerprint included."""
    assert current_app.static_folder is not None
    path = Path(current_app.static_folder) / name
    return url_for("static", filename=name, v=_fingerprint(path, path.stat().st_mtime_ns))


@cache
def _fingerprint(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
