"""What is taken along calculates nothing, and is the same when it is read in again."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_person, record
from tracker.core.db import db
from tracker.core.spreadsheets import guarded, unguarded
from tracker.directory import export
from tracker.directory.export import Export
from tracker.roster import service as roster

BEGINNINGS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1+1", "＋1", "－1",
              "＠A1", "|cmd", "'=1", "''-1")  # fmt: skip


@pytest.mark.parametrize("text", BEGINNINGS)
def test_what_would_be_calculated_is_guarded_and_comes_back(text):
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@given(st.text())
def test_guarding_any_text_can_be_undone(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["MARTIN Alice", "'s-Hertogenbosch", "江-海", "", "1.5"])
def test_harmless_text_is_left_alone(text):
    assert guarded(text) == text


@pytest.fixture
def people(app):
    """Somebody with each beginning in a name and a unit, or (wide ones) in the address."""
    made = []
    for number, text in enumerate(map(str.strip, BEGINNINGS)):
        named = {"name_en": f"{text} X{number}", "unit": f"{text}院"} if text.isascii() else {}
        made.append(make_person(
            **{"address": text, "employee_no": f"D{number:03}", "phone": "+86 27 1234"} | named
        ))  # fmt: skip
        record(made[-1], "passport", number=f"E0{number}", expires_on=date(2030, 1, 1))
    db.session.commit()
    return [person.id for person in made]


def test_workbook_holds_no_formula_and_no_link(people, tmp_path):
    file = tmp_path / "list.xlsx"

    export.write_workbook(file, Export(language="zh", numbers=True), people)

    cells = [cell for row in openpyxl.load_workbook(file).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert [cell for cell in cells if cell.hyperlink] == []
    assert [c.value for c in cells if c.data_type == "n" and c.value is not None] == []


def test_csv_begins_with_the_mark_and_no_cell_with_a_formula(people):
    content = b"".join(export.lines(Export(language="en", numbers=True), people))

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + len(people)
    begun = {cell[0] for row in rows[1:] for cell in row if cell}
    assert begun & set("=+-@|\t\r＝＋－＠｜") == set()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_list_read_in_again_changes_nothing(people, tmp_path, kind, language):
    file = tmp_path / f"list.{kind}"
    sheet = Export(language=language, numbers=True)
    if kind == "csv":
        file.write_bytes(b"".join(export.lines(sheet, people)))
    else:
        export.write_workbook(file, sheet, people)

    report = roster.examine(file, today=date(2026, 1, 5))

    assert (report.unchanged, report.rejected) == (len(people), [])


def test_numbers_stay_with_those_who_may_read_them(people):
    content = b"".join(export.lines(Export(language="en", numbers=False), people)).decode()

    assert "E00" not in content
    assert [h for h in Export(language="en", numbers=False).headings if "number" in h] == [
        "staff number"
    ]
