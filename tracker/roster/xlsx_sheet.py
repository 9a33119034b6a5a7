"""The rows of one sheet of a workbook, as the XML streams by."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster import archive as zipped
from tracker.roster import formats
from tracker.roster.cells import MAX_COLUMNS, Cell, CellError, Row, day_of
from tracker.roster.strings import SharedStrings, refuse_long, unescaped

_DIGITS = "0123456789"


class Book(NamedTuple):
    """What the sheets of a workbook share: texts, the meaning of each cell style, the epoch."""

    texts: SharedStrings
    meanings: list[int]
    epoch: date


def read_rows(archive: zipfile.ZipFile, part: str, book: Book) -> Iterator[Row]:
    """Return the rows that hold a value, top to bottom."""
    collector = _Collector(book)
    parser = zipped.make_parser()
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.data
    for piece in zipped.chunks(archive, part):
        zipped.feed(parser, piece)
        yield from collector.rows
        collector.rows.clear()
    zipped.feed(parser, b"", final=True)


def column_index(name: str) -> int:
    """Return the number of a column from its letters: A is 0. Invalid beyond XFD."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    if not 0 < index <= MAX_COLUMNS:
        raise Invalid(_("The sheet has more columns than Excel can show. Keep the ones needed."))
    return index - 1


class _Collector:
    """Receives the events of the parser; a finished row waits in `rows`."""

    __slots__ = ("book", "cells", "collecting", "columns", "days", "formula", "kind", "local",
                 "number", "parts", "prefix", "reference", "rows", "style")  # fmt: skip

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rows: list[Row] = []
        self.cells: list[Cell] = []
        self.parts: list[str] | None = None
        self.columns: dict[str, int] = {}
        self.days: dict[str, Cell] = {}
        self.local: dict[str, str] = {}
        self.collecting = self.formula = False
        self.number = 0
        self.reference = self.style = ""
        self.kind = "n"

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.reference = attributes.get("r", "")
            self.style = attributes.get("s", "")
            self.kind = attributes.get("t", "n")
            self.parts, self.formula = None, False
        elif name in {"v", "t"}:
            self.collecting = True
            if self.parts is None:
                self.parts = []
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.kind = "phonetic" if self.kind == "inlineStr" else self.kind
        elif name == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.cells = []

    def data(self, text: str) -> None:
        if self.collecting and self.parts is not None and self.kind != "phonetic":
            self.parts.append(text)
            if len(self.parts) > 1:
                refuse_long(sum(map(len, self.parts)))

    def end(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in {"v", "t"}:
            self.collecting = False
        elif name == "c":
            self._end_cell()
        elif name == "rPh":
            self.kind = "inlineStr" if self.kind == "phonetic" else self.kind
        elif name == "row" and self.cells:
            self.rows.append(Row(self.number, self.cells))

    def _end_cell(self) -> None:
        cells = self.cells
        column = self._column(len(cells))
        value = self._value()
        if value is None:
            return
        if column < len(cells):
            cells[column] = value
            return
        if column > len(cells):
            cells.extend([None] * (column - len(cells)))
        cells.append(value)

    def _column(self, default: int) -> int:
        if not self.reference:
            return default
        name = self.reference.rstrip(_DIGITS)
        if name not in self.columns:
            self.columns[name] = column_index(name)
        return self.columns[name]

    def _value(self) -> Cell:
        if self.parts is None:
            return CellError("=") if self.formula else None
        text = "".join(self.parts)
        if text == "" or self.kind == "s":
            return self._shared(text) if text else None
        if self.kind == "n":
            return self._number(text)
        if self.kind == "e":
            return CellError(text)
        if self.kind == "d":
            return _iso(text)
        return unescaped(text) if self.kind != "b" else ("TRUE" if text == "1" else "FALSE")

    def _shared(self, text: str) -> Cell:
        try:
            return self.book.texts[int(text)] or None
        except (ValueError, IndexError):
            raise Invalid(zipped.damaged()) from None

    def _number(self, text: str) -> Cell:
        meaning = formats.ORDINARY
        if self.style and (style := int(self.style)) < len(self.book.meanings):
            meaning = self.book.meanings[style]
        if meaning == formats.DATE:
            if text not in self.days:
                if len(self.days) > 50_000:
                    self.days.clear()
                self.days[text] = day_of(_figure(text), self.book.epoch) or _figure(text)
            return self.days[text]
        figure = _figure(text)
        if meaning > 0 and isinstance(figure, int):
            return str(figure).zfill(meaning)
        return figure


def _figure(text: str) -> int | float:
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        raise Invalid(zipped.damaged()) from None


def _iso(text: str) -> Cell:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
