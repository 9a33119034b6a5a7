"""A table to take along as a file: text stays text, whatever it begins with."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter

from tracker.core.spreadsheets import guarded

Cell = str | int | date | None
#: What each kind of file is called by.
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def as_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a .csv in UTF-8 with the mark by which Excel knows it; nothing in it calculates."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [["" if cell is None else guarded(str(cell)) for cell in row] for row in rows]
    )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return an .xlsx whose first row is the headings; nothing in it calculates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False},
    )  # fmt: skip
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(rows[0]) - 1, 18)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                midnight = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - no zone
                sheet.write_datetime(number, column, midnight, day)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, cell, None if number else bold)
    book.close()
    return out.getvalue()


WRITERS = {"xlsx": as_xlsx, "csv": as_csv}
