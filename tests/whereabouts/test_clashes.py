"""What does not go together with a journey; every day worked out by hand."""

from datetime import date

import pytest

from tracker.whereabouts import clashes
from tracker.whereabouts.clashes import Clash, Elsewhere, Filing, Journey, Paper

#: A fortnight abroad: Tuesday 1 to Tuesday 15 December 2026.
LEAVES, RETURNS = date(2026, 12, 1), date(2026, 12, 15)
TODAY = date(2026, 11, 24)
HERE = Elsewhere()


def found(*, scope="country", papers=(), filings=(), elsewhere=HERE, today=TODAY):
    journey = Journey(scope, LEAVES, RETURNS)
    return clashes.found(journey, papers, filings, elsewhere, today=today)


@pytest.mark.parametrize(
    ("expires_on", "warned"),
    [
        (date(2026, 11, 20), True),   # over before they leave
        (date(2026, 12, 14), True),   # the day before they are back
        (date(2026, 12, 15), False),  # good on its last day, the day of the return
        (date(2026, 12, 16), False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["passport", "residence_permit", "work_permit"])
def test_a_paper_that_ends_before_the_return_is_told(kind, expires_on, warned):
    expected = [Clash("ends", kind, last=expires_on)] if warned else []

    assert found(papers=[Paper(kind, expires_on)]) == expected


def test_a_visa_matters_until_a_residence_permit_stands_for_it():
    visa = Paper("visa", date(2026, 12, 10), "F")
    permit = Paper("residence_permit", date(2027, 8, 31))

    assert found(papers=[visa]) == [Clash("ends", "visa", last=date(2026, 12, 10))]
    assert found(papers=[visa, permit]) == []


@pytest.mark.parametrize(
    ("scope", "papers", "letters"),
    [
        ("country", [Paper("entry", visa="Z")], ["Z"]),
        ("country", [Paper("visa", visa="X1")], ["X1"]),
        ("country", [Paper("entry", visa="M")], []),
        ("country", [Paper("entry", visa="Z"), Paper("residence_permit")], []),
        ("city", [Paper("entry", visa="Z")], []),  # nobody crosses the border
    ],
)
def test_a_visa_for_one_entry_lapses_when_its_holder_leaves_without_a_permit(
    scope, papers, letters
):
    assert found(scope=scope, papers=papers) == [Clash("single_entry", each) for each in letters]


@pytest.mark.parametrize(
    ("until", "today", "warned"),
    [
        (date(2026, 12, 1), TODAY, True),    # the receipt runs until the very day they leave
        (date(2026, 11, 30), TODAY, False),  # to be collected on the day before
        (date(2026, 11, 27), LEAVES, True),  # run out, and still not collected
    ],
)  # fmt: skip
def test_a_passport_at_the_authority_is_told_while_it_is_there(until, today, warned):
    expected = [Clash("at_authority", last=until)] if warned else []

    assert found(elsewhere=Elsewhere(until), today=today) == expected


def test_a_passport_in_custody_is_told_to_who_leaves_the_city_or_the_country():
    kept = Elsewhere(kept="passport")

    assert found(elsewhere=kept) == [Clash("in_custody", "passport")]
    assert found(elsewhere=kept, scope="city") == [Clash("in_custody", "passport")]
    assert found(elsewhere=kept, scope="campus") == []


@pytest.mark.parametrize(
    ("safe_on", "warned"),
    [(date(2026, 11, 20), True), (date(2026, 12, 14), True), (date(2026, 12, 15), False)],
)
def test_back_after_the_last_safe_day_to_file_is_told(safe_on, warned):
    expected = [Clash("filing", "WP-EXT-CLOSE", last=safe_on)] if warned else []

    assert found(filings=[Filing("WP-EXT-CLOSE", safe_on)]) == expected


def test_abroad_in_the_days_on_which_the_permit_is_renewed_is_told():
    # The permit ends on 31 January 2027: its window opens 90 days before, on 2 November 2026; the
    # last day is 30 days before, Friday 1 January, a holiday, so the safe day is 31 December.
    renewal = Filing("RP-EXT", date(2026, 12, 31), date(2026, 11, 2))
    later = Filing("RP-EXT", date(2027, 3, 1), date(2026, 12, 16))

    told = Clash("window", "RP-EXT", date(2026, 11, 2), date(2026, 12, 31))
    assert found(filings=[renewal]) == [told]
    assert found(filings=[renewal], scope="city") == []
    assert found(filings=[later]) == []  # opens on the day after they are back


def test_the_gravest_is_told_first_and_all_are_kept_as_they_were():
    told = found(
        papers=[Paper("passport", date(2026, 12, 10)), Paper("entry", visa="Z")],
        filings=[Filing("RP-FIRST", date(2026, 12, 11))],
        elsewhere=Elsewhere(date(2026, 12, 18), "passport"),
    )

    assert [each.code for each in told] == [
        "at_authority", "in_custody", "single_entry", "ends", "filing",
    ]  # fmt: skip
    assert clashes.read(clashes.stored(told)) == told
