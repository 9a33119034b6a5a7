"""Bytes on disk under our own names. A file is written once and never changed.

The folders, HOME/uploads and HOME/photos, belong to the backup as the database does: `tracker
backup` copies the database first and then these files, so that every row finds its file.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from flask import current_app

from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _

NAME = re.compile(r"[0-9a-f]{32}\.(?:jpg|pdf)")

#: Papers of people; photos of buildings.
UPLOADS, PHOTOS = "uploads", "photos"

_PREVIEW = re.compile(r"[0-9a-f]{32}\.preview\.jpg")


def names_file(name: str) -> bool:
    """Tell whether a name is one that a file or its preview can have."""
    return bool(NAME.fullmatch(name) or _PREVIEW.fullmatch(name))


def folder(under: str = UPLOADS) -> Path:
    """Return where files lie; outside of everything that is served by address."""
    return Path(current_app.config["HOME"]) / under


def path_of(name: str, *, under: str = UPLOADS) -> Path:
    """Return where the file called `name` lies, spread over 256 folders."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of ours")
    return folder(under) / name[:2] / name


def preview_of(name: str, *, under: str = UPLOADS) -> Path:
    """Return where the small picture of a file lies."""
    return path_of(name, under=under).with_suffix(".preview.jpg")


def present(path: Path) -> Path:
    """Return `path`; Conflict says what to do when the disk has lost the file."""
    if not path.exists():
        raise Conflict(
            _("The file is on record but no longer on the server's disk. Ask the administrator to "
              "bring it back from a backup.")
        )  # fmt: skip
    return path


def keep(data: bytes, preview: bytes | None, *, suffix: str, under: str = UPLOADS) -> str:
    """Write a file and its preview so that they survive a power cut; return its new name."""
    name = secrets.token_hex(16) + suffix
    path = path_of(name, under=under)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if preview is not None:
        write(preview_of(name, under=under), preview)
    write(path, data)
    for each in (path.parent, folder(under)):
        _sync(each)
    return name


def drop(name: str, *, under: str = UPLOADS) -> None:
    """Remove a file and its preview."""
    for path in (path_of(name, under=under), preview_of(name, under=under)):
        with suppress(FileNotFoundError):
            path.unlink()


def write(path: Path, data: bytes) -> None:
    """Write a new file, readable by us only, so that it survives a power cut."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
