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
    """Receives the events of the parser; a finished row waits in `rows`.

    Called three times a cell, so it does without small functions where they would double the time.
    """

    __slots__ = ("book", "cells", "collecting", "columns", "days", "formula", "kind", "number",
                 "reference", "rows", "style", "text")  # fmt: skip

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rows: list[Row] = []
        self.cells: list[Cell] = []
        self.text: str | None = None
        self.columns: dict[str, int] = {}
        self.days: dict[str, Cell] = {}
        self.collecting = self.formula = False
        self.number = 0
        self.reference = self.style = ""
        self.kind = "n"

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "v" or name == "t":
            self.collecting = self.kind != "phonetic"
            if self.text is None:
                self.text = ""
        elif name == "c":
            get = attributes.get
            self.reference, self.style = get("r", ""), get("s", "")
            self.kind = get("t", "n")
            self.text, self.formula = None, False
        elif name == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.cells = []
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.kind = "phonetic" if self.kind == "inlineStr" else self.kind
        elif ":" in name:
            self.start(name.rpartition(":")[2], attributes)

    def data(self, text: str) -> None:
        if self.collecting:
            self.text = self.text + text if self.text else text
            refuse_long(len(self.text))

    def end(self, name: str) -> None:
        if name == "v" or name == "t":
            self.collecting = False
        elif name == "c":
            value = self._value()
            if value is not None:
                self._put(value)
        elif name == "row":
            if self.cells:
                self.rows.append(Row(self.number, self.cells))
        elif name == "rPh":
            self.kind = "inlineStr" if self.kind == "phonetic" else self.kind
        elif ":" in name:
            self.end(name.rpartition(":")[2])

    def _put(self, value: Cell) -> None:
        cells = self.cells
        name = self.reference.rstrip(_DIGITS)
        column = self.columns.get(name)
        if column is None:
            column = column_index(name) if name else len(cells)
            if name:
                self.columns[name] = column
        missing = column - len(cells)
        if missing < 0:
            cells[column] = value
            return
        if missing:
            cells.extend([None] * missing)
        cells.append(value)

    def _value(self) -> Cell:
        text, kind = self.text, self.kind
        if not text:  # a formula may well come to an empty text, but not to an empty figure
            return CellError("=") if self.formula and kind == "n" else None
        if kind == "s":
            return self._shared(text)
        if kind == "n":
            return self._number(text)
        if kind == "e":
            return CellError(text)
        if kind == "d":
            return _iso(text)
        return unescaped(text) if kind != "b" else ("TRUE" if text == "1" else "FALSE")

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
            return self.days.get(text) or self._day(text)
        figure = _figure(text)
        if meaning > 0 and isinstance(figure, int):
            return str(figure).zfill(meaning)
        return figure

    def _day(self, text: str) -> Cell:
        if len(self.days) > 50_000:
            self.days.clear()
        figure = _figure(text)
        day = self.days[text] = day_of(figure, self.book.epoch) or figure
        return day


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
