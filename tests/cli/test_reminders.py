"""remind, preview and explain, as the design fixes them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.reminders import decisions
from tracker.rules.load import load_book

DAY = date(2026, 9, 10)
COUNTS = {"planned", "accepted", "deferred", "refused", "held", "superseded"}


@pytest.fixture
def alice(app):
    person = make_person()
    make_residence_permit(person)
    moved_in_at = datetime(2025, 11, 1, 12, tzinfo=UTC)
    record(person, "accommodation", moved_in_at=moved_in_at, registered_on=date(2025, 11, 2))
    pipeline.refresh([person.id], today=DAY, now=clock.now())
    db.session.commit()
    return person


def test_remind_prints_the_six_counts_and_the_second_run_plans_none(alice, said, sink):
    first = said("remind", "--today", "2026-09-10")
    second = said("remind", "--today", "2026-09-10")

    assert set(first) == COUNTS
    assert (first["planned"], first["accepted"], len(sink.received)) == (1, 1, 1)
    assert second == dict.fromkeys(COUNTS, 0)


def test_dry_run_sends_nothing(alice, said, sink):
    counted = said("remind", "--today", "2026-09-10", "--dry-run")

    assert (counted["planned"], counted["accepted"], sink.received) == (1, 0, [])


@pytest.mark.parametrize("day", ["10.09.2026", "2026-02-30", "tomorrow"])
def test_wrong_day_is_wrong_use_with_an_example(tracker, day):
    result = tracker("remind", "--today", day)

    assert result.exit_code == 2
    assert "write it like 2026-11-30" in result.stderr


def test_preview_names_the_letters_that_the_days_then_bring(alice, said, sink):
    foreseen = said("preview", "--from", "2026-09-10", "--to", "2026-10-20")["days"]

    days = [DAY + timedelta(days=offset) for offset in range(41)]
    for day in filter(load_book().calendar.is_workday, days):
        said("remind", "--today", str(day))
    stages = [(day["on"], letter["about"][0]["stage"]) for day in foreseen
              for letter in day["letters"]]  # fmt: skip
    assert len(sink.received) == len(stages)
    assert stages == [
        ("2026-09-10", "d30"), ("2026-09-16", "d14"), ("2026-09-23", "d7"),
        ("2026-09-24", "d3"), ("2026-09-30", "d0"), ("2026-10-08", "overdue1"),
        ("2026-10-15", "overdue2"),
    ]  # fmt: skip


def test_preview_changes_nothing(alice, said):
    before = said("preview", "--from", "2026-09-10", "--to", "2026-09-30")

    assert said("preview", "--from", "2026-09-10", "--to", "2026-09-30") == before


def test_preview_backwards_is_wrong_use(tracker):
    result = tracker("preview", "--from", "2026-09-10", "--to", "2026-09-09")

    assert result.exit_code == 2


def test_explain_tells_rule_law_days_and_reminders(alice, said):
    said("remind", "--today", "2026-09-10")

    story = said("explain", "MARTIN Alice")

    extension = next(each for each in story["obligations"] if each["rule"] == "RP-EXT")
    assert extension["law"] == "出境入境管理法"
    assert (extension["safe_on"], extension["statutory_on"]) == ("2026-09-30", "2026-10-01")
    assert extension["reminders"] == [
        {"on": "2026-09-10", "stage": "d30", "to": "alice@example.org", "state": "accepted"}
    ]


def test_explain_of_nobody_says_what_to_give(tracker):
    result = tracker("explain", "NOBODY")

    assert result.exit_code == 1
    assert "Give the number, a passport or a name" in result.stderr


def test_explain_of_a_shared_name_lists_the_numbers(app, tracker):
    for _ in range(2):
        make_person()
    db.session.commit()

    result = tracker("explain", "MARTIN Alice")

    assert result.exit_code == 1
    assert "one of the numbers 1, 2" in result.stderr


def test_held_letters_are_not_foreseen_and_are_explained(alice, said):
    decisions.hold(
        alice.id, decisions.Word("account:2", clock.now(), "in hospital"), today=DAY,
        until=date(2026, 9, 24),
    )  # fmt: skip
    db.session.commit()

    foreseen = said("preview", "--from", "2026-09-10", "--to", "2026-09-30")["days"]
    story = said("explain", "MARTIN Alice")

    assert [day["on"] for day in foreseen] == ["2026-09-24", "2026-09-30"]
    assert [(each["until"], each["why"]) for each in story["holds"]] == [
        ("2026-09-24", "in hospital")
    ]
