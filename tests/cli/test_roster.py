"""import roster, undo and list; export template and roster."""

import json
from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa

from tests.roster.sheets import ALICE, ANNA, HEADINGS, lines_of, roster
from tracker.accounts.models import AuditEntry
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.roster.tables import Roster


@pytest.fixture
def file(tmp_path):
    return roster(tmp_path / "roster.xlsx", ALICE, ANNA | {"护照有效期": "03/04/2027"})


def people():
    count = db.session.scalar(sa.select(sa.func.count(Person.id)))
    db.session.rollback()
    return count


def test_json_is_one_object_of_the_shape_the_design_fixes(app, said, file):
    told = said("import", "roster", str(file))

    assert told == {
        "rows": 2, "created": 1, "updated": 0, "unchanged": 0,
        "rejected": [{
            "row": 3, "column": "E 护照有效期",
            "message": "This can be 2027-03-04 or 2027-04-03. "
                       "Write the year first, like 2026-11-30.",
        }],
    }  # fmt: skip


def test_rejected_rows_end_with_one_and_are_named(app, tracker, file):
    result = tracker("import", "roster", str(file))

    assert result.exit_code == 1
    assert "row 3, E 护照有效期: This can be" in result.stderr
    assert result.stdout.splitlines()[0] == "2 rows, 1 created, 0 updated, 0 unchanged, 1 rejected"
    assert "2 rows, " in result.stderr


def test_dry_run_shows_each_change_and_makes_none(app, tracker, file):
    tracker("import", "roster", str(file))
    roster(file, ALICE | {"居留许可有效期至": date(2027, 12, 31)})

    result = tracker("import", "roster", str(file), "--dry-run")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "row 2: 马爱丽 MARTIN Alice updated",
        "    residence_permit.expires_on: 2026-12-31 -> 2027-12-31",
        "1 rows, 0 created, 1 updated, 0 unchanged, 0 rejected",
    ]
    assert json.loads(tracker("import", "roster", str(file), "--dry-run", "--json").stdout) == {
        "rows": 1, "created": 0, "updated": 1, "unchanged": 0, "rejected": []
    }  # fmt: skip


def test_import_list_and_undo_tell_and_note_what_was_done(app, tracker, said, file):
    tracker("import", "roster", str(file))
    (listed,) = said("import", "list")["imports"]

    undone = tracker("import", "undo", str(listed["id"]))
    again = tracker("import", "undo", str(listed["id"]))

    assert (listed["filename"], listed["finished"], listed["undone"]) == (
        "roster.xlsx",
        True,
        False,
    )
    assert undone.stdout == "import 1 is undone: 1 people removed, 0 as before\n"
    assert (again.exit_code, again.stderr) == (1, "tracker: Import 1 was undone already.\n")
    assert people() == 0
    assert "undone" in tracker("import", "list").stdout
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["roster imported", "import undone"]


def test_import_that_changes_nothing_leaves_no_record(app, tracker, said, file):
    tracker("import", "roster", str(file))

    tracker("import", "roster", str(file))

    assert len(said("import", "list")["imports"]) == 1


@pytest.mark.parametrize("name", ["scan.pdf", "empty.xlsx"])
def test_file_that_is_no_roster_changes_nothing(app, tracker, said, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"%PDF-1.7" if name == "scan.pdf" else b"")

    result = tracker("import", "roster", str(path), "--json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("tracker: ")
    assert said("import", "list") == {"imports": []}


@pytest.mark.parametrize(
    "arguments",
    [("roster",), ("roster", "missing.xlsx"), ("undo", "x"), ("undo",), ("roster", "--quiet")],
)
def test_wrong_use_ends_with_two(tracker, arguments):
    assert tracker("import", *arguments).exit_code == 2


def test_template_is_empty_recognised_and_offers_choices(app, tracker, tmp_path):
    path = tmp_path / "template.xlsx"

    result = tracker("export", "template", str(path))

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    lists = [each for each in sheet.data_validations.dataValidation if each.type == "list"]
    assert result.exit_code == 0
    assert sheet.max_row == 1
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible", "hidden"]
    assert len(lists) == 6
    assert sheet.column_dimensions["P"].number_format == "@"
    assert sheet.column_dimensions["Q"].number_format == "yyyy-mm-dd"
    assert tracker("import", "roster", str(path)).exit_code == 0


def test_filled_in_template_is_imported(app, tracker, said, tmp_path):
    path = tmp_path / "template.xlsx"
    tracker("export", "template", str(path))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [str(cell.value).partition("\n")[0] for cell in sheet[1]]
    row = {"中文名": "马爱丽", "国籍": "法国", "护照号码": "00712", "状态": "在职",
           "出生日期": date(1980, 2, 3)}  # fmt: skip
    for heading, value in row.items():
        sheet.cell(2, headings.index(heading) + 1, value)
    book.save(path)

    assert said("import", "roster", str(path))["created"] == 1
    ((_line, told),) = lines_of(Roster(path).chunks(5))
    assert told.facts["passport"] == {"number": "00712"}


def test_template_offers_the_units_on_record(app, tracker, tmp_path, file):
    tracker("import", "roster", str(file))
    path = tmp_path / "template.xlsx"

    tracker("export", "template", str(path))

    offered = openpyxl.load_workbook(path).worksheets[1]
    assert "物理学院" in [cell.value for column in offered.columns for cell in column]


def test_exported_roster_imports_as_unchanged(app, tracker, said, tmp_path, file):
    tracker("import", "roster", str(file))
    path = tmp_path / "everybody.xlsx"

    result = tracker("export", "roster", str(path))

    assert result.stdout == f"{path}: 1 people\n"
    assert said("import", "roster", str(path)) == {
        "rows": 1, "created": 0, "updated": 0, "unchanged": 1, "rejected": []
    }  # fmt: skip


def test_headings_of_these_tests_are_all_known(app, file):
    assert Roster(file).head.notices == []
    assert len(HEADINGS) == 11
