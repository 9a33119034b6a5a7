"""Cells become values as they stand, or are refused with what to write instead."""

import pytest

from tracker.roster.cells import EPOCH_1900, CellError
from tracker.roster.dates import Refusal
from tracker.roster.values import parser_of


def parsed(kind, name, cell):
    return parser_of((kind, name), EPOCH_1900)(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("00712345", "00712345"),
        ("e1234567", "E1234567"),
        (" G 1234 5678 ", "G12345678"),
        ("Ｐ００１", "P001"),
        (12345678, "12345678"),
        (12345678.0, "12345678"),
        ('="00123"', "00123"),
        ("'00123", "00123"),
        ("WP-2026/17", "WP-2026/17"),
        ("/", None),
        ("无", None),
        ("—", None),
        ("  ", None),
    ],
)
def test_number_stays_text_with_its_zeros(app_words, cell, number):
    assert parsed("passport", "number", cell) == number


@pytest.mark.parametrize("cell", [1e23, "1E+23", "1.2E+15", "1.23E23", 1234567890123456789, 12.5])
def test_number_that_excel_has_spoilt_is_refused(app_words, cell):
    found = parsed("passport", "number", cell)

    assert isinstance(found, Refusal)
    assert "Format the column as text" in found.message


@pytest.mark.parametrize("number", ["1E23", "E123", "12E4", "1E5678"])
def test_number_with_an_e_in_it_is_no_figure(app_words, number):
    assert parsed("passport", "number", number) == number


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("法国", "FRA"), ("France", "FRA"), ("FRA", "FRA"), ("fr", "FRA"), ("法", "FRA"),
        ("美利坚合众国", "USA"), ("U.S.A.", "USA"), ("英国", "GBR"), ("United Kingdom", "GBR"),
        ("韩国", "KOR"), ("中国香港", "HKG"), ("台湾", "TWN"), ("Macao SAR", "MAC"),
        ("俄罗斯联邦", "RUS"), ("阿联酋", "ARE"), ("Côte d’Ivoire", "CIV"),
    ],
)  # fmt: skip
def test_nationality_is_known_by_its_names(app_words, cell, code):
    assert parsed("profile", "nationality", cell) == code


@pytest.mark.parametrize("cell", ["刚果", "Korea", "Congo", "Atlantis", 33])
def test_nationality_that_is_unknown_or_ambiguous_is_refused(app_words, cell):
    found = parsed("profile", "nationality", cell)

    assert isinstance(found, Refusal)
    assert "ISO code" in found.message


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("category", "A类", "A"), ("category", "外国专业人才（B类）", "B"), ("category", "c", "C"),
        ("status", "在职", "active"), ("status", "已离职", "departed"),
        ("status", "On leave", "on_leave"), ("language", "中英双语", "both"),
        ("sex", "女", "F"), ("sex", "male", "M"), ("identity", "港澳台", "hmt"),
    ],
)  # fmt: skip
def test_choice_is_known_by_its_words(app_words, field, cell, value):
    assert parsed("profile", field, cell) == value


def test_choice_that_is_none_is_refused_with_the_choices(app_words):
    found = parsed("profile", "status", "度假")

    assert isinstance(found, Refusal)
    assert "招聘中、在职、休假、离职" in found.message


@pytest.mark.parametrize(
    "cell", ["alice", "a@b", "a b@example.org", "a@example.org;b@example.org", "爱@example.org"]
)
def test_address_that_is_none_or_several_is_refused(app_words, cell):
    assert isinstance(parsed("profile", "email", cell), Refusal)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (CellError("#N/A"), "shows the error #N/A"),
        (CellError("="), "no stored result"),
        (CellError("物理学院"), "merged"),
        ("a\x07b", "no text"),
        ("x" * 121, "longer than 120"),
    ],
)
def test_cell_that_cannot_be_read_is_refused(app_words, cell, told):
    found = parsed("profile", "name_zh", cell)

    assert isinstance(found, Refusal)
    assert told in found.message


@pytest.mark.parametrize(("cell", "days"), [(30, 30), ("30天", 30), ("30 days", 30), (30.0, 30)])
def test_days_of_stay_are_counted(app_words, cell, days):
    assert parsed("entry", "stay_days", cell) == days


@pytest.mark.parametrize("cell", [0, -3, 4000, "一个月", 30.5])
def test_days_that_are_none_are_refused(app_words, cell):
    assert isinstance(parsed("entry", "stay_days", cell), Refusal)


def test_name_keeps_its_order_and_loses_its_padding(app_words):
    assert parsed("profile", "name_en", " MARTIN\u00a0 Alice ") == "MARTIN Alice"
