"""Real workbooks, new and old, as offices make them."""

from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
import xlwt

from tests.roster.sheets import lines_of, write_xlsx
from tracker.core.errors import Invalid
from tracker.roster.cells import CellError
from tracker.roster.reader import open_roster
from tracker.roster.tables import Roster

HEADINGS = ["姓名", "国籍", "护照号码", "护照有效期", "聘用单位"]
ALICE = ["马爱丽", "法国", "P1", date(2030, 5, 31), "物理学院"]
ANNA = ["白安", "德国", "P2", date(2031, 1, 31), "化学学院"]


def rows_of(path):
    """Return (row, told facts or rejections) of a roster."""
    return [
        (line.row, told.facts if told else [r.message for r in line.rejections])
        for line, told in lines_of(Roster(path).chunks(10))
    ]


def cells_of(path):
    (sheet,) = open_roster(path).sheets
    return [row.cells for row in sheet.rows()]


def write_xls(path, rows, **formats):
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        for index, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(number, index, value, day)
            elif value is not None:
                sheet.write(number, index, value)
    book.save(str(path))
    return path


@pytest.fixture(params=["xlsx", "xls"])
def write(request, tmp_path, app_words):
    """Writes rows as a workbook of either kind."""
    writer = {"xlsx": write_xlsx, "xls": write_xls}[request.param]
    return lambda rows: writer(tmp_path / f"roster.{request.param}", rows)


def test_rows_with_a_title_above_and_blank_rows_between(write):
    path = write([["名册"], [], HEADINGS, [], ALICE, [], ANNA])

    found = rows_of(path)

    assert [row for row, _ in found] == [5, 7]
    assert found[0][1] == {
        "profile": {"name_zh": "马爱丽", "nationality": "FRA", "unit": "物理学院"},
        "passport": {"number": "P1", "expires_on": date(2030, 5, 31)},
    }


def test_numbers_and_dates_keep_what_they_are(write):
    path = write([HEADINGS, ["马", "FRA", "00712", 46356, "1E5"], ["安", "FRA", 712, "2026.11.30"]])

    assert cells_of(path)[1:] == [
        ["马", "FRA", "00712", 46356, "1E5"], ["安", "FRA", 712, "2026.11.30"]
    ]  # fmt: skip


def test_wrong_kind_of_file_is_recognised_by_its_content(tmp_path, app_words):
    named_xls = write_xlsx(tmp_path / "new.xls", [HEADINGS, ALICE])
    named_csv = write_xls(tmp_path / "old.csv", [HEADINGS, ALICE])

    assert [row for row, _ in rows_of(named_xls)] == [2]
    assert [row for row, _ in rows_of(named_csv)] == [2]


def test_value_merged_downwards_stands_in_each_row(tmp_path, app_words):
    path = tmp_path / "merged.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADINGS, ALICE, [*ANNA[:4], None], ["林", "日本", "P3", None, "历史学院"]):
        sheet.append(row)
    sheet.merge_cells("E2:E3")
    book.save(path)

    units = [facts["profile"]["unit"] for _, facts in rows_of(path)]

    assert units == ["物理学院", "物理学院", "历史学院"]


def test_value_merged_downwards_in_an_old_workbook_too(tmp_path, app_words):
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    for index, heading in enumerate(HEADINGS):
        sheet.write(0, index, heading)
    for number, person in enumerate((ALICE, ANNA), start=1):
        for index in range(3):
            sheet.write(number, index, person[index])
    sheet.write_merge(1, 2, 4, 4, "物理学院")
    book.save(str(tmp_path / "merged.xls"))

    found = rows_of(tmp_path / "merged.xls")

    assert [facts["profile"]["unit"] for _, facts in found] == ["物理学院"] * 2


def test_cells_merged_across_a_row_are_refused_not_guessed(tmp_path, app_words):
    path = tmp_path / "merged.xlsx"
    book = openpyxl.Workbook()
    for row in (HEADINGS, ["马爱丽", "法国", None, None, "物理学院"], ANNA):
        book.worksheets[0].append(row)
    book.worksheets[0].merge_cells("B2:D2")
    book.save(path)

    (_, first), (_, second) = rows_of(path)

    assert ["Undo the merge" in message for message in first] == [True, True]
    assert second["passport"]["number"] == "P2"


def test_hidden_sheets_and_sheets_without_headings_are_left_out_and_named(tmp_path, app_words):
    path = tmp_path / "sheets.xlsx"
    book = openpyxl.Workbook()
    notes, people, old = book.worksheets[0], book.create_sheet("在职"), book.create_sheet("旧")
    notes.title = "说明"
    notes.append(["请勿改动"])
    for sheet, person in ((people, ALICE), (old, ANNA)):
        sheet.append(HEADINGS)
        sheet.append(person)
    old.sheet_state = "veryHidden"
    book.save(path)

    roster = Roster(path)

    assert [line.who.label for line, _told in lines_of(roster.chunks(10))] == ["马爱丽"]
    assert roster.head.notices == [
        "The hidden sheet 旧 was skipped.", "The sheet 说明 has no headings."
    ]  # fmt: skip


def test_several_sheets_are_read_and_named_in_messages(tmp_path, app_words):
    path = tmp_path / "sheets.xlsx"
    book = openpyxl.Workbook()
    for sheet, person in ((book.worksheets[0], ALICE), (book.create_sheet("化学"), ANNA)):
        sheet.append(HEADINGS)
        sheet.append([*person[:3], "03/04/2027"])
    book.save(path)

    rejected = [r.column for line, _ in lines_of(Roster(path).chunks(9)) for r in line.rejections]

    assert rejected == ["Sheet!D 护照有效期", "化学!D 护照有效期"]


def test_hidden_sheet_of_an_old_workbook_is_left_out(tmp_path, app_words):
    book = xlwt.Workbook()
    for name, hidden in (("在职", 0), ("旧", 1)):
        sheet = book.add_sheet(name)
        sheet.visibility = hidden
        for index, heading in enumerate(HEADINGS):
            sheet.write(0, index, heading)
    book.save(str(tmp_path / "hidden.xls"))

    source = open_roster(tmp_path / "hidden.xls")

    assert [sheet.name for sheet in source.sheets] == ["在职"]
    assert source.notices == ["The hidden sheet 旧 was skipped."]


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates_count_from_the_epoch_of_the_workbook(tmp_path, app_words, since_1904):
    path = tmp_path / "dates.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": since_1904})
    sheet = book.add_worksheet()
    chinese = book.add_format({"num_format": '[$-804]yyyy"年"m"月"d"日";@'})
    sheet.write_datetime(0, 0, datetime(2026, 11, 30), chinese)
    sheet.write_datetime(0, 1, datetime(2026, 11, 30, 8, 15), book.add_format({"num_format": 22}))
    book.close()

    assert cells_of(path) == [[date(2026, 11, 30), datetime(2026, 11, 30, 8, 15)]]


def test_old_workbook_counts_from_its_epoch_too(tmp_path, app_words):
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("s")
    sheet.write(0, 0, 44894, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    book.save(str(tmp_path / "dates.xls"))

    assert cells_of(tmp_path / "dates.xls") == [[date(2026, 11, 30)]]


def test_format_of_zeros_keeps_them(tmp_path, app_words):
    new, old = xlsxwriter.Workbook(tmp_path / "z.xlsx"), xlwt.Workbook()
    new.add_worksheet().write_number(0, 0, 712, new.add_format({"num_format": "00000000"}))
    new.close()
    old.add_sheet("s").write(0, 0, 712, xlwt.easyxf(num_format_str="00000000"))
    old.save(str(tmp_path / "z.xls"))

    assert cells_of(tmp_path / "z.xlsx") == cells_of(tmp_path / "z.xls") == [["00000712"]]


def test_formula_gives_its_stored_result_or_says_that_it_has_none(tmp_path, app_words):
    path = tmp_path / "formulas.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=1+1", value=2)
    sheet.write_formula(0, 1, '="a"&"b"', value="ab")
    sheet.write_formula(0, 2, "=NA()", value="#N/A")
    sheet.write_boolean(0, 3, True)
    book.close()
    bare = openpyxl.Workbook()
    bare.worksheets[0]["A1"] = "=1+1"
    bare.save(tmp_path / "bare.xlsx")

    assert cells_of(path) == [[2, "ab", CellError("#N/A"), "TRUE"]]
    assert cells_of(tmp_path / "bare.xlsx") == [[CellError("=")]]


def test_error_cell_of_an_old_workbook_stays_an_error(tmp_path, app_words):
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    sheet.row(0).set_cell_error(0, 0x2A)
    sheet.row(0).set_cell_boolean(1, False)
    book.save(str(tmp_path / "errors.xls"))

    assert cells_of(tmp_path / "errors.xls") == [[CellError("#N/A"), "FALSE"]]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.xlsx", b"", "is empty"),
        ("cut.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("cut.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "damaged"),
        ("scan.pdf", b"%PDF-1.7 ...", "no table"),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n", "no table"),
        ("page.xls", b"<html><table><tr><td>x</td></tr></table>", "web page"),
    ],
)
def test_file_of_another_kind_is_refused(tmp_path, app_words, name, content, told):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Invalid, match=told):
        Roster(path)


def test_cut_workbooks_are_refused_wherever_they_break_off(tmp_path, app_words):
    whole = {
        "xlsx": write_xlsx(tmp_path / "a.xlsx", [HEADINGS, ALICE]).read_bytes(),
        "xls": write_xls(tmp_path / "a.xls", [HEADINGS, *[ALICE] * 40]).read_bytes(),
    }
    for kind, content in whole.items():
        for share in (0.2, 0.5, 0.8):
            path = tmp_path / f"cut.{kind}"
            path.write_bytes(content[: int(len(content) * share)])
            with pytest.raises(Invalid, match="damaged"):
                rows_of(path)
