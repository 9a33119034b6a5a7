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


def test_secretary_changes_how_people_are_reached_and_nothing_else(alice, signed_in):
    secretary = signed_in("unit_secretary")
    form = secretary.get("/people/1/edit").get_data(as_text=True)
    secretary.post(
        "/people/1/edit", base=base("profile"), revision=revision(), email="new@example.org",
        phone="1", address="", language="zh", status="departed", name_en="HACKED", how="wrong",
    )  # fmt: skip

    _number, _version, data = in_force("profile")[0]
    assert 'name="nationality"' not in form
    assert (data["email"], data["name_en"], data["status"]) == (
        "new@example.org", "MARTIN Alice", "active",
    )  # fmt: skip


def test_secretary_undoes_only_their_own_change(alice, signed_in, app):
    signed_in("officer").post("/people/1/record/residence_permit", **renewal())
    secretary = signed_in("unit_secretary")

    secretary.post("/people/1/undo", revision=revision())

    assert in_force("residence_permit")[0][0] == "R2"
    assert "Only the international office" in secretary.get("/people/1").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/people/2/edit", "/people/99/edit"])
def test_people_of_other_units_are_missing_to_a_secretary(alice, signed_in, path):
    secretary = signed_in("unit_secretary")

    assert secretary.get(path).status_code == 404
    assert secretary.post(path, email="x@example.org").status_code == 404


def test_changed_particulars_hold_from_their_day_on(officer):
    answer = officer.post(
        "/people/1/edit", base=base("profile"), revision="1", how="changed", since="2026-09-01",
        name_zh="马爱丽", name_en="MARTIN Alice", nationality="德国", unit="数学学院",
    )  # fmt: skip

    assert answer.status_code == 303, answer.get_data(as_text=True)
    before = next(v for v in queries.in_force(1, date(2026, 8, 31)) if v.kind == "profile")
    now = next(v for v in queries.in_force(1) if v.kind == "profile")
    assert (before.data["nationality"], now.data["nationality"]) == ("FRA", "DEU")
    assert "email" not in now.data


def test_departure_shows_what_it_ends_then_ends_it(officer):
    fields = {"departed_on": TODAY.isoformat(), "revision": revision(), "base": "99"}
    look = officer.post("/people/1/depart", do="look", **fields).get_data(as_text=True)

    saved = officer.post("/people/1/depart", **fields)

    assert look.count('class="stops"') >= 1
    assert saved.status_code == 303
    assert [state for _id, state in duty("RP-EXT")] == ["ended"]


def test_departure_on_a_day_to_come_is_refused(officer):
    answer = officer.post(
        "/people/1/depart", departed_on=NEXT.isoformat(), revision=revision(), base="99"
    )

    assert answer.status_code == 422
    assert "Record the departure when it has come" in answer.get_data(as_text=True)


def test_waiver_needs_a_ground(officer):
    path = f"/people/1/duties/{duty('RP-EXT')[0][0]}/settle"
    fields = {"outcome": "waived", "on": TODAY.isoformat(), "revision": revision(), "base": "99"}

    without = officer.post(path, **fields)
    with_one = officer.post(path, note="granted by phone", **fields)

    assert (without.status_code, with_one.status_code) == (422, 303)
    assert duty("RP-EXT")[0][1] == "settled"


def test_filed_application_quiets_the_duty(officer):
    path = f"/people/1/duties/{duty('RP-EXT')[0][0]}/filed"

    answer = officer.post(
        path, accepted_on=TODAY.isoformat(), receipt_number="A 1", revision=revision(), base="99"
    )

    assert answer.status_code == 303
    assert duty("RP-EXT")[0][1] == "filed"


def test_new_person_is_entered_and_documents_are_next(officer):
    answer = officer.post(
        "/people/new", name_en="NEU Person", nationality="Germany", unit="物理学院"
    )

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/record")


def test_namesake_is_asked_about_once(officer):
    fields = {"name_en": "martin alice", "nationality": "FRA"}

    asked = officer.post("/people/new", **fields)
    entered = officer.post("/people/new", another="yes", **fields)

    assert (asked.status_code, entered.status_code) == (409, 303)
    assert "This is another person of the same name." in asked.get_data(as_text=True)


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
