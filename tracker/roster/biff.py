"""Workbooks of Excel 97 to 2003 (.xls), record by record. Source: [MS-XLS] 2.4.

Other readers turn an error cell into an empty one, and let a file of 5 kB take up 1 GB.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster import formats
from tracker.roster.archive import damaged
from tracker.roster.biff_strings import shared_strings, text_at
from tracker.roster.cells import (
    EPOCH_1900,
    EPOCH_1904,
    Cell,
    CellError,
    Merge,
    Row,
    Sheet,
    Source,
    day_of,
)  # fmt: skip
from tracker.roster.compound import workbook_stream

MAX_SIZE = 64 << 20
_BOF, _EOF, _SHEET, _EPOCH, _FORMAT, _XF = 0x809, 0x0A, 0x85, 0x22, 0x41E, 0xE0
_SST, _CONTINUE, _LOCKED, _MERGES = 0xFC, 0x3C, 0x2F, 0xE5
_NUMBER, _RK, _MULRK, _LABELSST, _LABEL = 0x203, 0x27E, 0xBD, 0xFD, 0x204
_BOOLERR, _FORMULA, _STRING = 0x205, 0x06, 0x207
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!",
           42: "#N/A"}  # fmt: skip

_Record = tuple[int, int, bytes]  # kind, where its successor starts, content


@dataclass(slots=True)
class _Book:
    stream: bytes
    texts: list[str] = field(default_factory=list)
    custom: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    sheets: list[tuple[str, int, int, int]] = field(default_factory=list)
    epoch: date = EPOCH_1900


def open_xls(path: Path) -> Source:
    """Open an old workbook; hidden sheets are left out and named in the notices."""
    if path.stat().st_size > MAX_SIZE:
        raise Invalid(_("The file is too large for the old format. Save it as .xlsx."))
    stream = workbook_stream(path.read_bytes())
    try:
        book = _read_book(stream)
        sheets, notices = [], []
        for name, at, hidden, kind in book.sheets:
            if hidden:
                notices.append(_("The hidden sheet %(name)s was skipped.", name=name))
            elif kind == 0:
                merges, total = _merges(stream, at)
                sheets.append(Sheet(name, partial(_rows, book, at), total, merges, book.epoch))
    except (struct.error, IndexError, UnicodeDecodeError):
        raise Invalid(damaged()) from None
    return Source(sheets, notices)


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    """Return the records from `at` to the end of that substream."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        content = stream[at + 4 : at + 4 + size]
        at += 4 + size
        depth += (kind == _BOF) - (kind == _EOF)
        yield kind, at, content
        if depth == 0:
            return


def _read_book(stream: bytes) -> _Book:
    book = _Book(stream)
    meanings: list[int] = []
    for kind, after, content in _records(stream, 0):
        if kind == _LOCKED:
            raise Invalid(_("The file is locked with a password. Save it without one."))
        if kind == _SHEET:
            at, hidden, sort = struct.unpack_from("<IBB", content)
            book.sheets.append((text_at(content, 6, wide_length=False), at, hidden & 3, sort))
        elif kind == _EPOCH and struct.unpack_from("<H", content)[0]:
            book.epoch = EPOCH_1904
        elif kind == _FORMAT:
            number = struct.unpack_from("<H", content)[0]
            book.custom[number] = text_at(content, 2)
        elif kind == _XF:
            meanings.append(struct.unpack_from("<H", content, 2)[0])
        elif kind == _SST:
            book.texts = shared_strings([content, *_continued(stream, after)])
    book.styles = [formats.meaning(number, book.custom) for number in meanings]
    return book


def _continued(stream: bytes, at: int) -> Iterator[bytes]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        if kind != _CONTINUE:
            return
        yield stream[at + 4 : at + 4 + size]
        at += 4 + size


def _merges(stream: bytes, at: int) -> tuple[list[Merge], int]:
    merges, last = [], 0
    for kind, _after, content in _records(stream, at):
        if kind == _MERGES:
            for number in range(struct.unpack_from("<H", content)[0]):
                top, bottom, left, right = struct.unpack_from("<4H", content, 2 + 8 * number)
                merges.append(Merge(top, left, bottom, right))
        elif kind in {_LABELSST, _NUMBER, _RK, _MULRK}:
            last = max(last, struct.unpack_from("<H", content)[0] + 1)
    return merges, last


def _rows(book: _Book, at: int) -> Iterator[Row]:
    """Return rows in order; a file may hold its cells in any."""
    rows: dict[int, dict[int, Cell]] = {}
    pending: tuple[int, int] | None = None
    for kind, _after, content in _records(book.stream, at):
        if kind == _STRING and pending:
            rows.setdefault(pending[0], {})[pending[1]] = text_at(content, 0) or None
        for row, column, value in _cells(book, kind, content):
            rows.setdefault(row, {})[column] = value
            pending = (row, column)
    for row in sorted(rows):
        cells = rows.pop(row)
        yield Row(row + 1, [cells.get(column) for column in range(max(cells) + 1)])


def _cells(book: _Book, kind: int, content: bytes) -> Iterator[tuple[int, int, Cell]]:
    if kind not in {_NUMBER, _RK, _MULRK, _LABELSST, _LABEL, _BOOLERR, _FORMULA}:
        return
    row, column, style = struct.unpack_from("<3H", content)
    if kind == _MULRK:
        for number in range((len(content) - 6) // 6):
            style, packed = struct.unpack_from("<HI", content, 4 + 6 * number)
            yield row, column + number, _figure(book, style, _unpacked(packed))
    elif kind == _LABELSST:
        yield row, column, book.texts[struct.unpack_from("<I", content, 6)[0]] or None
    elif kind == _LABEL:
        yield row, column, text_at(content, 6) or None
    elif kind == _BOOLERR:
        yield row, column, _bool_or_error(content[6], is_error=bool(content[7]))
    elif kind == _FORMULA and content[12:14] == b"\xff\xff":
        yield row, column, _result(content[6], content[8])
    elif kind == _RK:
        packed = struct.unpack_from("<I", content, 6)[0]
        yield row, column, _figure(book, style, _unpacked(packed))
    else:
        yield row, column, _figure(book, style, struct.unpack_from("<d", content, 6)[0])


def _result(sort: int, value: int) -> Cell:
    """Return a formula's stored result; that of a text formula (0) follows in its own record."""
    return _bool_or_error(value, is_error=sort == 2) if sort in {1, 2} else None


def _bool_or_error(value: int, *, is_error: bool) -> Cell:
    if is_error:
        return CellError(_ERRORS.get(value, "#N/A"))
    return "TRUE" if value else "FALSE"


def _unpacked(packed: int) -> float:
    """Return the figure in a 30-bit RK field ([MS-XLS] 2.5.217)."""
    if packed & 2:
        figure: float = struct.unpack("<i", struct.pack("<I", packed & 0xFFFFFFFC))[0] >> 2
    else:
        figure = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return figure / 100 if packed & 1 else figure


def _figure(book: _Book, style: int, figure: float) -> Cell:
    whole = int(figure) if abs(figure) < 1e300 and figure == int(figure) else figure
    meaning = book.styles[style] if style < len(book.styles) else formats.ORDINARY
    if meaning == formats.DATE:
        return day_of(figure, book.epoch) or whole
    if meaning > 0 and isinstance(whole, int):
        return str(whole).zfill(meaning)
    return whole
