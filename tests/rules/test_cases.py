"""Worked cases: what agrees, what differs, what is left aside, and what is malformed."""

from pathlib import Path

import pytest

from tracker.rules.cases import run_cases
from tracker.rules.load import load_book
from tracker.rules.model import RulesError

BOOK = load_book()
CASE = """
- case: extension in National Day week
  person: {nationality: FRA, category: B}
  facts: [{kind: residence_permit, expires_on: 2026-10-31}]
  expect:
    RP-EXT: {statutory: 2026-10-01, safe: 2026-09-30}
"""
STAY = """
- case: moved in
  person: {nationality: FRA}
  facts: [{kind: accommodation, moved_in_at: "2026-09-30T22:15+08:00"}]
  expect:
    ACC-24H: {due_at: "2026-10-01T22:15+08:00"}
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "cases.yaml"


def test_a_case_that_agrees_passes(written: Path) -> None:
    written.write_text(CASE, encoding="utf-8")

    report = run_cases(written, BOOK)

    assert (report.passed, report.failed, report.differences) == (1, 0, [])


DATES = "statutory 2026-10-01, safe 2026-09-30"


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (
            "safe: 2026-09-30",
            "safe: 2026-10-01",
            f"RP-EXT: expected statutory 2026-10-01, safe 2026-10-01, got {DATES}",
        ),
        (
            "{statutory: 2026-10-01, safe: 2026-09-30}",
            "none",
            "RP-EXT: expected none, got statutory 2026-10-01",
        ),
        ("RP-EXT", "WP-EXT-CLOSE", f"WP-EXT-CLOSE: expected {DATES}, got nothing"),
        ("RP-EXT", "DEATH", f"DEATH: expected {DATES}, got nothing"),
        (
            "RP-EXT",
            "RP-EXIT",
            "RP-EXIT: there is no such rule; correct the id, or enter the rule first",
        ),
        (
            "{statutory: 2026-10-01, safe: 2026-09-30}",
            "{provisional: true}",
            "RP-EXT: expected provisional True, got provisional False",
        ),
    ],
)
def test_a_difference_is_told(written: Path, old: str, new: str, difference: str) -> None:
    written.write_text(CASE.replace(old, new, 1), encoding="utf-8")

    report = run_cases(written, BOOK)

    assert (report.passed, report.failed) == (0, 1)
    assert report.differences == [f"extension in National Day week: {difference}"]


def test_a_difference_in_hours_is_told_in_beijing_time(written: Path) -> None:
    written.write_text(
        STAY.replace("2026-10-01T22:15+08:00", "2026-10-01T14:14Z"), encoding="utf-8"
    )

    report = run_cases(written, BOOK)

    expected, got = "due_at 2026-10-01T22:14+08:00", "due_at 2026-10-01T22:15+08:00"
    assert report.differences == [f"moved in: ACC-24H: expected {expected}, got {got}"]


@pytest.mark.parametrize(
    "moment",
    [
        '"2026-09-30T22:15"',
        '"2026-09-30T14:15Z"',
        "2026-09-30T22:15:00+08:00",
        "2026-09-30 22:15:00",
    ],
)
def test_a_moment_may_be_written_in_several_ways(written: Path, moment: str) -> None:
    written.write_text(STAY.replace('"2026-09-30T22:15+08:00"', moment, 1), encoding="utf-8")

    assert run_cases(written, BOOK).differences == []


def test_one_of_several_facts_may_yield_the_date(written: Path) -> None:
    one = "{kind: residence_permit, expires_on: 2026-10-31}"
    other = one.replace("10-31", "05-31")
    written.write_text(CASE.replace(one, f"{other}, {one}"), encoding="utf-8")

    assert run_cases(written, BOOK).differences == []


PLAN = """
- case: both permits end on one day
  person: {nationality: FRA, category: B}
  facts:
    - {kind: work_permit, expires_on: 2026-10-31}
    - {kind: residence_permit, expires_on: 2026-10-31}
  plan: {procedure: renewal, office_working_days: 10}
  expect:
    RENEW-WP-FILE: {plan: 2026-09-09}
"""


def test_a_plan_is_worked_out_and_its_differences_are_told(written: Path) -> None:
    written.write_text(PLAN + PLAN.replace("09-09", "09-10").replace("one day", "another"), "utf-8")

    report = run_cases(written, BOOK)

    assert (report.passed, report.failed) == (1, 1)
    assert report.differences == [
        "both permits end on another: RENEW-WP-FILE: expected plan 2026-09-10, got plan 2026-09-09"
    ]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("procedure: renewal", "procedure: renewel", "plan.procedure"),
        ("office_working_days: 10", "office_working_days: ten", "plan.office_working_days"),
        ("office_working_days", "office_days", "plan.office_days"),
        ("{plan: 2026-09-09}", "{plen: 2026-09-09}", "expect.RENEW-WP-FILE.plen"),
    ],
)
def test_a_slip_in_a_plan_is_named(written: Path, old: str, new: str, field: str) -> None:
    written.write_text(PLAN.replace(old, new), "utf-8")

    with pytest.raises(RulesError) as caught:
        run_cases(written, BOOK)

    assert caught.value.field == field


def test_a_step_that_does_not_exist_is_a_difference(written: Path) -> None:
    written.write_text(PLAN.replace("RENEW-WP-FILE", "RENEW-WP-FILL"), "utf-8")

    assert run_cases(written, BOOK).differences == [
        "both permits end on one day: RENEW-WP-FILL: there is no such step; correct the id"
    ]


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("nationality: FRA, ", "", "person.nationality", "is missing"),
        ("category: B", "category: D", "person.category", "cannot be 'D'"),
        ("category: B", "identity: guest", "person.identity", "cannot be 'guest'"),
        ("category: B", "born_on: early", "person.born_on", "is not a date"),
        ("category: B", "colour: red", "person.colour", "is unknown here"),
        ("residence_permit", "gun_permit", "facts[1].kind", "'gun_permit' is unknown"),
        ("kind: residence_permit, ", "", "facts[1].kind", "is missing"),
        ("2026-10-31", "2026-10-32", "facts[1].expires_on", "'2026-10-32' is not a date"),
        ("2026-10-31", "31 Oct", "facts[1].expires_on", "'31 Oct' is not a date"),
        ("expires_on: 2026-10-31", "seen_at: noon", "facts[1].seen_at", "'noon' is no time"),
        ("expires_on: 2026-10-31", "x_days: few", "facts[1].x_days", "is not a whole number"),
        ("safe: 2026-09-30", "save: 2026-09-30", "expect.RP-EXT.save", "is unknown here"),
        ("safe: 2026-09-30", "safe: then", "expect.RP-EXT.safe", "'then' is not a date"),
        ("safe: 2026-09-30", "due_at: then", "expect.RP-EXT.due_at", "'then' is no time"),
        ("{statutory: 2026-10-01, safe: 2026-09-30}", "{}", "expect.RP-EXT", "is empty"),
        ("{statutory: 2026-10-01, safe: 2026-09-30}", "soon", "expect.RP-EXT", "is not a mapping"),
        ("\n    RP-EXT: {statutory: 2026-10-01, safe: 2026-09-30}", " {}", "expect", "is empty"),
        ("  expect:", "  expected:", "expect", "is missing"),
        ("  person:", "  note: mine\n  person:", "note", "is unknown here"),
    ],
)  # fmt: skip
def test_a_malformed_case_is_named(
    written: Path, old: str, new: str, field: str, problem: str
) -> None:
    assert old in CASE
    written.write_text(CASE.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(RulesError) as error:
        run_cases(written, BOOK)

    found = error.value
    assert (found.file, found.entry) == ("cases.yaml", "extension in National Day week")
    assert (found.field, found.problem) == (field, problem)
    assert found.remedy


@pytest.mark.parametrize(
    ("text", "entry", "problem"),
    [
        ("case: alone", "", "is not a list of cases"),
        ("- just words", "case 1", "is not a mapping"),
        ("", "", "is not a list of cases"),
        ("- case: [", "line 1", "expected the node content, but found '<stream end>'"),
    ],
)
def test_a_malformed_file_is_named(written: Path, text: str, entry: str, problem: str) -> None:
    written.write_text(text, encoding="utf-8")

    with pytest.raises(RulesError) as error:
        run_cases(written, BOOK)

    assert (error.value.file, error.value.entry) == ("cases.yaml", entry)
    assert problem in error.value.problem


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="cannot be read"):
        run_cases(tmp_path / "none.yaml", BOOK)
