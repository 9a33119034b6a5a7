"""Rosters for tests: real workbooks and text files with the headings an office uses."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from tracker.roster.rows import Told
from tracker.roster.tables import Chunk, Line

HEADINGS = ("姓名", "英文名", "国籍", "护照号码", "护照有效期", "聘用单位", "工作许可证号",
            "工作许可有效期至", "居留许可有效期至", "合同起止", "状态")  # fmt: skip
ALICE = {
    "姓名": "马爱丽", "英文名": "MARTIN Alice", "国籍": "法国", "护照号码": "P0001",
    "护照有效期": date(2030, 5, 31), "聘用单位": "物理学院", "工作许可证号": "W0001",
    "工作许可有效期至": date(2026, 12, 31), "居留许可有效期至": date(2026, 12, 31),
    "合同起止": "2025.9-2027.8",
}  # fmt: skip
ANNA = {
    "姓名": "白安", "英文名": "WEBER Anna", "国籍": "德国", "护照号码": "P0002",
    "护照有效期": date(2031, 1, 31), "聘用单位": "化学学院",
}  # fmt: skip


def write_xlsx(path: Path, rows: Iterable[Sequence[Any]]) -> Path:
    """Write rows, the headings among them, as the only sheet of a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def roster(path: Path, *people: dict[str, Any], headings: Sequence[str] = HEADINGS) -> Path:
    """Write people, cells by heading, under one row of headings."""
    rows = [[person.get(heading) for heading in headings] for person in people]
    return write_xlsx(path, [list(headings), *rows])


def lines_of(chunks: Iterable[Chunk]) -> list[tuple[Line, Told | None]]:
    """Return the lines of a roster, each with what it says."""
    return [pair for chunk in chunks for pair in zip(chunk.lines, chunk.told(), strict=True)]
