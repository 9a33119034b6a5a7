"""The last change of a person can be undone; the undo is a change itself, and history stays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import AT, make_person, make_residence_permit, record
from tracker.core.errors import Conflict, Stale
from tracker.facts import last_change, queries, service

LATER = [AT + timedelta(hours=hour) for hour in range(1, 9)]


def undo(person, at, expected=None):
    revision = person.revision if expected is None else expected
    return last_change.undo(person, expected=revision, by="account:2", at=at)


def permits(person, on=None):
    return [
        (v.number, v.version) for v in queries.in_force(person.id, on)
        if v.kind == "residence_permit"
    ]  # fmt: skip


@pytest.fixture
def alice(app):
    person = make_person()
    make_residence_permit(person, at=LATER[0])
    return person


def test_undone_renewal_brings_the_permit_before_back(alice):
    renewed = make_residence_permit(
        alice, at=LATER[1], number="R2", issued_on=date(2026, 10, 20),
        expires_on=date(2027, 10, 31),
    )  # fmt: skip

    undo(alice, LATER[2])

    assert permits(alice) == permits(alice, date(2026, 12, 1)) == [("R1", 1)]
    assert renewed.withdrawn_at == LATER[2]
    assert len(queries.history(alice.id)) == 3


def test_undone_correction_records_what_was_there_as_a_newer_version(alice):
    permit = next(v for v in queries.in_force(alice.id) if v.kind == "residence_permit")
    service.correct(permit, {"number": "WRONG"}, by="account:1", at=LATER[1])

    undo(alice, LATER[2])

    restored = next(v for v in queries.in_force(alice.id) if v.kind == "residence_permit")
    assert (restored.number, restored.version, restored.recorded_by) == ("R1", 3, "account:2")
    assert restored.ref == permit.ref


def test_undone_departure_brings_contract_and_status_back(alice):
    record(alice, "contract", at=LATER[1], starts_on=date(2025, 9, 1), ends_on=date(2027, 8, 31))
    service.depart(alice, departed_on=date(2026, 1, 5), by="account:1", at=LATER[2])

    undo(alice, LATER[3])

    contract = next(v for v in queries.in_force(alice.id) if v.kind == "contract")
    assert alice.status == "active"
    assert "terminated_on" not in contract.data


def test_undo_can_be_undone(alice):
    make_residence_permit(alice, at=LATER[1], number="R2", issued_on=date(2026, 10, 20))
    undo(alice, LATER[2])

    undo(alice, LATER[3])

    assert permits(alice) == [("R2", 2)]


def test_withdrawn_by_mistake_comes_back(alice):
    permit = next(v for v in queries.in_force(alice.id) if v.kind == "residence_permit")
    service.withdraw(permit, at=LATER[1])
    gone = permits(alice)

    undo(alice, LATER[2])

    assert (gone, permits(alice)) == ([], [("R1", 2)])


def test_undo_is_refused_when_something_newer_is_recorded(alice):
    before = alice.revision
    record(alice, "birth", at=LATER[1], on=date(2026, 1, 1))

    with pytest.raises(Stale):
        undo(alice, LATER[2], expected=before)

    assert len(queries.in_force(alice.id)) == 3


def test_first_record_of_a_person_has_nothing_before_it(app):
    with pytest.raises(Conflict, match="first recorded"):
        undo(make_person(), LATER[0])


def test_what_an_import_told_is_undone_with_the_import(alice):
    version = record(alice, "birth", at=LATER[1], on=date(2026, 1, 1))
    version.batch_id = make_batch()

    with pytest.raises(Conflict, match="import"):
        undo(alice, LATER[2])


def make_batch():
    from tracker.facts import batches

    return batches.open_batch(
        filename="x.csv", sha256="0" * 64, by="test", at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def test_only_particulars_of_a_person_are_not_withdrawn(alice):
    profile = next(v for v in queries.in_force(alice.id) if v.kind == "profile")

    with pytest.raises(Conflict, match="needs particulars"):
        service.withdraw(profile, at=LATER[1])
