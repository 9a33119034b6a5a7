"""The pages of the health desk, of a unit and of an expert, used as people use them."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.files.pictures import picture
from tests.health.conftest import wish
from tests.web.conftest import Browser
from tracker.accounts.models import Account, AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.health import results, schedules
from tracker.health.models import HealthConsent, HealthRound, HealthSchedule
from tracker.obligations.models import Obligation


def words(answer) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True).partition("<main")[2])
    return re.sub(r"\s+", " ", text)


def form(**changes) -> dict[str, str]:
    today = clock.today()
    typed = {
        "title_zh": "实验室岗位体检", "title_en": "Laboratory check", "kind": "hazard",
        "starts_on": (today + timedelta(40)).isoformat(), "every": "12", "every_unit": "month",
        "ends_on": (today + timedelta(1000)).isoformat(), "basis": "职业病防治法", "by_law": "yes",
        "citation": "第35条", "tell_units": "nothing",
    }  # fmt: skip
    return typed | changes


def of_first_person() -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(Obligation.fact_ref, Obligation.state).where(
            Obligation.person_id == 1, Obligation.rule_id == "HEALTH-CHECK"
        )
    )
    found = [tuple(row) for row in rows]
    db.session.remove()
    return found


def test_schedule_without_ground_or_end_is_refused_and_nothing_typed_is_lost(office, signed_in):
    desk = signed_in("officer")

    without_ground = desk.post("/health/new", token_from="/health", **form(basis="", citation=""))
    without_end = desk.post("/health/new", token_from="/health", **form(ends_on=""))

    assert (without_ground.status_code, without_end.status_code) == (422, 422)
    assert "Nobody is examined without a ground" in words(without_ground)
    assert "Give the day like 2026-11-30." in words(without_end)
    assert 'value="实验室岗位体检"' in without_end.get_data(as_text=True)


def test_new_schedule_makes_a_round_due_of_those_it_means(office, signed_in):
    desk = signed_in("officer")

    answer = desk.post("/health/new", token_from="/health", **form(people="1"))

    made = db.session.scalar(sa.select(sa.func.max(HealthSchedule.id)))
    assert answer.headers["Location"].endswith(f"/health/{made}")
    assert of_first_person()[-1] == (f"health/{made}/0", "open")
    assert "职业病防治法" in words(desk.get(f"/health/{made}"))


def test_office_without_the_flag_and_heads_see_counts_only(office, signed_in):
    db.session.execute(sa.update(Account).where(Account.role == "officer").values(health=False))
    db.session.commit()
    db.session.remove()
    for role in ("officer", "head"):
        reader = signed_in(role)
        page = words(reader.get("/health/1"))

        assert "You see counts only." in page
        assert "/people/" not in reader.get("/health/1").get_data(as_text=True)
    officer = signed_in("officer")
    shut = ["/people/1/health", "/health/1/missing", "/health/1/rounds/0/results", "/health/new"]
    assert {path: officer.get(path).status_code for path in shut} == dict.fromkeys(shut, 403)


def test_clinic_list_is_typed_in_one_go_and_the_duty_is_met(office, signed_in):
    desk, today = signed_in("officer"), clock.today().isoformat()
    path = "/health/1/rounds/0/results"
    before = of_first_person()

    answer = desk.post(path, token_from=path, done_on=today, person=["1", "2"], result=["fit", ""])

    assert before == [("health/1/0", "open")]
    assert answer.status_code == 303
    assert of_first_person() == [("health/1/0", "met")]


def test_result_of_somebody_who_did_not_consent_is_refused_with_the_reason(office, signed_in):
    db.session.execute(sa.delete(HealthConsent).where(HealthConsent.person_id == 1))
    db.session.commit()
    db.session.remove()
    desk, today = signed_in("officer"), clock.today().isoformat()
    path = "/health/1/rounds/0/results"

    answer = desk.post(path, token_from=path, done_on=today, person="1", result="fit")

    assert answer.status_code == 409
    assert "There is no consent in force." in words(answer)
    assert of_first_person() == [("health/1/0", "open")]


def test_desk_books_records_and_certifies_and_each_reading_is_on_the_trail(office, signed_in):
    desk, page = signed_in("officer"), "/people/1/health"
    day = (clock.today() + timedelta(3)).isoformat()
    which = {"schedule": "1", "number": "0"}

    desk.post(f"{page}/booking", token_from="/health", booked_on=day, time="08:30",
              place="Clinic", note="fasting", due_on="", **which)  # fmt: skip
    desk.post(f"{page}/result", token_from="/health", done_on=clock.today().isoformat(),
              result="follow_up", **which)  # fmt: skip
    answer = desk.post(f"{page}/certificate", token_from="/health",
                       file=(io.BytesIO(picture()), "proof.jpg"), **which)  # fmt: skip
    shown = desk.get(page)

    assert answer.status_code == 303
    assert re.search(r"08:30.+Clinic.+fasting.+Follow-up.+proof\.jpg", words(shown))
    trail = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject == "person:1").order_by(AuditEntry.id)
    )
    assert [each for each in trail if each.startswith("health")] == [
        "health check booked", "health result recorded", "health certificate kept",
        "health results read",
    ]  # fmt: skip


@pytest.fixture
def expert(app, office, signed_in) -> Browser:
    return signed_in("expert")


def test_expert_withdraws_and_gives_consent_on_their_own_page(expert):
    before = words(expert.get("/my/health"))

    withdrawn = expert.post("/my/health/consent/withdraw", token_from="/my/health")
    after = words(expert.get("/my/health"))
    ended = of_first_person()
    unticked = expert.post("/my/health/consent", token_from="/my/health", version="2026-1")
    given = expert.post(
        "/my/health/consent", token_from="/my/health", version="2026-1", agreed="yes"
    )

    assert "In force" in before
    assert (withdrawn.status_code, given.status_code, unticked.status_code) == (303, 303, 422)
    assert "I consent to the university" in after
    assert ended == [("health/1/0", "ended")]
    assert of_first_person() == [("health/1/0", "open")]
    row = db.session.scalar(sa.select(HealthConsent).order_by(HealthConsent.id.desc()))
    assert (row.version, row.language, row.way) == ("2026-1", "en", "page")
    assert row.wording.startswith("I consent to the university")


def test_expert_sees_who_read_their_results(office, signed_in):
    signed_in("officer").get("/people/1/health")

    page = words(signed_in("expert").get("/my/health"))

    assert re.search(r"Who read my results .+ 测试 officer", page)


def test_unit_is_told_who_has_no_appointment_only_as_far_as_the_schedule_says(office, signed_in):
    schedule = schedules.get(1)
    on = clock.today()
    secretary = db.session.scalar(sa.select(Account).filter_by(role="unit_secretary"))
    from tracker.health import standing

    lines = standing.lines(schedule, standing.rhythm_of(schedule).round(0), on=on,
                           unit_id=secretary.unit_id)  # fmt: skip
    waiting = [line for line in lines if line.state == "coming" and not line.booked_at]
    db.session.remove()
    named = words(signed_in("unit_secretary").get("/health/unit"))
    for told in ("count", "nothing"):
        db.session.get_one(HealthSchedule, 1).tell_units = told
        db.session.commit()
        db.session.remove()
        page = words(signed_in("unit_secretary").get("/health/unit"))
        assert [line for line in waiting if (line.name_en or line.name_zh) in page] == []
        assert ("without an appointment" in page) == (told == "count")

    assert waiting
    assert [line for line in waiting if (line.name_en or line.name_zh) not in named] == []


def test_old_results_are_deleted_and_the_day_of_the_check_stays(app, make_schedule, consenting):
    from tests.health.conftest import AT, at
    from tracker.health import retention

    schedule, person = make_schedule(), consenting()
    done_on = AT.date()
    results.record(schedule, 0, person.id, done_on=done_on, result="fit", by="t", at=AT)
    kept_until = done_on + timedelta(retention.keeping().keep_results_days)

    early = retention.purge(today=kept_until, now=at(kept_until))
    late = retention.purge(today=kept_until + timedelta(1), now=at(kept_until))

    row = db.session.scalar(sa.select(HealthRound))
    assert (early.rounds, late.rounds) == (0, 1)
    assert (row.done_on, row.result) == (done_on, None)


def test_withdrawal_hides_at_once_and_deletes_on_its_day(app, make_schedule, consenting):
    from tests.health.conftest import AT, START, at
    from tracker.health import consents, retention

    person = consenting()
    free, legal = make_schedule(), schedules.create(wish(by_law=True), by="t", at=AT)
    for schedule in (free, legal):
        results.record(schedule, 0, person.id, done_on=START, result="fit", by="t", at=at(START))

    purge_on = consents.withdraw(person.id, on=START, by="t")
    read = [row.schedule_id for row in results.of_person(person.id)]
    before = retention.purge(today=purge_on - timedelta(1), now=AT)
    on_the_day = retention.purge(today=purge_on, now=AT)

    assert purge_on == START + timedelta(15)
    assert read == [legal.id]
    assert (before.rounds, on_the_day.rounds) == (0, 1)
    assert list(db.session.scalars(sa.select(HealthRound.schedule_id))) == [legal.id]
