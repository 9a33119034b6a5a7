"""plan and cases, as an officer types them."""

from tests.cases.conftest import alice
from tracker.core.db import db


def recorded() -> str:
    """Record somebody, and leave the database to the command."""
    number = str(alice().id)
    db.session.commit()
    return number


def test_a_plan_is_told_with_its_reasons_and_ends_with_one_when_it_is_too_late(people, tracker):
    number = recorded()

    good = tracker("plan", number, "--today", "2026-07-13")
    late = tracker("plan", "MARTIN Alice", "--today", "2026-10-20")

    assert good.exit_code == 0
    assert "* 2026-09-09  RENEW-WP-FILE          open, 37 days to spare" in good.stdout
    assert "because: Extension of the residence permit: 2026-10-01" in good.stdout
    assert late.exit_code == 1
    assert "what to do: File at once with what there is" in late.stdout


def test_a_plan_is_one_json_object(people, said):
    number = recorded()

    told = said("plan", number, "--today", "2026-07-13")

    days = {step["key"]: step["latest"] for step in told["steps"]}
    assert (days["RENEW-OFFICE-FILE"], days["RENEW-RP-FILE"]) == ("2026-08-26", "2026-09-30")
    assert told["slack"] == 37


def test_a_plan_that_does_not_exist_names_those_that_do(people, tracker):
    number = recorded()

    result = tracker("plan", number, "--target", "holiday")

    assert result.exit_code == 1
    assert "Use one of: accommodation_reregistration, arrival," in result.stderr


def test_cases_are_opened_and_listed(people, tracker, said):
    number = recorded()

    one = tracker("cases", "open", number, "work_permit_extension")
    again = tracker("cases", "open", number, "work_permit_extension")
    month = tracker("cases", "open", "--month", "2026-10")
    wrong = tracker("cases", "open", number)
    listed = said("cases", "list", "--state", "planning")["cases"]

    assert (one.exit_code, again.exit_code, month.exit_code, wrong.exit_code) == (0, 1, 0, 2)
    assert "This case is open already" in again.stderr
    assert month.stdout == "cases opened for 1 people\n"
    assert sorted(case["procedure"] for case in listed) == [
        "residence_permit_extension", "work_permit_extension"
    ]  # fmt: skip
    assert {case["waits_for"] for case in listed} == {"unit"}
