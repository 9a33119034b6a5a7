"""Translations: kept as .po files, compiled when the program starts."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"


def compiled(home: Path) -> str:
    """Return the folder of compiled translations, brought up to date with the .po files.

    They lie beside the .po files, or in `home` where the program's folder is read-only.
    """
    folder = TRANSLATIONS if os.access(TRANSLATIONS, os.W_OK) else home / "translations"
    for source in _sources():
        target = (folder / source.relative_to(TRANSLATIONS)).with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)
    return str(folder)


def _sources() -> Iterator[Path]:
    return TRANSLATIONS.glob("*/LC_MESSAGES/*.po")


def _compile(source: Path, target: Path) -> None:
    """Write to one side and swap, so that a process starting beside us never reads half a file."""
    content = BytesIO()
    with source.open("rb") as file:
        write_mo(content, read_po(file))
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(f".{os.getpid()}.tmp")
    aside.write_bytes(content.getvalue())
    aside.replace(target)
