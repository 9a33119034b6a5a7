"""Rows of one programme and number are one project; its people share its days."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import make_person, record
from tracker.accounts.scope import Scope
from tracker.core.errors import Invalid
from tracker.lives import projects

NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
ALL = Scope(everybody=True)
SHARED = {"programme": "国家外国专家项目", "number": "G1", "starts_on": "2026-01-01",
          "ends_on": "2027-03-31", "apply_by": "2025-10-31"}  # fmt: skip


def test_a_project_is_told_of_all_its_people_and_changed_for_all(app):
    alice, bob = make_person(employee_no="D1"), make_person(name_en="BOB", name_zh=None)
    named = projects.people_named("D1\nBOB\n")
    projects.tell(None, SHARED, named, by="test", at=NOW)
    record(bob, "project", programme="国家外国专家项目", number="G2", person_months=3)
    project = projects.projects(ALL)[0]

    projects.tell(project, SHARED | {"reported_on": "2027-03-01"}, [], by="test", at=NOW)

    found = projects.projects(ALL)
    assert [(each.data["number"], len(each.parts)) for each in found] == [("G1", 2), ("G2", 1)]
    assert found[0].data["reported_on"] == date(2027, 3, 1)
    assert projects.sums(found) == [projects.Sum("国家外国专家项目", 2, 2, 3)]
    assert [each.data["number"] for each in projects.projects(ALL, year=2028)] == ["G2"]
    assert projects.projects(Scope(person_id=alice.id)) != []


def test_a_name_that_is_nobodys_or_two_peoples_is_said(app):
    make_person()
    make_person()

    with pytest.raises(Invalid) as caught:
        projects.people_named("NOBODY\nMARTIN Alice")

    assert "NOBODY; MARTIN Alice" in caught.value.messages["people"][0]


def test_what_is_still_to_be_nominated_comes_first(app):
    person = make_person()
    record(person, "award", award="友谊奖", nominate_by=date(2026, 1, 1),
           nominated_on=date(2025, 12, 1))  # fmt: skip
    record(person, "award", award="编钟奖", nominate_by=date(2026, 10, 1))

    assert [part.data["award"] for part in projects.honours(ALL)] == ["编钟奖", "友谊奖"]
