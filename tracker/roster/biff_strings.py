"""Texts of old workbooks, which may be cut in two anywhere. Source: [MS-XLS] 2.5.293, 2.5.294."""

import struct
from collections.abc import Sequence


def text_at(content: bytes, at: int, *, wide_length: bool = True) -> str:
    """Return the text that starts at `at`; its length takes two bytes, or one."""
    length = struct.unpack_from("<H" if wide_length else "<B", content, at)[0]
    at += 2 if wide_length else 1
    if content[at] & 1:
        return content[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "surrogatepass")
    return content[at + 1 : at + 1 + length].decode("latin-1")


def shared_strings(blocks: Sequence[bytes]) -> list[str]:
    """Return the shared texts of a workbook from its SST record and those continuing it."""
    reader = _Blocks(blocks)
    count = struct.unpack("<4xI", reader.take(8))[0]
    return [reader.text() for _ in range(count) if not reader.ended]


class _Blocks:
    """Reads on from one record into the next one."""

    def __init__(self, blocks: Sequence[bytes]) -> None:
        self.blocks, self.block, self.at = blocks, 0, 0

    @property
    def left(self) -> int:
        return len(self.blocks[self.block]) - self.at

    @property
    def ended(self) -> bool:
        while self.left == 0 and self.block + 1 < len(self.blocks):
            self.block, self.at = self.block + 1, 0
        return self.left == 0

    def take(self, size: int) -> bytes:
        found = bytearray()
        while len(found) < size:
            if self.ended:
                raise IndexError(size)
            piece = min(size - len(found), self.left)
            found += self.blocks[self.block][self.at : self.at + piece]
            self.at += piece
        return bytes(found)

    def text(self) -> str:
        length, flags = struct.unpack("<HB", self.take(3))
        runs = struct.unpack("<H", self.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self.take(4))[0] if flags & 4 else 0
        found = self._characters(length, flags & 1)
        self.take(4 * runs + extra)
        return found

    def _characters(self, length: int, wide: int) -> str:
        parts: list[str] = []
        while length:
            if self.left == 0:  # a text cut in two says again how wide its characters are
                if self.ended:
                    raise IndexError(length)
                wide = self.take(1)[0] & 1
            count = min(length, self.left // (2 if wide else 1))
            if count == 0:
                raise IndexError(length)
            piece = self.take(count * (2 if wide else 1))
            parts.append(piece.decode("utf-16-le" if wide else "latin-1", "surrogatepass"))
            length -= count
        return "".join(parts)
