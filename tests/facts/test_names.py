"""The index of names, the building and the first expiry follow the facts."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa

from tests.factories import AT, make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.facts import naming, service
from tracker.facts.models import Person, PersonName

TODAY = date(2026, 1, 5)


def indexed(person_id: int) -> tuple[str, ...]:
    tokens = sa.select(PersonName.token).filter_by(person_id=person_id)
    return tuple(db.session.scalars(tokens.order_by(PersonName.token)))


def test_new_person_is_indexed_under_both_names(app):
    person = make_person(name_zh="马爱丽", name_en="MARTIN Alice")

    keys = naming.keys("马爱丽", "MARTIN Alice")
    assert indexed(person.id) == keys.tokens
    assert (person.sort_zh, person.sort_en) == (keys.sort_zh, keys.sort_en)


def test_changed_name_is_indexed_anew_and_the_old_one_forgotten(app):
    person = make_person(name_zh=None, name_en="MARTIN Alice")

    service.change_profile(person, {"name_en": "DUBOIS Alice"}, valid_from=TODAY, by="test", at=AT)

    assert indexed(person.id) == naming.keys(None, "DUBOIS Alice").tokens
    assert person.sort_en == "dubois alice"


def test_building_and_first_expiry_follow_the_papers_in_force(app):
    person = make_person()
    record(person, "visa", visa="Z", expires_on=date(2025, 12, 1))
    record(person, "passport", number="P1", expires_on=date(2030, 1, 1))
    record(person, "accommodation", moved_in_at=datetime(2026, 1, 1, 20, tzinfo=CAMPUS),
           building="东院外专楼")  # fmt: skip

    assert projected(person) == ("东院外专楼", date(2025, 12, 1))

    make_residence_permit(person)
    assert projected(person) == ("东院外专楼", date(2026, 10, 31))

    make_residence_permit(
        person, number="R2", issued_on=date(2026, 10, 1), expires_on=date(2031, 1, 1)
    )
    record(person, "accommodation", moved_in_at=datetime(2026, 1, 3, 20, tzinfo=CAMPUS),
           building="西院外专楼")  # fmt: skip
    assert projected(person) == ("西院外专楼", date(2030, 1, 1))


@pytest.mark.parametrize("kind", ["contract", "application"])
def test_what_is_no_paper_has_no_expiry(app, kind):
    person = make_person()
    fields = {"contract": {"starts_on": TODAY, "ends_on": date(2026, 2, 1)},
              "application": {"procedure": "visa", "accepted_on": TODAY}}  # fmt: skip
    record(person, kind, **fields[kind])

    assert projected(person) == (None, None)


def projected(person: Person) -> tuple[str | None, date | None]:
    pipeline.refresh([person.id], today=TODAY, now=AT)
    db.session.refresh(person)
    return person.building, person.expires_on
