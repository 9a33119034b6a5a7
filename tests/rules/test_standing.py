"""What meets a duty, what quiets it, what ends it - and what does not."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.rules import standing as words
from tracker.rules.evaluate import evaluate
from tracker.rules.load import REGULATIONS, load_book
from tracker.rules.model import Fact, Person, Standing
from tracker.rules.standing import standing

BOOK = load_book()
ALICE = Person("FRA", "B")
DEPARTED = replace(ALICE, status="departed")
TODAY = date(2026, 6, 1)
OPEN = Standing("open", None, None, words.OPEN)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def fact(ref: str, **data: object) -> Fact:
    return Fact(ref, ref.partition("/")[0], data)


def stands(rule_id: str, *facts: Fact, person: Person = ALICE, today: date = TODAY) -> Standing:
    """Return where the duty of a rule stands that follows from the first fact."""
    duties = evaluate(person, facts[:1], BOOK)
    (duty,) = [each for each in duties if each.rule_id == rule_id]
    return standing(duty, person, facts, BOOK, today)


ENTRY = fact("entry/1", on=day("03-02"), visa="Z")
VISIT = fact("entry/1", on=day("03-02"), visa="F", stay_days=30)
PERMIT = fact("work_permit/1", issued_on=date(2025, 7, 1), expires_on=day("07-31"))
RESIDENCE = fact("residence_permit/1", issued_on=date(2025, 8, 1), expires_on=day("07-31"))
PASSPORT = fact("passport/2", received_on=day("04-01"), expires_on=date(2036, 1, 1), replaces="X")
LEFT = fact("contract/1", starts_on=date(2025, 9, 1), terminated_on=day("04-01"))
HOME = fact("accommodation/1", moved_in_at=datetime(2026, 3, 2, 12, tzinfo=UTC))
RP_FILED = fact("application/1", procedure="residence_permit", accepted_on=day("05-20"))
WP_FILED = fact("application/1", procedure="work_permit", accepted_on=day("05-20"))
VISA_FILED = fact("application/1", procedure="visa", accepted_on=day("03-20"))


@pytest.mark.parametrize(
    ("rule_id", "own", "other"),
    [
        ("RP-FIRST", ENTRY, fact("residence_permit/1", issued_on=day("03-02"))),
        ("RP-CHANGE", PASSPORT, fact("residence_permit/2", issued_on=day("04-01"))),
        ("WP-CHANGE", PASSPORT, fact("work_permit/2", issued_on=day("04-01"))),
        ("ACC-REREG", PASSPORT, fact("accommodation/1", registered_on=day("04-01"))),
        ("ACC-REREG", RESIDENCE, fact("accommodation/1", registered_on=date(2025, 8, 1))),
        ("VISA-EXT", VISIT, fact("residence_permit/1", issued_on=day("03-02"))),
        ("VISA-COUNT", VISIT, fact("stay_certificate/1", issued_on=day("03-02"))),
        ("VISA-COUNT", VISIT, fact("visa/1", issued_on=day("03-03"))),
        ("VISA-COUNT", VISIT, fact("entry/2", on=day("03-03"))),
        ("WP-NEW-TIME", WP_FILED, fact("work_permit/2", issued_on=day("05-20"))),
        ("RP-REVIEW", RP_FILED, fact("residence_permit/2", issued_on=day("05-20"))),
        ("RP-RECEIPT", RP_FILED, fact("residence_permit/2", issued_on=day("05-20"))),
        ("VISA-RECEIPT", VISA_FILED, fact("visa/1", issued_on=day("03-20"))),
        ("RP-EXT", RESIDENCE, fact("residence_permit/2", expires_on=day("08-01"))),
        ("WP-EXT-CLOSE", PERMIT, fact("work_permit/2", expires_on=day("08-01"))),
        ("PP-VALID", PASSPORT, fact("passport/3", expires_on=date(2036, 1, 2))),
        (
            "HC-AGE",
            fact("health_certificate/1", issued_on=day("03-02")),
            fact("work_permit/1", issued_on=day("03-02")),
        ),
    ],
)
def test_a_later_document_fulfils_a_duty(rule_id: str, own: Fact, other: Fact) -> None:
    met = stands(rule_id, own, other)

    assert met == Standing("met", None, other.ref, words.MET)


@pytest.mark.parametrize(
    ("rule_id", "own", "other"),
    [
        ("RP-FIRST", ENTRY, fact("residence_permit/1", issued_on=day("03-01"))),
        ("RP-FIRST", ENTRY, fact("residence_permit/1")),
        ("RP-CHANGE", PASSPORT, fact("residence_permit/1", issued_on=day("03-31"))),
        ("WP-CHANGE", PASSPORT, fact("residence_permit/1", issued_on=day("04-02"))),
        ("ACC-REREG", PASSPORT, fact("accommodation/1", registered_on=day("03-31"))),
        ("VISA-COUNT", VISIT, fact("visa/1", issued_on=day("03-02"))),
        ("RP-EXT", RESIDENCE, fact("residence_permit/2", expires_on=day("07-31"))),
        ("WP-CANCEL", LEFT, fact("work_permit/2", issued_on=day("05-01"))),
    ],
)
def test_an_older_or_other_document_fulfils_nothing(rule_id: str, own: Fact, other: Fact) -> None:
    assert stands(rule_id, own, other) == OPEN


def test_accommodation_is_registered_by_its_own_date_only() -> None:
    registered = HOME._replace(data={**HOME.data, "registered_on": day("03-02")})
    too_early = HOME._replace(data={**HOME.data, "registered_on": day("03-01")})
    elsewhere = fact("accommodation/2", registered_on=day("03-03"))

    assert stands("ACC-24H", registered).state == "met"
    assert stands("ACC-24H", too_early) == OPEN
    assert stands("ACC-24H", HOME, elsewhere) == OPEN


def test_accommodation_registered_at_an_hour_counts_by_its_campus_day() -> None:
    at = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # half past midnight of 2 March in Beijing
    registered = HOME._replace(data={**HOME.data, "registered_at": at})

    assert stands("ACC-24H", registered).state == "met"


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("done", words.SETTLED["done"]),
        ("waived", words.SETTLED["waived"]),
        ("not_applicable", words.SETTLED["not_applicable"]),
    ],
)
def test_the_office_settles_a_duty(outcome: str, reason: str) -> None:
    settlement = fact(
        "settlement/1", rule_id="WP-CANCEL", fact_ref="contract/1", outcome=outcome, on=TODAY
    )

    assert stands("WP-CANCEL", LEFT, settlement) == Standing(
        "settled", None, "settlement/1", reason
    )
    assert stands("PSB-REPORT", LEFT, settlement) == OPEN


def test_a_settlement_of_another_document_settles_nothing() -> None:
    settlement = fact("settlement/1", rule_id="WP-CANCEL", fact_ref="contract/2", outcome="done")

    assert stands("WP-CANCEL", LEFT, settlement) == OPEN


@pytest.mark.parametrize(
    ("rule_id", "own", "application", "quiet_until"),
    [
        # 15 working days from 20 May: 21 22 | 25-29 | June 1-5 | 8 9 10
        ("RP-EXT", RESIDENCE, RP_FILED, day("06-10")),
        ("RP-FIRST", ENTRY, RP_FILED, day("06-10")),
        ("RP-CHANGE", PASSPORT, RP_FILED, day("06-10")),
        # 20 working days: 11 12 | 15 16 17 June
        ("WP-EXT-CLOSE", PERMIT, WP_FILED, day("06-17")),
        ("WP-EXT-OPEN", PERMIT, WP_FILED, day("06-17")),
        ("WP-EXT-LOCAL", PERMIT, WP_FILED, day("06-17")),
        ("WP-CHANGE", PASSPORT, WP_FILED, day("06-17")),
    ],
)
def test_an_application_quiets_a_duty_while_the_authority_works(
    rule_id: str, own: Fact, application: Fact, quiet_until: date
) -> None:
    filed = Standing("filed", quiet_until, "application/1", words.FILED)
    late = Standing("open", None, "application/1", words.TIME_PASSED)

    assert stands(rule_id, own, application, today=day("05-19")) == OPEN
    assert stands(rule_id, own, application, today=day("05-20")) == filed
    assert stands(rule_id, own, application, today=quiet_until) == filed
    assert (
        stands(rule_id, own, application, today=date.fromordinal(quiet_until.toordinal() + 1))
        == late
    )


def test_a_visa_extension_is_quiet_for_seven_working_days() -> None:
    # 20 March 2026 is a Friday: 23-27 (5), 30 31 March (7).
    filed = stands("VISA-EXT", VISIT, VISA_FILED, today=day("03-31"))

    assert (filed.state, filed.quiet_until) == ("filed", day("03-31"))
    assert stands("VISA-EXT", VISIT, VISA_FILED, today=day("04-01")).state == "open"


def test_the_latest_application_counts() -> None:
    again = fact("application/2", procedure="residence_permit", accepted_on=day("06-01"))

    filed = stands("RP-EXT", RESIDENCE, again, RP_FILED, today=day("06-15"))

    assert (filed.state, filed.by_ref) == ("filed", "application/2")


@pytest.mark.parametrize(
    ("accepted_on", "state"),
    [
        (date(2025, 7, 31), "open"),
        (date(2025, 8, 1), "open"),  # the day of issue: it led to this very permit
        (day("07-31"), "filed"),
        (date(2026, 8, 1), "open"),  # after expiry it is another matter
    ],
)
def test_an_application_belongs_to_the_document_in_whose_life_it_falls(
    accepted_on: date, state: str
) -> None:
    application = fact("application/1", procedure="residence_permit", accepted_on=accepted_on)

    found = stands("RP-EXT", RESIDENCE, application, today=accepted_on)

    assert found.state == state


def test_without_an_issue_date_the_window_bounds_the_application() -> None:
    permit = fact("work_permit/1", expires_on=day("07-31"))
    # 90 days before 31 July is 2 May.
    before = fact("application/1", procedure="work_permit", accepted_on=day("05-01"))
    within = fact("application/1", procedure="work_permit", accepted_on=day("05-02"))

    assert stands("WP-EXT-CLOSE", permit, before, today=day("05-10")) == OPEN
    assert stands("WP-EXT-CLOSE", permit, within, today=day("05-10")).state == "filed"


def test_an_application_for_something_else_quiets_nothing() -> None:
    assert stands("RP-EXT", RESIDENCE, WP_FILED) == OPEN


def test_departure_ends_what_the_person_owed_but_not_what_the_employer_owes() -> None:
    ended = Standing("ended", None, None, words.DEPARTED)

    assert stands("RP-EXT", RESIDENCE, person=DEPARTED) == ended
    assert stands("RP-EXT", RESIDENCE, RP_FILED, person=DEPARTED) == ended
    assert stands("WP-CANCEL", LEFT, person=DEPARTED) == OPEN
    assert stands("PSB-REPORT", LEFT, person=DEPARTED) == OPEN


def test_what_was_met_stays_met_after_departure() -> None:
    permit = fact("residence_permit/1", issued_on=day("03-10"))

    assert stands("RP-FIRST", ENTRY, permit, person=DEPARTED).state == "met"


@pytest.mark.parametrize("status", ["recruiting", "active", "on_leave"])
def test_leave_ends_nothing(status: str) -> None:
    person = replace(ALICE, status=status)  # type: ignore[arg-type]

    assert stands("RP-EXT", RESIDENCE, person=person) == OPEN


def test_advice_is_never_overdue() -> None:
    person = Person("HKG", identity="hmt")
    card = fact("hmt_residence_card/1", expires_on=day("06-01"))

    assert stands("HMT-CARD-VALID", card, person=person, today=day("06-01")) == OPEN
    passed = stands("HMT-CARD-VALID", card, person=person, today=day("06-02"))
    assert passed == Standing("ended", None, None, words.VOLUNTARY)


def test_the_age_limit_of_the_person_stands_open_until_departure() -> None:
    old = replace(ALICE, born_on=date(1966, 6, 1))
    (duty,) = evaluate(old, [], BOOK)

    assert standing(duty, old, [], BOOK, TODAY) == OPEN
    assert standing(duty, replace(old, status="departed"), [], BOOK, TODAY).state == "ended"


def test_a_duty_whose_fact_is_gone_or_lost_its_date_stands_open() -> None:
    (duty, *_) = evaluate(ALICE, [RESIDENCE], BOOK)
    dateless = fact("residence_permit/1", issued_on=date(2025, 8, 1))

    assert standing(duty, ALICE, [], BOOK, TODAY) == OPEN
    assert standing(duty._replace(rule_id="RP-EXT"), ALICE, [dateless], BOOK, TODAY) == OPEN


def test_a_review_rule_for_another_procedure_quiets_nothing(tmp_path: Path) -> None:
    shutil.copytree(REGULATIONS.parent / "jurisdictions", tmp_path / "jurisdictions")
    directory = Path(shutil.copytree(REGULATIONS, tmp_path / "regulations"))
    path = directory / "residence_permit.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("review_rule: RP-REVIEW", "review_rule: WP-NEW-TIME"), "utf-8")
    book = load_book(directory)
    duty = next(each for each in evaluate(ALICE, [RESIDENCE], book) if each.rule_id == "RP-EXT")

    assert standing(duty, ALICE, [RESIDENCE, RP_FILED], book, TODAY) == OPEN
