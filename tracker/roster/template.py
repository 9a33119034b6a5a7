"""The empty workbook that an office fills in: headings in both languages, drop-downs, formats."""

from collections.abc import Sequence
from pathlib import Path as File

from babel import Locale
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.facts import kinds
from tracker.roster import choices, countries
from tracker.roster.vocabulary import Path

#: Field, and its heading in Chinese and English, both of which the import recognises.
COLUMNS: tuple[tuple[Path, str, str], ...] = (
    (("profile", "employee_no"), "工号", "staff number"),
    (("profile", "name_zh"), "中文名", "Chinese name"),
    (("profile", "name_en"), "护照姓名", "name as in passport"),
    (("profile", "sex"), "性别", "sex"),
    (("profile", "born_on"), "出生日期", "date of birth"),
    (("profile", "nationality"), "国籍", "nationality"),
    (("profile", "identity"), "人员身份", "identity"),
    (("profile", "category"), "专家类别", "expert category"),
    (("profile", "unit"), "聘用单位", "hiring unit"),
    (("profile", "status"), "状态", "status"),
    (("profile", "departed_on"), "离职日期", "departure date"),
    (("profile", "email"), "电子邮箱", "email"),
    (("profile", "phone"), "手机", "mobile phone"),
    (("profile", "language"), "通知语言", "letter language"),
    (("profile", "address"), "住址", "address in China"),
    (("passport", "number"), "护照号码", "passport number"),
    (("passport", "issued_on"), "护照签发日期", "passport issue date"),
    (("passport", "expires_on"), "护照有效期至", "passport valid until"),
    (("entry", "on"), "入境日期", "date of entry"),
    (("sheet", "visa_type"), "签证种类", "visa type"),
    (("entry", "stay_days"), "停留天数", "stay days"),
    (("work_permit", "number"), "工作许可证号", "work permit number"),
    (("work_permit", "issued_on"), "工作许可签发日期", "work permit issue date"),
    (("work_permit", "expires_on"), "工作许可有效期至", "work permit valid until"),
    (("residence_permit", "number"), "居留许可号码", "residence permit number"),
    (("residence_permit", "issued_on"), "居留许可签发日期", "residence permit issue date"),
    (("residence_permit", "expires_on"), "居留许可有效期至", "residence permit valid until"),
    (("residence_permit", "purpose"), "居留事由", "residence permit purpose"),
    (("hmt_travel_permit", "number"), "来往大陆通行证号码", "HMT travel permit number"),
    (("hmt_travel_permit", "expires_on"), "来往大陆通行证有效期至",
     "HMT travel permit valid until"),
    (("hmt_residence_card", "number"), "港澳台居民居住证号码", "HMT residence card number"),
    (("hmt_residence_card", "expires_on"), "港澳台居民居住证有效期至",
     "HMT residence card valid until"),
    (("permanent_residence_card", "number"), "永居证号码", "permanent residence card number"),
    (("permanent_residence_card", "expires_on"), "永居证有效期至",
     "permanent residence card valid until"),
    (("contract", "starts_on"), "合同开始日期", "contract start date"),
    (("contract", "ends_on"), "合同结束日期", "contract end date"),
    (("contract", "post"), "岗位", "post"),
    (("health_certificate", "issued_on"), "体检日期", "health check date"),
    (("no_criminal_record", "issued_on"), "无犯罪记录证明日期", "no criminal record date"),
)  # fmt: skip
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
    for index, (path, zh, en) in enumerate(COLUMNS, start=1):
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
    column.number_format = "yyyy-mm-dd" if _is_day(path) else "@"
    if _is_day(path):
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


def _is_day(path: Path) -> bool:
    kind, name = path
    return kind != "sheet" and kinds.KINDS[kind].fields[name].type == "date"
