"""Text files: UTF-8, UTF-16 or GB18030, separated by commas, semicolons or tabs."""

import codecs
import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.core.spreadsheets import unguarded
from tracker.roster.cells import MAX_COLUMNS, MAX_TEXT, Row, Sheet, Source

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20


def open_text(path: Path) -> Source:
    """Open a text file as one sheet; Invalid when no encoding fits it."""
    encoding = encoding_of(path)
    head = _head(path, encoding)
    if head.lstrip().lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise Invalid(
            _("This is a web page under the name of a table. Open it in Excel or WPS, save it as "
              ".xlsx and import that.")
        )  # fmt: skip
    delimiter = max(",\t;", key=head.count)
    total = sum(piece.count(b"\n") for piece in _pieces(path)) + 1
    return Source([Sheet("", partial(_rows, path, encoding, delimiter), total)], [])


def encoding_of(path: Path) -> str:
    """Return the encoding that all of the file is valid in; UTF-8 is tried before GB18030."""
    with path.open("rb") as file:
        head = file.read(4096)
    marked = [name for mark, name in _BOMS if head.startswith(mark)]
    for name in marked or _candidates(head):
        if _decodes(path, name):
            return name
    raise Invalid(_("The text is neither UTF-8 nor GB18030. Save it as .xlsx and try again."))


def _candidates(head: bytes) -> list[str]:
    if b"\0" in head:  # half the bytes of Latin text in UTF-16 are NUL, on the side of its order
        little = head[1::2].count(0) >= head[::2].count(0)
        candidates = ["utf-8", "utf-16-le" if little else "utf-16-be"]
        if max(head[1::2].count(0), head[::2].count(0)) * 8 > len(head):
            candidates.reverse()
        return candidates
    return ["utf-8", "gb18030"]


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(path):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _head(path: Path, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    return decoder.decode(next(_pieces(path), b"")[:16_384])


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(4 * MAX_TEXT)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        number = 0
        try:
            for number, texts in enumerate(reader, start=1):
                if len(texts) > MAX_COLUMNS:
                    raise Invalid(_("Row %(row)s has more columns than a sheet can.", row=number))
                if any(texts):
                    yield Row(number, [unguarded(text) or None for text in texts])
        except (csv.Error, UnicodeDecodeError):
            raise Invalid(
                _("Row %(row)s cannot be read: a quotation mark is probably left open. Close it, "
                  "or save the file as .xlsx.", row=number + 1)
            ) from None  # fmt: skip
