"""The files a phone keeps, and the version they have together: another file, another version."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from flask import current_app, url_for
from flask_babel import force_locale, get_domain

from tracker.web.assets import asset
from tracker.web.language import BABEL

#: Of other pages' files: colours and type.
SHARED = ("tracker.css", "icon.svg")
TEMPLATE = "phone/shell.html"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the page is made of: names in static/phone, addresses beside it, its Chinese words."""

    version: str
    names: tuple[str, ...]
    shared: tuple[str, ...]
    chinese: dict[str, str]

    @property
    def addresses(self) -> list[str]:
        """Return every address the page needs to open without signal, the page's own first."""
        own = (url_for("phone.file", version=self.version, name=name) for name in self.names)
        return [url_for("phone.show"), *own, *self.shared]


def current() -> Bundle:
    """Return the bundle as the files are now."""
    shared = tuple(asset(name) for name in SHARED)
    files = sorted(path for path in folder().iterdir() if path.suffix in {".js", ".css"})
    template = Path(current_app.root_path, current_app.template_folder or "", TEMPLATE)
    catalogs = current_app.config["BABEL_TRANSLATION_DIRECTORIES"]
    return _bundle(_states([*files, template, *Path(catalogs).glob("*/*/*.mo")]), shared)


def folder() -> Path:
    """Return where the page's own files lie."""
    return Path(current_app.static_folder or "", "phone")


def _states(files: Iterable[Path]) -> tuple[tuple[str, int], ...]:
    return tuple((str(file), file.stat().st_mtime_ns) for file in files)


@lru_cache(maxsize=4)
def _bundle(states: tuple[tuple[str, int], ...], shared: tuple[str, ...]) -> Bundle:
    files = [Path(name) for name, _changed in states if not name.endswith(".mo")]
    own = [file for file in files if file.suffix != ".html"]
    chinese = _chinese(file for file in own if file.suffix == ".js")
    digest = hashlib.sha256(json.dumps([shared, chinese], sort_keys=True).encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return Bundle(digest.hexdigest()[:12], tuple(file.name for file in own), shared, chinese)


def _chinese(scripts: Iterable[Path]) -> dict[str, str]:
    """Return by their English the words that the scripts say, read out of the scripts."""
    messages = {
        message if isinstance(message, tuple) else (message,)
        for script in scripts
        for _line, message, _comments, _context in extract_from_file(
            "javascript", script, DEFAULT_KEYWORDS
        )
    }
    with force_locale(BABEL["zh"]):
        return {each[0]: _said(*each) for each in sorted(messages)}


def _said(message: str, plural: str | None = None) -> str:
    """Return a message in the language spoken; of one with a number the form for many."""
    catalog = get_domain().get_translations()
    return str(catalog.gettext(message) if plural is None else catalog.ngettext(message, plural, 2))
