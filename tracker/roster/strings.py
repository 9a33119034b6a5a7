"""The shared texts of a workbook, packed: a million of them fit beside everything else."""

import re
import zipfile
from array import array
from itertools import pairwise
from typing import Any

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster import archive as zipped
from tracker.roster.cells import MAX_TEXT

#: Texts are unpacked 256 at a time; of the last ones, 128 such lots are kept.
_SHIFT, _MASK, _KEPT = 8, 255, 128
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """A list of texts kept as one block of UTF-8; a Python text each would need six times that.

    Sheets ask for them roughly in order, so they are unpacked some at a time.
    """

    __slots__ = ("_block", "_ends", "_unpacked")

    def __init__(self) -> None:
        self._block = bytearray()
        self._ends = array("Q", [0])
        self._unpacked: dict[int, list[str]] = {}

    def append(self, text: str) -> None:
        """Add a text; not once reading has begun."""
        self._block += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._block))

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        """Return text `index`."""
        some = self._unpacked.get(index >> _SHIFT)
        if some is None:
            some = self._unpack(index >> _SHIFT)
        return some[index & _MASK]

    def _unpack(self, number: int) -> list[str]:
        if len(self._unpacked) >= _KEPT:
            self._unpacked.clear()
        ends = self._ends[number << _SHIFT : ((number + 1) << _SHIFT) + 1]
        block = self._block
        some = [block[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(ends)]
        self._unpacked[number] = some
        return some


def unescaped(text: str) -> str:
    """Undo Excel's way of writing a control character, _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def refuse_long(length: int) -> None:
    """Raise Invalid for a text that no cell of a spreadsheet can hold."""
    if length > 2 * MAX_TEXT:
        raise Invalid(
            _("A cell holds more text than a cell can. Copy the rows into a new workbook.")
        )


def load(archive: zipfile.ZipFile, part: str) -> SharedStrings:
    """Read the shared texts of a workbook; how a Chinese text is pronounced is left out."""
    found = SharedStrings()
    collector = _Collector(found)
    parser = zipped.make_parser()
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.data
    for piece in zipped.chunks(archive, part):
        zipped.feed(parser, piece)
    zipped.feed(parser, b"", final=True)
    return found


class _Collector:
    def __init__(self, found: SharedStrings) -> None:
        self.found, self.parts = found, list[str]()
        self.inside = self.phonetic = False
        self.length = 0

    def start(self, name: str, _attributes: Any) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self.parts, self.length = [], 0
        elif local == "rPh":
            self.phonetic = True
        elif local == "t":
            self.inside = not self.phonetic

    def data(self, text: str) -> None:
        if self.inside:
            self.length += len(text)
            refuse_long(self.length)
            self.parts.append(text)

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "t":
            self.inside = False
        elif local == "rPh":
            self.phonetic = False
        elif local == "si":
            self.found.append(unescaped("".join(self.parts)))
