"""What letters say of rounds: one letter a person, and a subject that others may read."""

from datetime import date

from tests.health.conftest import START, at
from tests.smtp_sink import Sink
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db

EVE_OF_NATIONAL_DAY = date(2026, 9, 30)


def bodies(sink: Sink) -> list[str]:
    return [
        each.message.get_body(("plain",)).get_content().replace("\n", " ") for each in sink.received
    ]


def test_rounds_of_a_holiday_are_told_in_one_letter_before_it(
    office_with_mail, sink, make_schedule, consenting
):
    alice, bob = consenting(1), consenting(2)
    ids = [alice.id, bob.id]
    make_schedule(kind="periodic", every=3, every_unit="day", ends_on=date(2026, 11, 8),
                  title_en="Test every three days", meant={"people": ids})  # fmt: skip
    pipeline.refresh(ids, today=EVE_OF_NATIONAL_DAY, now=at(EVE_OF_NATIONAL_DAY))
    db.session.commit()

    pipeline.remind(today=EVE_OF_NATIONAL_DAY, now=clock.now())

    assert sorted(sink.addresses()) == ["p1@example.org", "p2@example.org"]
    told = bodies(sink)[0]
    days = ("Thu 1 October", "Sun 4 October", "Wed 7 October")
    assert [day for day in days if day in told] == list(days)
    assert told.count("Test every three days") >= 3
    assert {each.message["Subject"].split(" (")[0] for each in sink.received} == {
        "A personal matter"
    }


def test_health_matter_never_leads_the_subject_nor_has_a_link_to_answer(
    office_with_mail, sink, make_schedule, consenting
):
    person = consenting(1)
    make_schedule(meant={"people": [person.id]})
    pipeline.refresh([person.id], today=START, now=at(START))
    db.session.commit()

    pipeline.remind(today=START, now=clock.now())

    (letter,) = sink.received
    assert letter.message["Subject"].startswith("A personal matter")
    assert "Health check: Annual check" in bodies(sink)[0]
    assert "/answer/" not in letter.message.as_string()
    assert "Questions? Come to the International Office." in bodies(sink)[0]
