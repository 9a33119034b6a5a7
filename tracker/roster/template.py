"""The empty workbook that an office fills in: headings in both languages, drop-downs, formats."""

from collections.abc import Sequence
from pathlib import Path as File

from babel import Locale
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.roster import choices, countries
from tracker.roster.columns import TEMPLATE, is_day
from tracker.roster.vocabulary import Path

LAST_ROW = 5_000
LISTS = "选项 choices"
_HEADING = PatternFill("solid", fgColor="E8EDF2")


def write(file: File, *, units: Sequence[str] = ()) -> None:
    """Write the template to `file`; `units` are offered for the column of the unit."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名册 roster"
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for index, (path, zh, en) in enumerate(TEMPLATE, start=1):
        _write_column(sheet, index, path, f"{zh}\n{en}")
        if offered := _offered(path, units):
            _offer(sheet, lists, index, offered, strict=path[1] in choices.WORDS)
    sheet.row_dimensions[1].height = 34
    sheet.freeze_panes = "D2"
    book.save(file)


def _write_column(sheet: Worksheet, index: int, path: Path, heading: str) -> None:
    cell = sheet.cell(1, index, heading)
    cell.font, cell.fill = Font(bold=True), _HEADING
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    column = sheet.column_dimensions[get_column_letter(index)]
    column.width = max(14, len(heading.partition("\n")[2]) * 0.7)
    # As text, a number keeps its leading zeros and is never shown as 1E+23.
    column.number_format = "yyyy-mm-dd" if is_day(path) else "@"
    if is_day(path):
        check = DataValidation("date", operator="greaterThan", formula1="7306", allow_blank=True)
        _explain(check, "日期 date", "如 2026-11-30", "A day, like 2026-11-30")
        _attach(sheet, check, index)


def _offered(path: Path, units: Sequence[str]) -> list[str]:
    if path == ("profile", "unit"):
        return list(units)
    if path == ("profile", "nationality"):
        names = Locale("zh").territories
        return sorted(names[two] for two in countries.ALPHA3 if two in names)
    return choices.labels(path[1]) if path[1] in choices.WORDS else []


def _offer(
    sheet: Worksheet, lists: Worksheet, index: int, offered: Sequence[str], *, strict: bool
) -> None:
    for row, text in enumerate(offered, start=1):
        lists.cell(row, index, text)
    letter = get_column_letter(index)
    source = f"'{LISTS}'!${letter}$1:${letter}${len(offered)}"
    check = DataValidation("list", formula1=source, allow_blank=True)
    check.showErrorMessage = strict
    _explain(check, "选项 choice", "请从列表中选择", "Choose from the list")
    _attach(sheet, check, index)


def _attach(sheet: Worksheet, check: DataValidation, index: int) -> None:
    letter = get_column_letter(index)
    check.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(check)


def _explain(check: DataValidation, title: str, zh: str, en: str) -> None:
    check.promptTitle, check.prompt = title, f"{zh}\n{en}"
    check.errorTitle, check.error = title, f"{zh}\n{en}"
    check.showInputMessage = True
