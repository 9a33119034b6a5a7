"""Facts keep their history: renewing adds, correcting withdraws, any past day can be asked."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import AT, make_person, make_residence_permit, record
from tracker.core.errors import Conflict, Invalid
from tracker.facts import queries, service


def numbers(person, on=None):
    return [v.number for v in queries.in_force(person.id, on) if v.kind == "residence_permit"]


def test_renewal_adds_and_every_past_day_answers_as_it_was(app):
    person = make_person()
    make_residence_permit(person)

    make_residence_permit(
        person, number="R2", issued_on=date(2026, 10, 20), expires_on=date(2027, 10, 31)
    )

    assert numbers(person) == ["R2"]
    assert numbers(person, date(2026, 10, 19)) == ["R1"]
    assert numbers(person, date(2026, 10, 20)) == ["R2"]
    assert numbers(person, date(2025, 10, 31)) == []


def test_older_document_entered_late_takes_its_place_in_the_past(app):
    person = make_person()
    make_residence_permit(person)

    make_residence_permit(
        person, number="R0", issued_on=date(2024, 11, 1), expires_on=date(2025, 10, 31)
    )

    assert numbers(person) == ["R1"]
    assert numbers(person, date(2025, 1, 1)) == ["R0"]


def test_correction_withdraws_the_wrong_version_and_keeps_it(app):
    person = make_person()
    wrong = make_residence_permit(person)
    at = datetime(2026, 2, 1, tzinfo=UTC)

    right = service.correct(
        wrong, {"number": "R1", "issued_on": date(2025, 11, 1), "expires_on": date(2027, 10, 31)},
        by="test", at=at,
    )  # fmt: skip

    permits = [v for v in queries.history(person.id) if v.kind == "residence_permit"]
    assert [(v.version, v.data["expires_on"], v.withdrawn_at) for v in permits] == [
        (2, "2027-10-31", None),
        (1, "2026-10-31", at),
    ]
    assert right.ref == wrong.ref == "residence_permit/1"


def test_correcting_a_withdrawn_version_is_refused(app):
    permit = make_residence_permit(make_person())
    fields = {"expires_on": date(2027, 1, 1)}
    service.correct(permit, fields, by="test", at=AT)

    with pytest.raises(Conflict, match="newest"):
        service.correct(permit, fields, by="test", at=AT)


def test_recording_the_same_twice_is_refused(app):
    person = make_person()
    make_residence_permit(person)

    with pytest.raises(Conflict, match="already recorded"):
        make_residence_permit(person)


def test_changed_unit_is_as_it_was_on_a_past_day(app):
    person = make_person()

    service.change_profile(
        person, {"unit": "数学学院"}, valid_from=date(2026, 9, 1), by="test", at=AT
    )

    def unit_on(day):
        return [v.data["unit"] for v in queries.in_force(person.id, day) if v.kind == "profile"]

    assert person.unit.name_zh == "数学学院"
    assert unit_on(date(2026, 8, 31)) == ["物理学院"]
    assert unit_on(date(2026, 9, 1)) == ["数学学院"]


def test_departure_ends_a_running_contract_on_that_day(app):
    person = make_person()
    record(person, "contract", starts_on=date(2025, 9, 1), ends_on=date(2027, 8, 31))

    service.depart(person, departed_on=date(2026, 9, 24), by="test", at=AT)

    contract = next(v for v in queries.in_force(person.id) if v.kind == "contract")
    assert person.status == "departed"
    assert contract.data["terminated_on"] == "2026-09-24"


def test_departure_after_the_contract_ran_out_leaves_it(app):
    person = make_person()
    record(person, "contract", starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))

    service.depart(person, departed_on=date(2026, 9, 24), by="test", at=AT)

    contract = next(v for v in queries.in_force(person.id) if v.kind == "contract")
    assert "terminated_on" not in contract.data


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("residence_permit", {"purpose": "work"}, "expires_on"),
        ("residence_permit", {"expires_on": "31.10.2026"}, "expires_on"),
        ("residence_permit", {"expires_on": "2026-10-31", "colour": "red"}, "colour"),
        ("contract", {"starts_on": "2026-09-01", "ends_on": "2026-08-01"}, "ends_on"),
        ("application", {"procedure": "parking", "accepted_on": "2026-09-01"}, "procedure"),
        ("entry", {"on": "2026-09-01", "stay_days": 0}, "stay_days"),
        ("passport_of_a_cat", {}, "kind"),
    ],
)
def test_wrong_field_is_named(app, kind, fields, field):
    person = make_person()

    with pytest.raises(Invalid) as refused:
        service.record(person, kind, fields, by="test", at=AT)

    assert list(refused.value.messages) == [field]


def test_person_without_any_name_is_refused(app):
    with pytest.raises(Invalid) as refused:
        make_person(name_zh="", name_en="")

    assert "Chinese or as in the passport" in str(refused.value)


def test_numbers_stay_text(app):
    person = make_person()

    permit = make_residence_permit(person, number=" 007 e23 ")

    assert permit.number == "007E23"
