"""Workbooks of Excel 97 to 2003 (.xls), read by xlrd.

xlrd holds a sheet in memory and believes every record, so that a file made for it takes a hundred
times its size. What no roster has is refused before it sees the file.
"""

import io
import struct
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book
from xlrd.compdoc import CompDoc
from xlrd.sheet import Sheet as XlrdSheet

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster import formats
from tracker.roster.archive import damaged
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
    refuse_merges,
)

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
#: 65,536 rows of fourteen columns, as many rows as the format has, take 18 MB.
MAX_SIZE = 24 << 20
#: Fonts, styles, names, drawings: xlrd makes up to 4 kB of each, Excel allows 4,050 styles.
MAX_OTHER_RECORDS = 20_000
_FILEPASS, _MERGEDCELLS = 0x2F, 0xE5
#: BLANK, NUMBER, LABEL, BOOLERR, FORMULA, STRING, ROW, RK, MULRK, MULBLANK, LABELSST, SST,
#: CONTINUE, DBCELL, INDEX and EXTSST: these follow the rows.
_FREQUENT = frozenset({0x201, 0x203, 0x204, 0x205, 0x06, 0x207, 0x208, 0x27E, 0xBD, 0xBE, 0xFD,
                       0xFC, 0x3C, 0xD7, 0x20B, 0xFF})  # fmt: skip
_FIGURES = frozenset({xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE})


def open_xls(path: Path) -> Source:
    """Open an old workbook; hidden sheets are left out and named in the notices."""
    if path.stat().st_size > MAX_SIZE:
        raise Invalid(_("The file is too large for the old format. Save it as .xlsx."))
    content = path.read_bytes()
    _refuse_locked(content)
    try:
        _refuse_swelling(content)
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, on_demand=True,
            logfile=io.StringIO(),
        )  # fmt: skip
        return _source(_Book(book))
    except (Invalid, MemoryError):
        raise
    except Exception:  # xlrd meets damage with errors of every kind
        raise Invalid(damaged()) from None


def _source(book: "_Book") -> Source:
    sheets, notices = [], []
    for index, name in enumerate(book.names):
        sheet = book.load(index)
        if sheet.visibility:
            notices.append(_("The hidden sheet %(name)s was skipped.", name=name))
        elif sheet.nrows:
            merges = [Merge(top, left, bottom - 1, right - 1)
                      for top, bottom, left, right in sheet.merged_cells]  # fmt: skip
            sheets.append(Sheet(name, partial(_rows, book, index), sheet.nrows, merges, book.epoch))
    return Source(sheets, notices)


class _Book:
    """An open workbook that holds one sheet at a time."""

    def __init__(self, book: Book) -> None:
        self._book, self._loaded = book, -1
        self.names: list[str] = book.sheet_names()
        self.epoch: date = EPOCH_1904 if book.datemode else EPOCH_1900
        codes = {key: each.format_str for key, each in book.format_map.items()}
        self.meanings = [formats.meaning(xf.format_key, codes) for xf in book.xf_list]

    def load(self, index: int) -> XlrdSheet:
        """Return a sheet; the one before it is forgotten."""
        if self._loaded not in {-1, index}:
            self._book.unload_sheet(self._loaded)
        self._loaded = index
        return self._book.sheet_by_index(index)


def _rows(book: _Book, index: int) -> Iterator[Row]:
    for number in range(book.load(index).nrows):
        sheet = book.load(index)  # another one may have been asked for meanwhile
        pairs = zip(sheet.row_types(number), sheet.row_values(number), strict=True)
        cells = [
            _figure(book, float(value), sheet.cell_xf_index(number, column))
            if kind in _FIGURES
            else _other(kind, value)
            for column, (kind, value) in enumerate(pairs)
        ]
        if any(cell is not None for cell in cells):
            yield Row(number + 1, cells)


def _other(kind: int, value: str | int) -> Cell:
    if kind == xlrd.XL_CELL_ERROR:
        return CellError(error_text_from_code.get(int(value), "#N/A"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    return value or None


def _figure(book: _Book, figure: float, style: int) -> Cell:
    whole = int(figure) if abs(figure) < 1e300 and figure == int(figure) else figure
    meaning = book.meanings[style] if style < len(book.meanings) else formats.ORDINARY
    if meaning == formats.DATE:
        return day_of(figure, book.epoch) or whole
    if meaning > 0 and isinstance(whole, int):
        return str(whole).zfill(meaning)
    return whole


def _refuse_locked(content: bytes) -> None:
    """A newer workbook with a password is put into a container of the old kind."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Invalid(_locked())


def _locked() -> str:
    return _("The file is locked with a password. Save it without one.")


def _refuse_swelling(content: bytes) -> None:
    """Walk over the records of the workbook; refuse what would swell, and what is locked."""
    container = CompDoc(content, logfile=io.StringIO())
    for name in ("Workbook", "Book"):
        stream, at, length = container.locate_named_stream(name)
        if stream:
            break
    else:
        raise Invalid(_("This is no workbook of Excel 97 or later. Save it as .xlsx."))
    others, merges, end = 0, 0, at + length
    while at + 4 <= end:
        kind, size = struct.unpack_from("<2H", stream, at)
        at += 4 + size
        if kind == _FILEPASS:
            raise Invalid(_locked())
        if kind == _MERGEDCELLS:
            merges += size // 8
            refuse_merges(merges)
        others += kind not in _FREQUENT
        if others > MAX_OTHER_RECORDS:
            raise Invalid(
                _("The file holds more styles and drawings than a roster does. Copy the rows into "
                  "a new workbook and import that.")
            )  # fmt: skip
