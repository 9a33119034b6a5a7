"""Rosters on their way in: the file as it was sent and what was found in it, for a few days."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from tracker.core.errors import Invalid

ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv", ".txt")
KEPT_FOR = timedelta(days=7)


def folder(task_id: int) -> Path:
    """Return where everything about one upload lies."""
    return _home() / str(task_id)


def roster(task_id: int) -> Path:
    """Return the uploaded file."""
    return folder(task_id) / "roster"


def waiting(task_id: int) -> bool:
    """Tell whether the file is still here."""
    return roster(task_id).exists()


def checked_name(sent: FileStorage | None) -> str:
    """Return the name of what was sent; Invalid when it is nothing a roster could be."""
    if sent is None or not sent.filename:
        raise Invalid(file=_("Choose a file first."))
    name = Path(sent.filename.replace("\\", "/")).name[:200]
    if not name.lower().endswith(ENDINGS):
        raise Invalid(file=_("Choose a file that ends in %(endings)s.", endings=", ".join(ENDINGS)))
    return name


def keep(task_id: int, sent: FileStorage) -> None:
    """Store what was sent, readable to the service only."""
    forget(task_id)  # a restored database may count anew
    folder(task_id).mkdir(mode=0o700, parents=True)
    target = roster(task_id)
    target.touch(mode=0o600)
    sent.save(target)


def forget(task_id: int, *, but: tuple[str, ...] = ()) -> None:
    """Remove the file and what was found in it, but for some lists of findings."""
    place = folder(task_id)
    if not but:
        shutil.rmtree(place, ignore_errors=True)
        return
    for path in place.glob("*"):
        if path.stem not in but:
            path.unlink(missing_ok=True)


def forget_old(now: datetime) -> None:
    """Remove what has lain here for longer than KEPT_FOR."""
    for place in _home().glob("*"):
        if place.stat().st_mtime < (now - KEPT_FOR).timestamp():
            shutil.rmtree(place, ignore_errors=True)


def download_name(name: str, ending: str) -> str:
    """Return a safe name for a file made from an upload of this name."""
    return f"{secure_filename(Path(name).stem) or 'roster'}-errors.{ending}"


def _home() -> Path:
    return Path(current_app.config["HOME"]) / "imports"
