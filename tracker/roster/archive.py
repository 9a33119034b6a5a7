"""The zip around a workbook: refused before it is inflated, its XML read without entities."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _

CHUNK = 1 << 18
MAX_INFLATED = 1 << 30
#: A roster shrinks to a tenth or a twentieth; files made to swell, to a hundredth and less.
MAX_RATIO = 100
HARMLESS = 16 << 20

_BROKEN = (KeyError, ValueError, RuntimeError, OSError, EOFError, zipfile.BadZipFile, zlib.error)

Start = Callable[[str, dict[str, str]], Any]


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open a zip whose parts are of a size that a roster can have; Invalid otherwise."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Invalid(damaged()) from None
    inflated = sum(part.file_size for part in archive.infolist())
    packed = sum(part.compress_size for part in archive.infolist())
    if inflated > MAX_INFLATED or inflated > max(HARMLESS, MAX_RATIO * packed):
        archive.close()
        raise Invalid(
            _("This file would swell to %(size)s MB, as no roster does. Copy the rows into a new "
              "workbook and import that.", size=inflated >> 20)
        )  # fmt: skip
    return archive


def damaged() -> str:
    """Return the message for a file that breaks off or holds what no workbook holds."""
    return _("The file is damaged. Open it in Excel or WPS, save it as .xlsx and try again.")


def chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Return the inflated bytes of one part, piece by piece."""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(CHUNK):
                yield piece
    except _BROKEN as error:
        raise Invalid(damaged()) from error


def make_parser() -> Any:
    """Return an XML parser that refuses document types, hence every kind of entity bomb."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def feed(parser: Any, piece: bytes, final: bool = False) -> None:
    """Parse one more piece; Invalid when it is not XML, or a number in it is none."""
    try:
        parser.Parse(piece, final)
    except (expat.ExpatError, LookupError, ValueError, OverflowError) as error:
        raise Invalid(damaged()) from error


def scan(archive: zipfile.ZipFile, part: str, start: Start) -> None:
    """Call `start` with the local name and the attributes of every element of a small part."""
    parser = make_parser()
    parser.StartElementHandler = lambda name, found: start(name.rpartition(":")[2], found)
    for piece in chunks(archive, part):
        feed(parser, piece)
    feed(parser, b"", final=True)


def _refuse_doctype(*_args: Any) -> None:
    raise Invalid(damaged())
