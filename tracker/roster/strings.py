"""The shared texts of a workbook, packed: a million of them fit beside everything else."""

import re
import zipfile
from array import array
from typing import Any

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster import archive as zipped
from tracker.roster.cells import MAX_TEXT

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """A list of texts kept as one block of UTF-8; a Python text each would need six times that."""

    __slots__ = ("_block", "_ends")

    def __init__(self) -> None:
        self._block = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        """Add a text."""
        self._block += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._block))

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        """Return text `index`."""
        start, end = self._ends[index], self._ends[index + 1]
        return self._block[start:end].decode("utf-8", "surrogatepass")


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
