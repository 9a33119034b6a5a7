"""Workbooks of Excel 2007 and later, read row by row: 200,000 rows do not fit in memory at once.

The usual libraries build the whole sheet (370 MB for 200,000 rows of 20) or spend 200 µs a row.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster import archive as zipped
from tracker.roster import formats, strings
from tracker.roster.cells import EPOCH_1900, EPOCH_1904, Merge, Sheet, Source, refuse_merges
from tracker.roster.xlsx_sheet import Book, column_index, read_rows

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_OVERLAP = 200


@dataclass(slots=True)
class _Outline:
    """What the workbook part says: its sheets as (name, state, relation), and its epoch."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    epoch: date = EPOCH_1900

    def start(self, name: str, found: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in found.items() if key.endswith(":id")), "")
            self.sheets.append((found.get("name", ""), found.get("state", "visible"), relation))
        elif name == "workbookPr" and found.get("date1904") in {"1", "true"}:
            self.epoch = EPOCH_1904


@dataclass(slots=True)
class _Styles:
    custom: dict[int, str] = field(default_factory=dict)
    cells: list[int] = field(default_factory=list)
    inside: bool = False

    def start(self, name: str, found: dict[str, str]) -> None:
        if name == "numFmt":
            self.custom[int(found["numFmtId"])] = found["formatCode"]
        elif name in {"cellXfs", "cellStyles"}:
            self.inside = name == "cellXfs"
        elif name == "xf" and self.inside:
            self.cells.append(int(found.get("numFmtId", 0)))


def open_xlsx(path: Path) -> Source:
    """Open a workbook; hidden sheets are left out and named in the notices."""
    archive = zipped.open_archive(path)
    book_part = _targets(archive, "", "officeDocument")[0][1]
    targets = dict(_targets(archive, book_part, ""))
    outline = _Outline()
    zipped.scan(archive, book_part, outline.start)
    book = _book(archive, book_part, outline.epoch)
    sheets, notices = [], []
    for name, state, relation in outline.sheets:
        if state != "visible":
            notices.append(_("The hidden sheet %(name)s was skipped.", name=name))
        elif (part := targets.get(relation)) and "worksheet" in part:
            sheets.append(_sheet(archive, part, name, book))
    return Source(sheets, notices)


def _targets(archive: zipfile.ZipFile, part: str, kind: str) -> list[tuple[str, str]]:
    """Return (id, part) of what `part` refers to as `kind`."""
    folder, name = posixpath.split(part)
    found: list[tuple[str, str]] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("Type", "").endswith(kind):
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
            found.append((attributes["Id"], target.lstrip("/")))

    zipped.scan(archive, posixpath.join(folder, "_rels", f"{name}.rels"), start)
    if not found:
        raise Invalid(_("This is no workbook. Save the roster as .xlsx and try again."))
    return found


def _book(archive: zipfile.ZipFile, book_part: str, epoch: date) -> Book:
    styles = _Styles()
    for _key, part in _related(archive, book_part, "/styles"):
        zipped.scan(archive, part, styles.start)
    texts = strings.SharedStrings()
    for _key, part in _related(archive, book_part, "/sharedStrings"):
        texts = strings.load(archive, part)
    meanings = [formats.meaning(number, styles.custom) for number in styles.cells]
    return Book(texts, meanings, epoch)


def _related(archive: zipfile.ZipFile, book_part: str, kind: str) -> list[tuple[str, str]]:
    names = set(archive.namelist())
    try:
        return [pair for pair in _targets(archive, book_part, kind) if pair[1] in names]
    except Invalid:
        return []


def _sheet(archive: zipfile.ZipFile, part: str, name: str, book: Book) -> Sheet:
    merges: list[Merge] = []
    total, tail = 0, b""
    for piece in zipped.chunks(archive, part):
        total += piece.count(b"row>")
        block = tail + piece
        merges += [
            Merge(int(top) - 1, column_index(left), int(bottom) - 1, column_index(right))
            for left, top, right, bottom in _merges_after(block, len(tail))
        ]
        refuse_merges(len(merges))
        tail = block[-_OVERLAP:]
    return Sheet(name, partial(read_rows, archive, part, book), total, merges, book.epoch)


def _merges_after(block: bytes, known: int) -> list[tuple[str, str, str, str]]:
    return [
        tuple(group.decode() for group in match.groups())  # type: ignore[misc]
        for match in _MERGE.finditer(block)
        if match.end() > known
    ]
