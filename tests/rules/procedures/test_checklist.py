"""Which papers whom concern, and how old they will be."""

from datetime import date

import pytest

from tracker.rules.load import load_book
from tracker.rules.model import Fact, Person
from tracker.rules.procedures.checklist import Needed, checklist
from tracker.rules.procedures.circumstances import Subject

BOOK = load_book()
FILING = date(2026, 9, 9)


def papers(procedure: str = "work_permit_new_abroad", *facts: Fact, **more: object
           ) -> dict[str, Needed]:  # fmt: skip
    person = Person("FRA", str(more.pop("category", "B")), born_on=date(1985, 5, 4))
    subject = Subject(
        person,
        facts,
        told=dict.fromkeys(more.pop("told", ()), True),  # type: ignore[attr-defined]
        former=more.pop("former", ()),
    )  # type: ignore[arg-type]
    made = BOOK.procedures.by_id[procedure]
    found = checklist(made, subject, BOOK, filing_on=FILING, **more)  # type: ignore[arg-type]
    return {each.material.code: each for each in found}


def permit(kind: str, expires_on: date) -> Fact:
    return Fact(f"{kind}/1", kind, {"expires_on": expires_on})


def test_experience_is_asked_of_category_b_only() -> None:
    assert "M05" in papers(category="B")
    assert "M05" not in papers(category="A")


def test_category_a_may_promise_degree_and_criminal_record() -> None:
    promised = papers(category="A", told=["commitment"])
    other = papers(category="B", told=["commitment"])

    assert [promised[code].waiver and promised[code].waiver.ground for code in ("M03", "M04")] == [
        "commitment", "commitment"
    ]  # fmt: skip
    assert (other["M03"].waiver, other["M04"].waiver) == (None, None)


@pytest.mark.parametrize(
    ("ended", "ground"),
    [(date(2024, 9, 10), "recent_permit"), (date(2023, 9, 10), "recent_permit"),
     (date(2023, 9, 9), None)],
)  # fmt: skip
def test_a_permit_within_three_years_waives_the_criminal_record(
    ended: date, ground: str | None
) -> None:
    found = papers(former=(permit("work_permit", ended),))["M04"]

    assert (found.waiver.ground if found.waiver else None) == ground


def test_a_degree_on_file_is_not_asked_for_again() -> None:
    found = papers(told=["degree_authenticated"])["M03"]

    assert found.waiver is not None
    assert found.waiver.ground == "authenticated"


@pytest.mark.parametrize(("issued", "too_old"), [("2026-03-09", False), ("2026-03-08", True)])
def test_a_health_certificate_ages_until_the_filing_day(issued: str, too_old: bool) -> None:
    day = date.fromisoformat(issued)
    found = papers("work_permit_new_abroad", Fact("h/1", "health_certificate", {"issued_on": day}))

    assert (found["M06"].issued_on, found["M06"].too_old) == (day, too_old)
    assert found["M06"].document == "h/1"


def test_the_health_certificate_of_a_residence_permit_is_for_a_year_or_more() -> None:
    kind, end = "residence_permit_first", date(2027, 9, 8)

    assert "D06" not in papers(kind, until=end)
    assert "D06" in papers(kind, until=date(2027, 9, 9))


def test_what_takes_long_says_when_to_begin() -> None:
    # Four working days before Wednesday, 9 September.
    assert papers()["M06"].start_by == date(2026, 9, 3)


def test_who_passes_the_age_limit_within_the_new_permit_needs_a_guarantee() -> None:
    def asked(born_on: date, category: str) -> bool:
        permits = (permit("work_permit", date(2026, 10, 31)),)
        subject = Subject(Person("FRA", category, born_on=born_on), permits)
        made = BOOK.procedures.by_id["work_permit_extension"]
        found = checklist(made, subject, BOOK, filing_on=FILING)
        return "M15" in {each.material.code for each in found}

    # Sixty on 1 June 2027, while the permit to be asked for runs until 31 October 2027.
    assert asked(date(1967, 6, 1), "B")
    assert not asked(date(1967, 6, 1), "A")
    assert not asked(date(1968, 6, 1), "B")
