"""Facts keep their history: renewing adds, correcting withdraws, any past day can be asked."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from tests.factories import AT, make_person, make_residence_permit, record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound, Stale
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


def test_correcting_the_first_day_moves_the_end_of_the_document_before(app):
    person = make_person()
    make_residence_permit(person)
    newer = make_residence_permit(
        person, number="R2", issued_on=date(2026, 10, 20), expires_on=date(2027, 10, 31)
    )

    service.correct(
        newer, {"number": "R2", "issued_on": date(2026, 10, 10), "expires_on": date(2027, 10, 31)},
        by="test", at=AT,
    )  # fmt: skip

    assert numbers(person, date(2026, 10, 9)) == ["R1"]
    assert numbers(person, date(2026, 10, 10)) == ["R2"]


def test_every_change_counts_in_the_revision(app):
    person = make_person()
    permit = make_residence_permit(person)
    service.correct(permit, {"expires_on": date(2027, 1, 1)}, by="test", at=AT)
    service.change_profile(person, {"phone": "1"}, valid_from=AT.date(), by="test", at=AT)

    assert person.revision == 4


def test_revision_that_still_holds_is_claimed(app):
    person = make_person()

    service.claim_revision(person.id, expected=1)
    make_residence_permit(person)

    assert person.revision == 2


@pytest.mark.parametrize("expected", [0, 2])
def test_other_revision_is_stale_and_tells_the_current_one(app, expected):
    person = make_person()

    with pytest.raises(Stale) as refused:
        service.claim_revision(person.id, expected=expected)

    assert (refused.value.current, refused.value.status, refused.value.code) == (1, 409, "stale")


def test_claim_of_nobody_is_missing(app):
    with pytest.raises(NotFound):
        service.claim_revision(99, expected=1)


def test_of_two_claims_at_once_one_gets_through(make_app):
    """Each in its own transaction, from the same revision, started together."""
    app = make_app()
    with app.app_context():
        person_id = make_person().id
        db.session.commit()
        db.session.remove()
    start = threading.Barrier(4, timeout=60)

    def change(number: int) -> str:
        with app.app_context():
            start.wait()
            try:
                service.claim_revision(person_id, expected=1)
                make_residence_permit(queries.person(person_id), number=f"R{number}")
                db.session.commit()
            except Stale:
                return "stale"
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(change, range(4)))

    assert outcomes == ["done", "stale", "stale", "stale"]
