"""The mistakes of a roster as a table to mend it by. Nothing in it is taken for a formula."""

import csv
from collections.abc import Iterable, Mapping
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

FIELDS = ("sheet", "row", "column", "label", "message")
WIDTHS = (16, 8, 24, 28, 90)
#: A cell that begins so is a formula to a spreadsheet program.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def as_table(mistakes: Iterable[Mapping[str, Any]], ending: str) -> bytes:
    """Return the mistakes as the content of a .csv or .xlsx file."""
    headings = [
        _("Sheet"),
        _("Row"),
        _("Column"),
        _("Who"),
        _("Why it was not taken, and what to do"),
    ]
    rows = ([mistake[name] for name in FIELDS] for mistake in mistakes)
    return _xlsx(headings, rows) if ending == "xlsx" else _csv(headings, rows)


def _csv(headings: list[str], rows: Iterable[list[Any]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_tame(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # the mark lets Excel read Chinese


def _tame(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_ACTIVE) else value


def _xlsx(headings: list[str], rows: Iterable[list[Any]]) -> bytes:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    sheet, bold, wrapped = book.add_worksheet(), book.add_format({"bold": True}), book.add_format()
    wrapped.set_text_wrap()
    sheet.write_row(0, 0, headings, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value, wrapped)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()
