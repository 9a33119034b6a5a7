"""Obligations follow the facts: derived, changed, ended, found again by a rebuild."""

from datetime import UTC, date, datetime

import sqlalchemy as sa

from tests.factories import AT, make_person, make_residence_permit, record
from tracker import pipeline
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.obligations import service
from tracker.obligations.models import Obligation

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 1, tzinfo=UTC)


def one(rule_id):
    return db.session.scalars(sa.select(Obligation).filter_by(rule_id=rule_id)).all()[-1]


def refresh(person, today=TODAY):
    pipeline.refresh([person.id], today=today, now=NOW)


def test_permit_brings_its_extension_with_all_its_days(app):
    person = make_person()
    make_residence_permit(person)

    refresh(person)

    found = one("RP-EXT")
    assert (found.statutory_on, found.safe_on) == (date(2026, 10, 1), date(2026, 9, 30))
    assert (found.state, found.provisional, found.fact_ref) == (
        "open", False, "residence_permit/1",
    )  # fmt: skip


def test_renewal_ends_the_old_obligation_and_opens_the_next(app):
    person = make_person()
    make_residence_permit(person)
    refresh(person)

    make_residence_permit(
        person, number="R2", issued_on=date(2026, 9, 20), expires_on=date(2027, 10, 31)
    )
    refresh(person)

    states = dict(
        db.session.execute(
            sa.select(Obligation.fact_ref, Obligation.state).filter_by(rule_id="RP-EXT")
        ).all()
    )
    assert states == {"residence_permit/1": "ended", "residence_permit/2": "open"}


def test_corrected_date_moves_the_day_and_begins_a_new_round(app):
    person = make_person()
    permit = make_residence_permit(person)
    refresh(person)
    service.mark_seen()

    facts.correct(
        permit, {"number": "R1", "issued_on": date(2025, 11, 1), "expires_on": date(2026, 12, 31)},
        by="test", at=AT,
    )  # fmt: skip
    refresh(person)

    found = one("RP-EXT")
    assert (found.statutory_on, found.round, found.fresh) == (date(2026, 12, 1), 2, True)
    assert db.session.scalar(sa.select(sa.func.count()).where(Obligation.rule_id == "RP-EXT")) == 1


def test_filed_application_is_quiet_and_speaks_again_when_no_permit_comes(app):
    person = make_person()
    make_residence_permit(person)
    record(person, "application", procedure="residence_permit", accepted_on=date(2026, 9, 1))
    refresh(person)
    filed = (one("RP-EXT").state, one("RP-EXT").quiet_until)

    later = date(2026, 10, 9)
    assert service.changed_by_time(later) == [person.id]
    refresh(person, today=later)

    assert filed == ("filed", one("RP-REVIEW").statutory_on)
    assert (one("RP-EXT").state, one("RP-EXT").round) == ("open", 2)


def test_departure_ends_what_it_ends(app):
    person = make_person()
    make_residence_permit(person)
    record(person, "contract", starts_on=date(2025, 9, 1), ends_on=date(2027, 8, 31))
    refresh(person)

    facts.depart(person, departed_on=date(2026, 9, 24), by="test", at=AT)
    refresh(person)

    assert one("RP-EXT").state == "ended"
    assert (one("WP-CANCEL").state, one("WP-CANCEL").statutory_on) == (
        "open", date(2026, 10, 15),
    )  # fmt: skip


def test_rebuild_changes_nothing_that_is_in_step(app):
    person = make_person()
    make_residence_permit(person)
    refresh(person)
    before = db.session.execute(sa.select(*Obligation.__table__.columns)).all()

    count = pipeline.rebuild(today=TODAY, now=datetime(2026, 9, 2, tzinfo=UTC))

    assert count == 1
    assert db.session.execute(sa.select(*Obligation.__table__.columns)).all() == before


def test_event_long_past_at_the_import_is_taken_as_done_but_an_expiry_never(app):
    person = make_person()
    entry = record(person, "entry", on=date(2024, 9, 1), visa="Z")
    permit = make_residence_permit(person, issued_on=None, expires_on=date(2026, 3, 1))
    for version in (entry, permit):
        version.batch_id = _batch()

    refresh(person)

    assert one("RP-FIRST").state == "assumed"
    assert one("RP-EXT").state == "open"


def _batch():
    from tracker.facts.models import ImportBatch

    batch = ImportBatch(
        filename="r.xlsx", sha256="0" * 64, imported_at=AT, imported_by="test", counts={}
    )
    db.session.add(batch)
    db.session.flush()
    return batch.id


def test_voluntary_card_ends_quietly_when_its_day_has_passed(app):
    person = make_person(nationality="HKG", identity="hmt")
    record(person, "hmt_residence_card", number="H1", issued_on=date(2021, 9, 21),
           expires_on=date(2026, 9, 20))  # fmt: skip
    refresh(person)
    before = one("HMT-CARD-VALID").state

    on_the_day = service.changed_by_time(date(2026, 9, 20))
    after = service.changed_by_time(date(2026, 9, 21))
    refresh(person, today=date(2026, 9, 21))

    assert (before, on_the_day, after) == ("open", [], [person.id])
    assert one("HMT-CARD-VALID").state == "ended"
    assert service.changed_by_time(date(2026, 9, 22)) == []
