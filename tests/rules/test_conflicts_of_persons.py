"""Which papers contradict the person who holds them, or where the person lives."""

from datetime import date

import pytest

from tests.rules.papers import BARE, NEW_PASSPORT, TERM, found, names
from tracker.rules.book import RuleBook
from tracker.rules.load import load_book


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_book()


@pytest.mark.parametrize(
    ("changes", "person", "clash"),
    [
        ({"work_permit/1": None}, {}, True),
        ({"work_permit/1": None, "application/1": {"procedure": "work_permit",
                                                   "accepted_on": "2026-01-02"}}, {}, False),
        ({"work_permit/1": None}, {"status": "recruiting"}, False),
        ({"work_permit/1": None}, {"identity": "hmt", "nationality": "HKG"}, False),
        ({"work_permit/1": None, "contract/1": None}, {}, False),
    ],
)  # fmt: skip
def test_contract_begun_without_a_work_permit(book, changes, person, clash):
    conflicts = [c for c in found(book, changes, **person) if c.rule_id == "NO-WORK-PERMIT"]

    assert [(each.from_on, each.until_on) for each in conflicts] == (
        [(date(2026, 1, 10), date(2027, 1, 9))] if clash else []
    )


@pytest.mark.parametrize(
    ("second", "former", "clash"),
    [
        ({}, {"registered_on": "2026-01-10"}, True),
        ({"registered_on": "2026-04-02"}, {"registered_on": "2026-01-10"}, False),
        ({}, {}, False),
    ],
)
def test_lodging_registered_elsewhere(book, second, former, clash):
    lodging = {"moved_in_at": "2026-04-01T18:00"}
    before = {"accommodation/1": {"moved_in_at": "2026-01-10T20:00"} | former}

    conflicts = found(book, {"accommodation/1": None, "accommodation/2": lodging | second}, before)

    elsewhere = [each for each in conflicts if each.rule_id == "LODGING-ELSEWHERE"]
    assert [(each.first_ref, each.second_ref, each.from_on) for each in elsewhere] == (
        [("accommodation/1", "accommodation/2", date(2026, 4, 2))] if clash else []
    )


@pytest.mark.parametrize(
    ("registered_on", "settlement", "clash"),
    [("2026-03-01", None, True), ("2026-03-02", None, False), (None, None, False),
     ("2026-03-01", "passport/2", False)],
)  # fmt: skip
def test_lodging_registered_before_the_new_passport(book, registered_on, settlement, clash):
    lodging = {"moved_in_at": "2026-01-10T20:00"} | (
        {"registered_on": registered_on} if registered_on else {}
    )
    settled = {"settlement/1": {"rule_id": "ACC-REREG", "fact_ref": settlement,
                                "outcome": "done", "on": "2026-03-05"}}  # fmt: skip

    conflicts = found(
        book,
        NEW_PASSPORT | {"accommodation/1": lodging} | (settled if settlement else {}),
    )

    assert ("LODGING-ON-OLD-DOCUMENT" in names(conflicts)) is clash


@pytest.mark.parametrize(
    ("identity", "nationality", "expected"),
    [
        ("hmt", "HKG", {("HMT-WITH-PERMIT", "work_permit/1"),
                        ("HMT-WITH-PERMIT", "residence_permit/1")}),
        ("permanent_resident", "FRA", {("PERMANENT-WITH-PERMIT", "work_permit/1"),
                                       ("PERMANENT-WITH-PERMIT", "residence_permit/1")}),
        ("foreigner", "HKG", {("FOREIGNER-OF-CHINA", "profile")}),
        ("foreigner", "FRA", set()),
    ],
)  # fmt: skip
def test_permits_and_identity_must_fit(book, identity, nationality, expected):
    conflicts = found(book, identity=identity, nationality=nationality)

    now = [each for each in conflicts if each.holds_on(date(2026, 6, 1))]
    assert {(each.rule_id, each.first_ref) for each in now} == expected


def test_foreign_national_is_no_resident_of_hong_kong(book):
    assert names(found(book, BARE, identity="hmt", nationality="GBR")) == {"HMT-OF-ELSEWHERE"}
    assert found(book, BARE, identity="hmt", nationality="MAC") == []


@pytest.mark.parametrize("kind", ["hmt_residence_card", "permanent_residence_card"])
def test_foreigner_holds_no_card_of_others(book, kind):
    card = {f"{kind}/1": {"expires_on": "2028-01-01"}}

    conflicts = [c for c in found(book, card) if c.rule_id == "FOREIGNER-WITH-CARD"]

    assert [(each.first_ref, each.until_on) for each in conflicts] == [
        (f"{kind}/1", date(2028, 1, 1))
    ]


@pytest.mark.parametrize(
    ("ours", "printed", "clash"),
    [("B", "B", False), ("A", "B", True), (None, "B", False), ("A", None, False)],
)
def test_category_is_that_of_the_work_permit(book, ours, printed, clash):
    permit = TERM | ({"category": printed} if printed else {})

    conflicts = found(book, {"work_permit/1": permit}, category=ours)

    assert ("CATEGORY-DIFFERS" in names(conflicts)) is clash


def test_departed_people_have_no_conflicts(book):
    assert found(book, NEW_PASSPORT, status="departed") == []
