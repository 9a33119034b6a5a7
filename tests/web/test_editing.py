"""Recording, correcting, settling, departing: what was typed, what follows, who may."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.factories import make_person, make_residence_permit, record
from tracker import pipeline
from tracker.accounts.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import queries
from tracker.obligations.models import Obligation

TODAY = clock.today()
ENDS = TODAY + timedelta(days=60)
NEXT = TODAY + timedelta(days=425)
NUMBER = "KANARIE77"


@pytest.fixture
def alice(app):
    person = make_person()
    record(person, "passport", number="P1", expires_on=date(2035, 1, 1))
    make_residence_permit(person, expires_on=ENDS, issued_on=ENDS - timedelta(days=365))
    make_person(name_zh="江海", name_en="BERTIN Odile", unit="历史学院")
    seeds.make_accounts(at=clock.now())
    pipeline.refresh([person.id], today=TODAY, now=clock.now())
    db.session.commit()
    db.session.remove()
    return 1


@pytest.fixture
def officer(alice, signed_in):
    return signed_in("officer")


def revision(person_id=1):
    from tracker.facts.models import Person

    value = db.session.scalar(sa.select(Person.revision).filter_by(id=person_id))
    db.session.remove()
    return str(value)


def in_force(kind):
    found = [
        (v.number, v.version, v.data) for v in queries.in_force(1) if v.kind == kind
    ]  # fmt: skip
    db.session.remove()
    return found


def base(kind):
    found = next(v.id for v in queries.in_force(1) if v.kind == kind)
    db.session.remove()
    return str(found)


def renewal(**fields):
    return {
        "number": "R2", "issued_on": TODAY.isoformat(), "expires_on": NEXT.isoformat(),
        "revision": revision(), "base": "99", "do": "save",
    } | fields  # fmt: skip


def duty(rule_id):
    found = db.session.scalars(sa.select(Obligation).filter_by(rule_id=rule_id, person_id=1)).all()
    states = [(each.id, each.state) for each in found]
    db.session.remove()
    return states


def test_renewed_permit_ends_the_duty_and_starts_the_next(officer):
    answer = officer.post("/people/1/record/residence_permit", **renewal(next="/?part=overdue"))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/?part=overdue")
    assert in_force("residence_permit")[0][:2] == ("R2", 1)
    assert [state for _id, state in duty("RP-EXT")] == ["ended", "open"]
    page = officer.get("/people/1").get_data(as_text=True)
    assert "Residence permit recorded." in page
    assert "Stops: Extension of the residence permit" in page
    assert "Starts: Extension of the residence permit" in page


@pytest.mark.parametrize("wanted", ["look", "effects"])
def test_what_would_stop_and_start_is_shown_and_nothing_saved(officer, wanted):
    page = officer.post("/people/1/record/residence_permit", **renewal(do=wanted))

    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert [text.count(f'class="{word}"') for word in ("stops", "starts")] == [2, 2]
    assert ("<html" in text) == (wanted == "look")
    assert in_force("residence_permit")[0][0] == "R1"
    assert revision() == renewal()["revision"]


def test_mistake_is_named_beside_its_box_and_nothing_typed_is_lost(officer):
    answer = officer.post(
        "/people/1/record/residence_permit",
        **renewal(expires_on="31.10.2027", purpose="Arbeit <b>"),
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="expires_on-wrong">Write the day like 2026-11-30.' in page
    assert ['value="R2"' in page, 'value="31.10.2027"' in page] == [True, True]
    assert 'value="Arbeit &lt;b&gt;"' in page
    assert in_force("residence_permit")[0][0] == "R1"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("passport", {"number": "P2", "expires_on": "2036-01-01"}),
        ("visa", {"number": "V1", "visa": "Z"}),
        ("work_permit", {"number": "W1", "category": "B"}),
        ("stay_certificate", {"number": "S1"}),
        ("hmt_travel_permit", {"number": "H1"}),
        ("hmt_residence_card", {"number": "H2"}),
        ("permanent_residence_card", {"number": "C1"}),
        ("contract", {"starts_on": "2026-09-01", "post": "教授"}),
        ("accommodation", {"moved_in_at": "2026-09-01T14:30", "rural": "true"}),
        ("entry", {"on": "2026-09-01", "stay_days": "30", "visa": "Z"}),
        ("application", {"procedure": "visa", "accepted_on": "2026-09-01"}),
        ("health_certificate", {"issued_on": "2026-09-01"}),
        ("no_criminal_record", {"issued_on": "2026-09-01"}),
        ("birth", {"on": "2026-09-01"}),
    ],
)
def test_every_kind_can_be_recorded_and_corrected(officer, kind, fields):
    shown = officer.get(f"/people/1/record/{kind}")
    saved = officer.post(f"/people/1/record/{kind}", revision=revision(), base="99", **fields)
    number = len([v for v in queries.history(1) if v.kind == kind])
    db.session.remove()
    corrected = officer.post(
        f"/people/1/documents/{kind}/{number}", base=base(kind), revision="1", **fields
    )

    codes = [each.status_code for each in (shown, saved, corrected)]
    assert codes == [200, 303, 303], saved.get_data(as_text=True)
    assert in_force(kind)[-1][1] == 2


def test_correction_form_shows_what_is_recorded(officer):
    page = officer.get("/people/1/documents/residence_permit/1").get_data(as_text=True)

    assert [text in page for text in ('value="R1"', f'value="{ENDS.isoformat()}"')] == [True] * 2


def test_taken_back_document_is_gone_and_undo_brings_it_again(officer):
    officer.post("/people/1/documents/residence_permit/1", base=base("residence_permit"),
                 revision="1", do="withdraw")  # fmt: skip
    gone = in_force("residence_permit")

    officer.post("/people/1/undo", revision=revision())

    assert gone == []
    assert in_force("residence_permit")[0][:2] == ("R1", 2)


def test_undo_after_a_save_brings_the_duty_back(officer):
    officer.post("/people/1/record/residence_permit", **renewal())

    answer = officer.post("/people/1/undo", revision=revision(), next="/people?q=mart")

    assert answer.headers["Location"] == "/people?q=mart"
    assert in_force("residence_permit")[0][0] == "R1"
    assert [state for _id, state in duty("RP-EXT")] == ["open", "ended"]
    assert "Undone: it is as it was before." in officer.get("/people").get_data(as_text=True)


def test_undo_of_what_is_no_longer_last_says_why(officer):
    officer.post("/people/1/record/residence_permit", **renewal())
    before = revision()
    officer.post("/people/1/record/birth", on="2026-09-01", revision=before, base="99")

    officer.post("/people/1/undo", revision=before)

    assert "can no longer be undone" in officer.get("/people/1").get_data(as_text=True)
    assert in_force("residence_permit")[0][0] == "R2"


def test_trail_says_who_did_what_and_holds_no_number(officer):
    officer.post("/people/1/record/residence_permit", **renewal(number=NUMBER))

    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject, entry.details) == (
        "record residence_permit", "person:1", {"document": "residence_permit/2"},
    )  # fmt: skip
    trail = str([e.details for e in db.session.scalars(sa.select(AuditEntry))])
    assert NUMBER not in trail


@pytest.mark.parametrize(
    "path",
    ["/people/1/record/profile", "/people/1/record/cat", "/people/1/documents/cat/1",
     "/people/1/documents/residence_permit/9", "/people/1/duties/999/settle",
     "/people/99/record", "/people/99/depart"],
)  # fmt: skip
def test_what_does_not_exist_is_missing(officer, path):
    assert officer.get(path).status_code == 404


def test_foreign_way_back_leads_to_the_person(officer):
    answer = officer.post("/people/1/record/residence_permit", **renewal(next="//evil.example/x"))

    assert answer.headers["Location"] == "/people/1"


def test_board_leads_to_what_ends_a_duty_and_back(officer):
    page = officer.get("/?part=next_30_days").get_data(as_text=True)

    assert 'href="/people/1/record/residence_permit?next=/?part%3Dnext_30_days"' in page
