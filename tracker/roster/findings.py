"""What looking through a roster found, kept in files, so that any page of it is quick to show."""

import json
from collections.abc import Iterator
from datetime import date
from io import BufferedWriter
from pathlib import Path
from struct import Struct
from types import TracebackType
from typing import Any

from tracker.roster.changes import Change
from tracker.roster.judging import Judged
from tracker.roster.rows import Rejection

#: Each list of findings: people to change, people to add, and cells that were not taken.
LISTS = ("updated", "created", "rejected")
_PLACE = Struct("<Q")


class Findings:
    """Writes findings as they come, a line each; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._lists = {name: _Writer(folder / name) for name in LISTS}

    def __enter__(self) -> "Findings":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        for each in self._lists.values():
            each.close()

    def note(self, judged: Judged) -> None:
        """Keep what one row would do."""
        for rejection in judged.rejections:
            self._lists["rejected"].add(_rejected(rejection, judged))
        if judged.action in {"updated", "created"}:
            self._lists[judged.action].add(_changed(judged))


def count(folder: Path, name: str) -> int:
    """Return how many findings a list holds; 0 when it is not kept any more."""
    places = _places(folder / name)
    return places.stat().st_size // _PLACE.size if places.exists() else 0


def read(
    folder: Path, name: str, *, offset: int = 0, most: int | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the findings of a list from `offset` on, `most` or all.

    rejected: {"row", "sheet", "label", "column", "message"}; else {"row", "sheet", "label",
    "person_id", "cells": [[kind, field, old, new, renewed]]}, dates as YYYY-MM-DD; `renewed` says
    that the field belongs to a new document, which takes the place of the one with the old value.
    """
    try:
        places = _places(folder / name).read_bytes()[offset * _PLACE.size :]
        lines = _lines(folder / name).open("rb")
    except FileNotFoundError:  # thrown away meanwhile
        return
    left = len(places) // _PLACE.size
    with lines:
        if left:
            lines.seek(_PLACE.unpack_from(places)[0])
        for _number in range(left if most is None else min(left, most)):
            yield json.loads(lines.readline())


class _Writer:
    """A file of lines, and beside it where each begins."""

    def __init__(self, path: Path) -> None:
        self._lines = _create(_lines(path))
        self._places = _create(_places(path))

    def add(self, finding: dict[str, Any]) -> None:
        self._places.write(_PLACE.pack(self._lines.tell()))
        self._lines.write(json.dumps(finding, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        # The places last: what they count is there.
        self._lines.close()
        self._places.close()


def _create(path: Path) -> BufferedWriter:
    path.touch(mode=0o600)
    return path.open("wb")


def _lines(path: Path) -> Path:
    return path.with_suffix(".jsonl")


def _places(path: Path) -> Path:
    return path.with_suffix(".places")


def _rejected(rejection: Rejection, judged: Judged) -> dict[str, Any]:
    return {
        "row": rejection.row, "sheet": judged.sheet, "label": judged.label,
        "column": rejection.column, "message": rejection.message,
    }  # fmt: skip


def _changed(judged: Judged) -> dict[str, Any]:
    return {
        "row": judged.row, "sheet": judged.sheet, "label": judged.label,
        "person_id": judged.person_id,
        "cells": [cell for change in judged.changes for cell in _cells(change)],
    }  # fmt: skip


def _cells(change: Change) -> Iterator[list[Any]]:
    renewed = change.before is not None and not change.corrects and change.kind != "profile"
    for name, old, new in change.cells():
        if not (renewed and new is None):  # what a new document does not say takes nothing away
            yield [change.kind, name, _plain(old), _plain(new), renewed]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
