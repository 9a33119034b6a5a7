"""A list to take along: the roster's own columns, so that what leaves can be read in again."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import xlsxwriter

from tracker.core.db import db
from tracker.core.spreadsheets import guarded
from tracker.facts import kinds, queries
from tracker.obligations.models import NextDeadline
from tracker.roster import choices, columns, countries

CHUNK = 500
Cell = str | int | date | None
#: Columns that only a list has; reading it in again passes over them.
EXTRA = ((("list", "building"), "居住楼栋", "building"),
         (("list", "next_on"), "下次申报", "next to file"))  # fmt: skip


class Export:
    """The columns of one reader's list, and its rows for any ids, a chunk a transaction."""

    def __init__(self, *, language: str, numbers: bool) -> None:
        self._language = language
        every = (*columns.TEMPLATE, *EXTRA)
        self._columns = [each for each in every if numbers or each[0][1] != "number"]

    @property
    def headings(self) -> list[str]:
        """Return the headings in the reader's language; the import recognises each."""
        return [zh if self._language == "zh" else en for _path, zh, en in self._columns]

    def rows(self, person_ids: Sequence[int]) -> Iterator[list[Cell]]:
        """Yield a row a person; nothing stays locked between two chunks."""
        for start in range(0, len(person_ids), CHUNK):
            chunk = person_ids[start : start + CHUNK]
            held = _held(chunk)
            yield from (self._row(held[each]) for each in chunk if each in held)
            db.session.rollback()

    def _row(self, held: dict[str, dict[str, Any]]) -> list[Cell]:
        return [self._cell(path, held) for path, _zh, _en in self._columns]

    def _cell(self, path: tuple[str, str], held: dict[str, dict[str, Any]]) -> Cell:
        kind, name = ("entry", "visa") if path == ("sheet", "visa_type") else path
        value = held.get(kind, {}).get(name)
        if value is None or isinstance(value, date):
            return value
        if name == "nationality":
            return countries.display_name(str(value), self._language)
        if words := choices.WORDS.get(name, {}).get(str(value)):
            return words[0] if self._language == "zh" else words[1]
        return value if isinstance(value, int) else str(value)


def write_workbook(file: Path, export: Export, person_ids: Sequence[int]) -> None:
    """Write an .xlsx row by row; text stays text, whatever it begins with."""
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False, "tmpdir": str(file.parent)},
    )  # fmt: skip
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(export.headings) - 1, 16)
    for column, heading in enumerate(export.headings):
        sheet.write_string(0, column, heading, bold)
    for row, cells in enumerate(export.rows(person_ids), start=1):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                sheet.write_datetime(row, column, _midnight(value), day)
            elif isinstance(value, int):
                sheet.write_number(row, column, value)
            elif value:
                sheet.write_string(row, column, value)
    book.close()


def lines(export: Export, person_ids: Sequence[int]) -> Iterator[bytes]:
    """Yield the pieces of a .csv in UTF-8 with the mark by which Excel knows it."""
    yield b"\xef\xbb\xbf" + _line(export.headings)
    for cells in export.rows(person_ids):
        yield _line(["" if value is None else guarded(str(value)) for value in cells])


def _line(texts: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(texts)
    return out.getvalue().encode()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a cell knows no time zone


def _held(person_ids: Sequence[int]) -> dict[int, dict[str, dict[str, Any]]]:
    """Return the typed fields in force by person and kind; of several documents the newest."""
    found: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for each in queries.held_by(person_ids):
        fields = kinds.unpack(each.kind, each.number, each.data)
        if each.kind == "profile":
            fields["employee_no"] = fields.get("employee_no") or each.number
        found[each.person_id][each.kind] = fields
    days = db.session.execute(
        sa.select(NextDeadline.person_id, NextDeadline.safe_on).where(
            NextDeadline.person_id.in_(person_ids)
        )
    )
    for held in found.values():
        held["list"] = {"building": held.get("accommodation", {}).get("building")}
    for person_id, safe_on in days:
        found[person_id]["list"]["next_on"] = safe_on
    return found
