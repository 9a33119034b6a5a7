"""What a row means for the facts on record: new, renewed, corrected, out of date."""

from datetime import date

import pytest

from tracker.roster import changes
from tracker.roster.changes import Known
from tracker.roster.rows import Told

TODAY = date(2026, 9, 10)
PROFILE = {"name_en": "MARTIN Alice", "nationality": "FRA", "identity": "foreigner",
           "status": "active", "language": "both"}  # fmt: skip
PERMIT = {"number": "W1", "issued_on": date(2025, 9, 1), "expires_on": date(2026, 12, 31)}


def known(**facts):
    return {
        kind: Known(number, 1, data.get("issued_on") or date(2025, 9, 1), data)
        for number, (kind, data) in enumerate({"profile": PROFILE, **facts}.items(), start=1)
    }


def outcome(held, **told):
    return changes.of(Told(2, told), held, today=TODAY)


def only_change(held, **told):
    (change,) = outcome(held, **told).changes
    return change


def test_same_again_changes_nothing(app_words):
    found = outcome(known(work_permit=PERMIT), profile=dict(PROFILE), work_permit=dict(PERMIT))

    assert (list(found.changes), list(found.refusals)) == ([], [])


@pytest.mark.parametrize(
    ("kind", "held", "told"),
    [
        ("passport", {"number": "P1", "expires_on": date(2027, 1, 1)}, {"number": "P2"}),
        ("passport", {"number": "P1", "expires_on": date(2027, 1, 1)},
         {"number": "P2", "expires_on": date(2036, 1, 1)}),
        ("residence_permit", {"number": "R1", "expires_on": date(2026, 12, 31)},
         {"number": "R2", "expires_on": date(2027, 12, 31)}),
        ("residence_permit", {"expires_on": date(2026, 12, 31)},
         {"expires_on": date(2027, 12, 31)}),
        ("residence_permit", {"number": "R1", "issued_on": date(2025, 9, 1),
                              "expires_on": date(2026, 12, 31)},
         {"number": "R1", "issued_on": date(2026, 9, 1), "expires_on": date(2027, 12, 31)}),
        ("work_permit", PERMIT, {"number": "W1", "expires_on": date(2027, 12, 31)}),
        ("contract", {"starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)},
         {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}),
        ("entry", {"on": date(2025, 9, 1)}, {"on": date(2026, 9, 1)}),
        ("health_certificate", {"issued_on": date(2025, 9, 1)}, {"issued_on": date(2026, 9, 1)}),
    ],
)  # fmt: skip
def test_other_document_of_the_kind_is_a_renewal(app_words, kind, held, told):
    change = only_change(known(**{kind: held}), **{kind: told})

    assert (change.corrects, change.before.data) == (False, held)
    assert change.valid_from >= change.before.valid_from


@pytest.mark.parametrize(
    ("kind", "held", "told"),
    [
        ("passport", {"number": "P1", "expires_on": date(2027, 1, 1)},
         {"number": "P1", "expires_on": date(2028, 1, 1)}),
        ("residence_permit", {"expires_on": date(2026, 12, 31)},
         {"expires_on": date(2026, 11, 30)}),
        ("residence_permit", {"expires_on": date(2026, 12, 31)}, {"number": "R1"}),
        ("residence_permit", {"number": "R1"}, {"expires_on": date(2026, 12, 31)}),
        ("work_permit", PERMIT, {"number": "W1", "category": "A"}),
        ("contract", {"starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)},
         {"starts_on": date(2025, 9, 1), "ends_on": date(2027, 8, 31)}),
        ("contract", {"starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)},
         {"starts_on": date(2025, 9, 1), "ends_on": None}),
    ],
)  # fmt: skip
def test_other_words_on_the_same_document_are_a_correction(app_words, kind, held, told):
    change = only_change(known(**{kind: held}), **{kind: told})

    assert change.corrects
    assert {name: value for name, _, value in change.cells()} == {
        name: value for name, value in told.items() if held.get(name) != value
    }


def test_extended_work_permit_keeps_its_number(app_words):
    change = only_change(known(work_permit=PERMIT), work_permit={"expires_on": date(2027, 12, 31)})

    assert (change.data["number"], change.corrects) == ("W1", False)


def test_empty_cells_change_nothing(app_words):
    found = outcome(known(work_permit=PERMIT), profile={"name_en": "MARTIN Alice"})

    assert list(found.changes) == []


def test_sheet_with_an_older_document_is_refused(app_words):
    held = {"number": "R2", "expires_on": date(2027, 12, 31)}

    found = outcome(
        known(residence_permit=held),
        residence_permit={"number": "R1", "expires_on": date(2026, 12, 31)},
    )

    ((field, message),) = found.refusals
    assert field == ("residence_permit", "expires_on")
    assert "valid until 2027-12-31, is on record" in message


@pytest.mark.parametrize(
    ("told", "field", "message"),
    [
        ({"contract": {"ends_on": date(2027, 8, 31)}}, ("contract", "ends_on"), "first day"),
        ({"work_permit": {"category": "A"}}, ("work_permit", "expires_on"), "last day"),
        ({"residence_permit": {"issued_on": date(2027, 1, 1), "expires_on": date(2026, 1, 1)}},
         ("residence_permit", "expires_on"), "before 2027-01-01"),
        ({"profile": {"departed_on": date(2026, 9, 11)}}, ("profile", "departed_on"), "lies ahead"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_alone_is_refused(app_words, told, field, message):
    ((found, words),) = outcome(known(), **told).refusals

    assert found == field
    assert message in words


@pytest.mark.parametrize(
    ("told", "left_on", "terminated_on"),
    [
        ({"status": "departed"}, TODAY, TODAY),
        ({"status": "departed", "departed_on": date(2026, 6, 30)}, date(2026, 6, 30),
         date(2026, 6, 30)),
        ({"departed_on": date(2026, 6, 30)}, date(2026, 6, 30), date(2026, 6, 30)),
    ],
)  # fmt: skip
def test_departure_ends_a_contract_that_runs_on(app_words, told, left_on, terminated_on):
    contract = {"starts_on": date(2025, 9, 1), "ends_on": date(2027, 8, 31)}

    made = outcome(known(contract=contract), profile=told).changes
    found = {each.kind: each.data for each in made}

    assert (found["profile"]["status"], found["profile"]["departed_on"]) == ("departed", left_on)
    assert found["contract"]["terminated_on"] == terminated_on


def test_departure_after_the_contract_ran_out_was_on_its_last_day(app_words):
    contract = {"starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)}

    change = only_change(known(contract=contract), profile={"status": "departed"})

    assert change.data["departed_on"] == date(2026, 8, 31)


def test_departure_told_again_changes_nothing(app_words):
    held = known(contract={"starts_on": date(2025, 9, 1), "terminated_on": date(2026, 6, 30)})
    profile = PROFILE | {"status": "departed", "departed_on": date(2026, 6, 30)}
    held["profile"] = Known(1, 1, date(2025, 9, 1), profile)

    assert list(outcome(held, profile={"status": "departed"}).changes) == []
