"""The interface for programs: counts for heads, results for who may read them, results in."""

import pytest

from tests.api.conftest import Program, make_token
from tests.web.conftest import Browser
from tracker.accounts.models import Account, AuditEntry
from tracker.core import clock
from tracker.core.db import db


@pytest.fixture
def program(app, office):
    return lambda role: Program(app, make_token(role))


def test_clinic_reports_results_and_the_refused_come_back_without_any(program):
    today = clock.today().isoformat()
    rows = [{"person_id": who, "done_on": today, "result": "fit"} for who in (1, 999_999)]

    answer = program("officer").post("/health/schedules/1/rounds/0/results", {"results": rows})
    read = program("expert").get("/people/1/health").get_json()

    assert answer.get_json() == {
        "recorded": 1,
        "refused": [{"person_id": 999_999, "why": "This person is not asked in this round."}],
    }
    assert [row["result"] for row in read["rounds"] if row["schedule_id"] == 1] == ["fit"]


def test_reading_by_the_desk_is_on_the_trail_and_own_reading_is_not(program):
    desk, expert = program("officer"), program("expert")
    desk.get("/people/1/health")
    expert.get("/people/1/health")

    trail = db.session.query(AuditEntry).filter_by(action="health results read").all()

    assert [(each.subject, each.details) for each in trail] == [("person:1", {})]


def test_heads_get_counts_and_the_rest_of_the_office_no_results(program):
    listed = program("head").get("/health/schedules").get_json()
    db.session.query(Account).filter_by(role="officer").update({"health": False})
    db.session.commit()
    db.session.remove()
    officer = program("officer")

    assert [sorted(each["counts"]) for each in listed] == [
        ["booked", "coming", "done", "exempt", "missing"]
    ] * 2
    assert officer.get("/people/1/health").status_code == 403
    body = {"results": [{"person_id": 1, "done_on": "2026-11-01", "result": "fit"}]}
    assert officer.post("/health/schedules/1/rounds/0/results", body).status_code == 403


def test_missing_list_is_taken_along_with_names_and_days_only(app, office, signed_in):
    desk: Browser = signed_in("officer")

    answer = desk.post("/health/1/missing", token_from="/health", on="2029-01-01")

    assert answer.mimetype.endswith("spreadsheetml.sheet")
    entry = db.session.query(AuditEntry).filter_by(action="health list taken along").one()
    assert entry.subject == "health_schedule:1"
