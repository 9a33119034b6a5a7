"""Text files in each of their encodings."""

import pytest

from tests.roster.sheets import lines_of
from tracker.core.errors import Invalid
from tracker.roster.tables import Roster

TEXT = "姓名,国籍,护照号码,聘用单位\n马爱丽,法国,00712,物理学院\n白安,德国,P2,化学学院\n"


def told_by(path):
    lines = lines_of(Roster(path).chunks(10))
    return [(line.row, line.who.label, told.facts["passport"]["number"]) for line, told in lines]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_is_read_in_its_encoding(tmp_path, app_words, encoding):
    path = tmp_path / "roster.csv"
    path.write_bytes(TEXT.encode(encoding))

    assert told_by(path) == [(2, "马爱丽", "00712"), (3, "白安", "P2")]


def test_rare_character_of_gb18030_is_read(tmp_path, app_words):
    path = tmp_path / "roster.csv"
    path.write_bytes(TEXT.replace("马爱丽", "𠮷野家㐂").encode("gb18030"))

    assert told_by(path)[0] == (2, "𠮷野家㐂", "00712")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_text_is_read_with_each_delimiter(tmp_path, app_words, delimiter, newline):
    path = tmp_path / "roster.txt"
    path.write_bytes(TEXT.replace(",", delimiter).replace("\n", newline).encode())

    assert [row for row, *_ in told_by(path)] == [2, 3]


def test_blank_lines_and_lines_of_commas_count_but_say_nothing(tmp_path, app_words):
    path = tmp_path / "roster.csv"
    path.write_text("名册,,,\n,,,\n" + TEXT + "\n,,,\n" + "林,日本,P3,历史学院\n")

    assert [row for row, *_ in told_by(path)] == [4, 5, 8]


def test_quoted_cells_may_hold_delimiters_and_line_ends(tmp_path, app_words):
    path = tmp_path / "roster.csv"
    path.write_text('姓名,国籍,"护照\n号码",住址\n马爱丽,法国,P1,"东院, 3 栋\n201"\n')

    ((_line, told),) = lines_of(Roster(path).chunks(10))

    assert told.facts["profile"]["address"] == "东院, 3 栋 201"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00\xd8\x00\xd8\x41", "neither UTF-8 nor GB18030|cannot be read"),
        (b"\x81" * 5001, "neither UTF-8 nor GB18030"),
        (("姓名,国籍\n" + '"' + "x" * 200_000).encode(), "quotation mark"),
    ],
)
def test_text_that_cannot_be_read_is_refused(tmp_path, app_words, content, message):
    path = tmp_path / "roster.csv"
    path.write_bytes(content)

    with pytest.raises(Invalid, match=message):
        told_by(path)


def test_nul_in_a_cell_is_refused_with_its_row(tmp_path, app_words):
    path = tmp_path / "roster.csv"
    path.write_bytes(TEXT.replace("白安", "白\0安").encode())

    rejected = [r for line, _ in lines_of(Roster(path).chunks(9)) for r in line.rejections]

    assert [(r.row, r.column) for r in rejected] == [(3, "A 姓名")]
