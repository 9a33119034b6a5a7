"""What people tell us between the writing of a letter and its leaving is not too late."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import make_residence_permit, record
from tests.faults.station import DAY
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.facts.models import Person

AT = datetime(2026, 9, 10, 3, tzinfo=UTC)


def renew(person):
    make_residence_permit(
        person, number="R2", issued_on=date(2026, 9, 9), expires_on=date(2027, 10, 31)
    )
    record(person, "accommodation", moved_in_at=AT, registered_on=DAY)


def depart(person):
    facts.depart(person, departed_on=DAY, by="test", at=AT)


def move(person):
    changes = {"email": "new@example.org"}
    facts.change_profile(person, changes, valid_from=DAY, by="test", at=AT)


@pytest.mark.parametrize(
    ("change", "reached"),
    [(renew, []), (depart, []), (move, ["new@example.org"])],
)  # fmt: skip
def test_fact_told_before_the_letter_leaves_counts(station, change, reached):
    """The mail server is away while the letter is written, and back when the fact is told."""
    (person_id,) = station.people(1)
    station.settings["MAIL_PORT"], port = "1", station.settings["MAIL_PORT"]
    written = station.remind()

    change(db.session.get_one(Person, person_id))
    station.refresh(person_id)
    station.settings["MAIL_PORT"] = port
    station.until(lambda: station.remind()["deferred"] == 0)

    assert written["deferred"] == 1
    assert station.sink.addresses() == reached
    assert station.letters()["superseded"] == 1


def test_fact_told_between_writing_and_claim_counts(station):
    """Behind the back of all that could take the letters back: only the claim can see it."""
    ids = station.people(12)
    station.sink.slow = 0.05
    sender = station.start("remind", "--today", str(DAY))
    station.until(lambda: station.sink.stored >= 2)
    for person_id in ids[5:9]:  # the last in the order of recipients
        station.ask(f"UPDATE person SET email = 'new{person_id}@example.org'"
                    f" WHERE id = {person_id} RETURNING id")  # fmt: skip
    station.ended_well(sender)

    station.sink.slow = 0.0
    station.remind()

    late = [f"p{number}@example.org" for number in range(5, 9)]
    assert [address for address in station.sink.addresses() if address in late] == []
    assert len(station.sink.addresses()) == 12


def test_corrected_address_brings_the_refused_letter_by_itself(station):
    ids = station.people(2)
    station.sink.refuse = {"p1@example.org"}
    first = station.remind()

    move(db.session.get_one(Person, ids[1]))
    station.refresh(ids[1])
    second = station.remind()

    assert (first["accepted"], first["refused"], second["accepted"]) == (1, 1, 1)
    assert station.sink.addresses() == ["new@example.org", "p0@example.org"]
