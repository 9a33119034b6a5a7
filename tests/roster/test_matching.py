"""Whom a row is about: never guessed, never doubled."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.roster.recorded import take_in
from tests.roster.sheets import write_xlsx
from tracker.core.db import db
from tracker.facts.models import Person

HEADINGS = ("工号", "姓名", "英文名", "国籍", "护照号码", "出生日期", "手机")
ON_RECORD = ("D1", "马爱丽", "MARTIN Alice", "法国", "P1", date(1980, 2, 3), "1")


@pytest.fixture
def told(app, tmp_path):
    """Imports rows; returns the action of each, or the reason why it was not taken."""

    def tell(*rows, headings=HEADINGS):
        judged = []
        take_in(write_xlsx(tmp_path / "r.xlsx", [headings, *rows]), look=judged.append)
        return [each.rejections[0].message if each.rejections else each.action for each in judged]

    return tell


def people():
    return db.session.scalar(sa.select(sa.func.count(Person.id)))


@pytest.mark.parametrize(
    "row",
    [
        ("D1", None, None, None, None, None, "2"),
        (None, None, None, None, "P1", None, "2"),
        (None, None, None, None, " p 1 ", None, "2"),
        (None, "马爱丽", None, None, None, None, "2"),
        (None, None, "MARTIN Alice", "法国", None, None, "2"),
        (None, "马爱丽", "MARTIN Alice", "法国", "P9", date(1980, 2, 3), "2"),
        ("D1", "马爱莉", "MARTIN Alice", "法国", "P9", None, "2"),
    ],
)
def test_person_on_record_is_found(told, row):
    told(ON_RECORD)

    assert told(row) == ["updated"]
    assert people() == 1


@pytest.mark.parametrize(
    "row",
    [
        ("D2", "马爱丽", "MARTIN Alice", "法国", "P2", None, "2"),
        (None, "马爱丽", "MARTIN Alice", "法国", "P2", date(1991, 2, 3), "2"),
        (None, "马爱丽", "MARTIN Alice", "德国", "P2", None, "2"),
        (None, "马爱丽", "MARTIN Alix", "法国", "P2", None, "2"),
    ],
)
def test_somebody_else_is_added(told, row):
    told(ON_RECORD)

    assert told(row) == ["created"]
    assert people() == 2


def test_another_passport_alone_is_not_guessed_at(told):
    told(ON_RECORD)

    (reason,) = told((None, "马爱丽", "MARTIN Alice", "法国", "P2", None, "2"))

    assert "another passport" in reason
    assert people() == 1


def test_numbers_of_two_people_in_one_row_are_refused(told):
    told(ON_RECORD, ("D2", "白安", "WEBER Anna", "德国", "P2", None, "1"))

    (reason,) = told(("D1", "马爱丽", "MARTIN Alice", "法国", "P2", None, "2"))

    assert "belong to different people" in reason


def test_name_of_two_people_on_record_is_refused(told):
    told(ON_RECORD, ("D2", "马爱丽", "MARTIN Alice", "法国", "P2", None, "1"))

    (reason,) = told((None, "马爱丽", "MARTIN Alice", "法国", None, None, "2"))

    assert "Several people" in reason


def test_person_named_by_different_numbers_in_one_file_is_taken_once(told):
    told(ON_RECORD)

    found = told(
        ("D1", None, None, None, None, None, "2"), (None, None, None, None, "P1", None, "3")
    )

    assert found == ["updated", "Row 2 is about the same person. Keep one of the two."]


def test_same_name_twice_in_one_file_needs_numbers(told):
    first, second = told(
        (None, "马爱丽", None, "法国", None, None, "1"),
        (None, "马爱丽", None, "法国", "P2", None, "2"),
    )

    assert (first, "Give both" in second) == ("created", True)


def test_same_name_with_numbers_of_their_own_are_two_people(told):
    assert told(ON_RECORD, ("D2", "马爱丽", "MARTIN Alice", "法国", "P2", None, "2")) == [
        "created", "created"
    ]  # fmt: skip


def test_unknown_numbers_alone_add_nobody(told):
    (reason,) = told(("D7", None, None, None, "P7", None, "1"))

    assert "Give the name too" in reason
    assert people() == 0


def test_people_without_numbers_are_matched_by_name_the_next_time(told):
    rows = [(None, f"人{n}", f"PERSON Number{n}", "法国", None, None, "1") for n in range(3)]
    told(*rows)

    assert told(*rows) == ["unchanged"] * 3


def test_numbers_told_later_are_added_to_who_had_none(told):
    told((None, "马爱丽", "MARTIN Alice", "法国", None, None, "1"))

    assert told(ON_RECORD) == ["updated"]
    assert told(ON_RECORD) == ["unchanged"]
    assert people() == 1
