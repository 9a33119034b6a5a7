"""Headings are found wherever they stand, in either language, in any order."""

import pytest

from tracker.roster.cells import Row
from tracker.roster.columns import RARE, TEMPLATE
from tracker.roster.headings import find_layout, meaning


def layout_of(*rows):
    return find_layout([Row(number, list(cells)) for number, cells in enumerate(rows, start=1)])


def paths(layout):
    return {column.index: column.path for column in layout.columns}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("姓名", ("sheet", "name")),
        ("英文名", ("profile", "name_en")),
        ("国籍", ("profile", "nationality")),
        ("护照号码", ("passport", "number")),
        ("护照有效期", ("passport", "expires_on")),
        ("工作许可证号", ("work_permit", "number")),
        ("居留许可有效期至", ("residence_permit", "expires_on")),
        ("聘用单位", ("profile", "unit")),
        ("专家类别", ("profile", "category")),
        ("合同起止", ("sheet", "contract_range")),
        (" 护照 号码：", ("passport", "number")),
        ("护照号码（必填）", ("passport", "number")),
        ("护照有效期（年/月/日）", ("passport", "expires_on")),
        ("Passport No.", ("passport", "number")),
        ("PASSPORT EXPIRY DATE", ("passport", "expires_on")),
        ("Date of expiry of passport", ("passport", "expires_on")),
        ("Name / 姓名", ("sheet", "name")),
        ("国籍\nNationality", ("profile", "nationality")),
        ("Residence permit valid until", ("residence_permit", "expires_on")),
        ("台胞证/回乡证 有效期至", ("hmt_travel_permit", "expires_on")),
        ("永居证到期日", ("permanent_residence_card", "expires_on")),
        ("备注", None),
        ("护照号码/居留许可号码", None),
        ("", None),
    ],
)
def test_heading_means_its_field_or_nothing(heading, field):
    assert meaning(heading) == field


@pytest.mark.parametrize(("path", "zh", "en"), [*TEMPLATE, *RARE])
def test_headings_of_our_own_sheets_are_known(path, zh, en):
    assert [meaning(text) for text in (zh, en, f"{zh}\n{en}")] == [path] * 3


def test_title_rows_and_blank_rows_above_are_passed_over():
    layout = layout_of(
        ["武汉某大学外国专家名册"], [], ["填表人：李经办", None, "2026年9月"],
        ["序号", "姓名", "国籍", "护照号码"], [1, "马爱丽", "法国", "P1"],
    )  # fmt: skip

    assert layout.first_row == 5
    assert paths(layout) == {
        1: ("sheet", "name"), 2: ("profile", "nationality"), 3: ("passport", "number")
    }  # fmt: skip


def test_columns_may_stand_in_any_order_with_gaps():
    layout = layout_of(["护照号码", None, "国籍", None, "姓名"])

    assert paths(layout) == {
        0: ("passport", "number"), 2: ("profile", "nationality"), 4: ("sheet", "name")
    }  # fmt: skip


def test_two_rows_of_headings_are_read_together():
    layout = layout_of(
        ["姓名", "护照", None, "居留许可", None],
        [None, "号码", "有效期至", "号码", "有效期至"],
        ["马爱丽", "P1", "2030-01-01", "R1", "2026-01-01"],
    )

    assert layout.first_row == 3
    assert list(paths(layout).values()) == [
        ("sheet", "name"), ("passport", "number"), ("passport", "expires_on"),
        ("residence_permit", "number"), ("residence_permit", "expires_on"),
    ]  # fmt: skip


def test_row_of_data_is_not_taken_for_a_second_row_of_headings():
    layout = layout_of(["姓名", "国籍", "状态"], ["张三", "国籍", "在职"])

    assert layout.first_row == 2


def test_unknown_and_repeated_columns_are_named():
    layout = layout_of(["序号", "姓名", "国籍", "喜爱的颜色", "Nationality"])

    assert layout.unknown == ["D 喜爱的颜色"]
    assert layout.repeated == [("C 国籍", "E Nationality")]


@pytest.mark.parametrize(
    "rows", [[], [["a", "b"]], [["国籍", "单位"]], [["姓名"]], [[1, 2], [3, 4]]]
)
def test_table_that_names_nobody_has_no_layout(rows):
    assert layout_of(*rows) is None
