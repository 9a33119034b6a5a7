"""An upload outlives a mistake in its form: it waits on disk until the form is sent again."""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, request

from tracker.core import clock
from tracker.files import content
from tracker.web.access import viewer

#: Seconds after which what nobody took up is removed.
WAITS = 24 * 3600


@dataclass
class Kept:
    """An uploaded file; `token` names it while it waits, for the account that sent it."""

    data: bytes
    title: str
    token: str = ""
    #: Who sent it, if nobody is signed in.
    owner: str = ""

    def put_aside(self) -> None:
        """Let the file wait for the form's next try, if it is one that would be taken."""
        content.examine(self.data)
        _sweep()
        self.token = self.token or secrets.token_hex(16)
        path = _path(self.token, self.owner)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(self.data)
        path.chmod(0o600)

    def forget(self) -> None:
        """Remove what waited."""
        if self.token:
            _path(self.token, self.owner).unlink(missing_ok=True)


def received() -> Kept | None:
    """Return the file of this request: one just chosen, else the one that waited."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return Kept(sent.stream.read(content.LARGEST + 1), sent.filename)
    return _waiting(request.form.get("kept", ""), request.form.get("kept_title", ""), "")


def all_received(owner: str, *, most: int) -> list[Kept]:
    """Return all files of this request, those that waited first; `most` and one more."""
    found = [
        kept
        for token in request.form.getlist("kept")[:most]
        if (kept := _waiting(token, request.form.get(f"title-{token}", ""), owner))
    ]
    sent = [each for each in request.files.getlist("file") if each.filename]
    for each in sent[: most + 1]:
        data = each.stream.read(content.LARGEST + 1)
        found.append(Kept(data, each.filename or "", owner=owner))
    return found


def _waiting(token: str, title: str, owner: str) -> Kept | None:
    if len(token) != 32 or not token.isalnum() or not token.isascii():
        return None
    with suppress(FileNotFoundError):
        return Kept(_path(token, owner).read_bytes(), title[:200], token, owner)
    return None


def _folder() -> Path:
    return Path(current_app.config["HOME"]) / "uploads" / "waiting"


def _path(token: str, owner: str) -> Path:
    """Return where a token's file waits; another sender's token leads to nothing."""
    owned = hashlib.sha256(f"{owner or viewer().get_id()} {token}".encode()).hexdigest()
    return _folder() / owned


def _sweep() -> None:
    oldest = clock.now().timestamp() - WAITS
    for path in _folder().glob("*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
