"""Which papers contradict each other by their days, on both sides of each boundary."""

from datetime import date, timedelta

import pytest

from tests.rules.papers import AGREEING, BARE, NEW_PASSPORT, TERM, found, names, pairs
from tracker.rules.book import RuleBook
from tracker.rules.load import load_book


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_book()


def test_papers_of_one_term_agree(book):
    assert found(book) == []


@pytest.mark.parametrize(
    ("expires_on", "clashing"),
    [("2027-01-09", set()),
     ("2027-01-08", {"work_permit/1", "residence_permit/1", "contract/1"})],
)  # fmt: skip
def test_passport_must_last_as_long_as_permits_and_contract(book, expires_on, clashing):
    passport = AGREEING["passport/1"] | {"expires_on": expires_on}

    conflicts = found(book, {"passport/1": passport})

    against = {each.second_ref for each in conflicts if each.rule_id == "PASSPORT-ENDS-FIRST"}
    assert against == clashing


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        ({"ends_on": "2027-01-09"}, set()),
        ({"ends_on": "2027-01-08"}, {"PERMIT-AFTER-CONTRACT"}),
        ({"ends_on": "2027-01-10"}, {"CONTRACT-OUTLASTS-PERMIT"}),
        ({"ends_on": "2027-01-10", "terminated_on": "2026-06-30"}, {"PERMIT-AFTER-CONTRACT"}),
        ({}, set()),
    ],
)
def test_contract_and_permits_should_end_together(book, contract, expected):
    conflicts = found(book, {"contract/1": {"starts_on": "2026-01-10"} | contract})

    looked_at = {"PERMIT-AFTER-CONTRACT", "CONTRACT-OUTLASTS-PERMIT"}
    assert names(conflicts) & looked_at == expected


@pytest.mark.parametrize(("day", "clash"), [("2027-01-09", False), ("2027-01-10", True)])
def test_residence_permit_should_not_outlast_the_work_permit(book, day, clash):
    conflicts = found(book, {"residence_permit/1": TERM | {"expires_on": day}})

    assert ("RESIDENCE-OUTLASTS-WORK" in names(conflicts)) is clash


def test_permits_issued_before_the_new_passport_are_on_the_old_one(book):
    conflicts = found(book, NEW_PASSPORT | {"passport/1": None})

    assert [pair for pair in pairs(conflicts) if pair[0] == "PERMITS-ON-OLD-PASSPORT"] == [
        ("PERMITS-ON-OLD-PASSPORT", "work_permit/1", "passport/2"),
        ("PERMITS-ON-OLD-PASSPORT", "residence_permit/1", "passport/2"),
    ]


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"work_permit/2": dict(TERM, issued_on="2026-03-02"), "work_permit/1": None},
         {"residence_permit/1"}),
        ({"work_permit/2": dict(TERM, issued_on="2026-03-01"), "work_permit/1": None},
         {"residence_permit/1", "work_permit/2"}),
        ({"application/1": {"procedure": "residence_permit", "accepted_on": "2026-03-02"}},
         {"work_permit/1"}),
        ({"application/1": {"procedure": "residence_permit", "accepted_on": "2026-03-01"}},
         {"work_permit/1", "residence_permit/1"}),
        ({"settlement/1": {"rule_id": "RP-CHANGE", "fact_ref": "passport/2", "outcome": "done",
                           "on": "2026-03-05"}}, {"work_permit/1"}),
        ({"settlement/1": {"rule_id": "RP-CHANGE", "fact_ref": "passport/1", "outcome": "done",
                           "on": "2026-03-05"}}, {"work_permit/1", "residence_permit/1"}),
    ],
)  # fmt: skip
def test_permit_changed_filed_or_settled_is_on_the_new_passport(book, changes, left):
    conflicts = found(book, NEW_PASSPORT | {"passport/1": None} | changes)

    old = {each.first_ref for each in conflicts if each.rule_id == "PERMITS-ON-OLD-PASSPORT"}
    assert old == left


@pytest.mark.parametrize(("former", "clash"), [({}, False), (AGREEING, True)])
def test_first_passport_replaces_none(book, former, clash):
    passport = {"number": "P2", "issued_on": "2026-03-02", "expires_on": "2036-03-01"}
    before = {"passport/1": former["passport/1"]} if former else {}

    conflicts = found(book, {"passport/1": None, "passport/2": passport}, before)

    assert ("PERMITS-ON-OLD-PASSPORT" in names(conflicts)) is clash


@pytest.mark.parametrize(
    ("issued_on", "clash"),
    # The permit ends on 2027-01-09, its last safe filing day is 2026-12-10.
    [("2026-06-10", False), ("2026-06-09", True)],
)
def test_health_certificate_must_be_good_on_the_filing_day(book, issued_on, clash):
    conflicts = found(book, {"health_certificate/1": {"issued_on": issued_on}})

    old = [each for each in conflicts if each.rule_id == "HEALTH-CERTIFICATE-TOO-OLD"]
    assert [(each.first_on, each.second_on, each.from_on) for each in old] == (
        [(date(2026, 12, 9), date(2026, 12, 10), date(2026, 10, 11))] if clash else []
    )


def test_health_certificate_has_served_once_the_application_is_in(book):
    changes = {
        "health_certificate/1": {"issued_on": "2026-06-09"},
        "application/1": {"procedure": "residence_permit", "accepted_on": "2026-12-01"},
    }

    assert "HEALTH-CERTIFICATE-TOO-OLD" not in names(found(book, changes))


def test_health_certificate_of_an_arrival_is_held_against_the_thirty_days(book):
    changes = BARE | {
        "entry/1": {"on": "2026-03-02", "visa": "Z"},
        "health_certificate/1": {"issued_on": "2025-09-20"},
    }

    assert pairs(found(book, changes)) == [
        ("HEALTH-CERTIFICATE-TOO-OLD", "health_certificate/1", "entry/1")
    ]


@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        ("recruiting", {}, {"health_certificate/1", "no_criminal_record/1"}),
        ("recruiting", {"work_permit/1": TERM}, set()),
        ("recruiting", {"application/1": {"procedure": "work_permit",
                                          "accepted_on": "2026-05-01"}}, set()),
        ("active", {}, set()),
    ],
)  # fmt: skip
def test_certificate_that_ran_out_before_the_first_application(book, status, more, expected):
    papers = {"health_certificate/1": {"issued_on": "2026-02-10"},
              "no_criminal_record/1": {"issued_on": "2026-02-10"}}  # fmt: skip

    conflicts = found(book, BARE | papers | more, status=status)

    ran_out = [each for each in conflicts if each.rule_id == "CERTIFICATE-RAN-OUT"]
    assert {each.first_ref for each in ran_out} == expected
    assert {each.from_on for each in ran_out} <= {date(2026, 8, 11)}


@pytest.mark.parametrize(
    ("born_on", "category", "clash"),
    [
        ("1967-01-10", "B", False), ("1967-01-09", "B", True), ("1966-01-10", "C", True),
        ("1966-01-09", "B", False), ("1966-06-01", "A", False), (None, "B", False),
    ],
)  # fmt: skip
def test_age_limit_within_the_term(book, born_on, category, clash):
    born = date.fromisoformat(born_on) if born_on else None

    conflicts = found(book, born_on=born, category=category)

    against = {each.second_ref for each in conflicts if each.rule_id == "AGE-WITHIN-TERM"}
    assert against == ({"work_permit/1", "contract/1"} if clash else set())


def test_contract_that_runs_beyond_an_expired_permit(book):
    papers = {"contract/1": {"starts_on": "2026-01-10", "ends_on": "2027-06-30"}}

    lapsed = [each for each in found(book, papers) if each.rule_id.endswith("-WITHOUT-PERMIT")]

    assert names(lapsed) == {"WORK-WITHOUT-PERMIT", "STAY-WITHOUT-PERMIT"}
    assert [[each.holds_on(day) for each in lapsed] for day in (
        date(2027, 1, 9), date(2027, 1, 10), date(2027, 6, 30), date(2027, 7, 1),
    )] == [[False] * 2, [True] * 2, [True] * 2, [False] * 2]  # fmt: skip


@pytest.mark.parametrize("procedure", ["work_permit", "residence_permit"])
def test_permit_filed_in_time_is_not_lapsed(book, procedure):
    papers = {
        "contract/1": {"starts_on": "2026-01-10", "ends_on": "2027-06-30"},
        "application/1": {"procedure": procedure, "accepted_on": "2026-12-01"},
    }

    lapsed = {each.first_ref for each in found(book, papers) if "WITHOUT" in each.rule_id}

    assert lapsed == {"work_permit/1", "residence_permit/1"} - {f"{procedure}/1"}


def test_conflict_without_bounds_always_holds(book):
    conflicts = found(book, {"passport/1": AGREEING["passport/1"] | {"expires_on": "2026-12-31"}})

    ends_first = next(each for each in conflicts if each.rule_id == "PASSPORT-ENDS-FIRST")
    assert ends_first.holds_on(date.min + timedelta(1))
    assert ends_first.holds_on(date.max)
