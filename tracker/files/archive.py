"""Files of people and photos of buildings: an archive beside the database's backup, and back.

The database is copied first: files never change, so every row in that copy finds its file here.
"""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

from tracker.core.errors import Conflict, Invalid
from tracker.files import store

LARGEST = 64 * 1024 * 1024
_PHOTOS = "photos/"


def beside(backup: Path) -> Path:
    """Return where the files of a database's backup are put."""
    return backup.with_name(backup.name + ".files.tar")


def save(target: Path) -> int:
    """Write every file to a new archive, readable by us only; return how many there are."""
    if target.exists():
        raise Conflict(file=f"{target} exists already. Name a new file.")
    count = 0
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
        for path, name in _kept():
            archive.add(path, arcname=name, recursive=False)
            count += 1
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    return count


def load(source: Path) -> int:
    """Bring back the files that are not there; return how many. Invalid: a name not of ours."""
    count = 0
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or member.size > LARGEST:
                    raise Invalid(file=f"{source.name}: {member.name} is no file of ours.")
                count += _bring_back(member.name, content.read())
    except tarfile.TarError:
        raise Invalid(file=f"{source.name} is damaged.") from None
    return count


def _kept() -> Iterator[tuple[Path, str]]:
    """Yield each file with its name in the archive; a photo's is led by its folder."""
    for under, lead in ((store.UPLOADS, ""), (store.PHOTOS, _PHOTOS)):
        for path in sorted(store.folder(under).glob("[0-9a-f][0-9a-f]/*")):
            if store.names_file(path.name):
                yield path, lead + path.name


def _bring_back(member: str, content: bytes) -> bool:
    name = member.removeprefix(_PHOTOS)
    if not store.names_file(name):
        raise Invalid(file=f"{member} is no file of ours. Nothing more was brought back.")
    under = store.UPLOADS if name == member else store.PHOTOS
    path = store.folder(under) / name[:2] / name
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    store.write(path, content)
    return True
