"""The container of .xls files (OLE2 compound file): find the one stream that is the workbook."""

import struct

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster.archive import damaged

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_END, _SMALL = 0xFFFFFFFA, 4096


def workbook_stream(content: bytes) -> bytes:
    """Return the workbook stream of a compound file. Source: [MS-CFB] 2.2-2.6."""
    try:
        return _Compound(content).workbook()
    except (struct.error, IndexError):
        raise Invalid(damaged()) from None


class _Compound:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = 1 << self._word(30)
        if self.size not in {512, 4096}:
            raise Invalid(damaged())
        (_count, self.directory_at, _signature, self.cutoff, self.mini_at, _minis, difat_at,
         _difats) = struct.unpack_from("<8I", content, 44)  # fmt: skip
        sectors = list(struct.unpack_from("<109I", content, 76))
        seen = 0
        while difat_at < _END and seen <= len(content) // self.size:
            block = struct.unpack(f"<{self.size // 4}I", self._sector(difat_at))
            sectors += block[:-1]
            difat_at, seen = block[-1], seen + 1
        table = b"".join(self._sector(number) for number in sectors if number < _END)
        self.table = struct.unpack(f"<{len(table) // 4}I", table)

    def workbook(self) -> bytes:
        directory = self._chain(self.directory_at)
        root: tuple[int, int] | None = None
        for at in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<2I", directory, at + 116)
            root = root or (start, size)
            if name == "Workbook":
                return self._stream(root[0], start, size)
            if name in {"EncryptedPackage", "EncryptionInfo"}:
                raise Invalid(_("The file is locked with a password. Save it without one."))
        raise Invalid(_("This is no workbook of Excel 97 or later. Save it as .xlsx."))

    def _stream(self, root: int, start: int, size: int) -> bytes:
        if size >= self.cutoff:
            return self._chain(start)[:size]
        small, table = self._chain(root), self._chain(self.mini_at)
        next_of = struct.unpack(f"<{len(table) // 4}I", table)
        found, at = bytearray(), start
        while at < _END and len(found) < size:
            found += small[at * 64 : at * 64 + 64]
            at = next_of[at]
        return bytes(found[:size])

    def _word(self, at: int) -> int:
        return int(struct.unpack_from("<H", self.content, at)[0])

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self.size
        if at >= len(self.content):
            raise IndexError(number)
        return self.content[at : at + self.size].ljust(self.size, b"\0")

    def _chain(self, start: int) -> bytes:
        found, at = bytearray(), start
        while at < _END:
            found += self._sector(at)
            at = self.table[at]
            if len(found) > len(self.content) + self.size:  # the chain bites its tail
                raise IndexError(at)
        return bytes(found)
