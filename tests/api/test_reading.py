"""What else is read: obligations with their why, letters, holds, reminders, rules, calendar."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tracker.core import clock
from tracker.core.db import db
from tracker.obligations.models import Obligation
from tracker.outbox import holds
from tracker.outbox.models import Letter


def test_open_deadlines_come_soonest_first(officer):
    answer = officer.get("/obligations?page_size=200")

    days = [each["safe_on"] for each in answer.json]
    assert days == sorted(days)
    assert {each["state"] for each in answer.json} == {"open"}
    assert json.loads(answer.headers["X-Pagination"])["total"] == len(days) > 0


@pytest.mark.parametrize("part", ["overdue", "this_week", "next_week", "next_30_days", "later"])
def test_parts_of_the_board_are_those_of_the_interface(officer, part):
    from tracker.accounts.scope import Scope
    from tracker.obligations import book, queries
    from tracker.web.board import ids_of_deadlines

    wanted = queries.counts(
        Scope(everybody=True), ids_of_deadlines(book.current()), today=clock.today()
    )
    db.session.remove()

    answer = officer.get(f"/obligations?part={part}")

    assert json.loads(answer.headers["X-Pagination"])["total"] == wanted[part]


def test_obligations_are_filtered_by_days_person_and_unit(officer):
    everything = officer.get("/obligations?page_size=200").json
    one = everything[len(everything) // 2]
    within = f"from={one['safe_on']}&until={one['safe_on']}"

    found = {
        "days": officer.get(f"/obligations?{within}").json,
        "person": officer.get(f"/obligations?person_id={one['person_id']}").json,
        "unit": officer.get(f"/obligations?unit_id={one['unit_id']}").json,
    }

    for name, field in (("days", "safe_on"), ("person", "person_id"), ("unit", "unit_id")):
        assert found[name] == [each for each in everything if each[field] == one[field]]


def test_expert_reads_own_obligations_only(program):
    expert = program("expert")

    assert {each["person_id"] for each in expert.get("/obligations").json} <= {1}
    assert expert.get("/obligations?person_id=2").json == []


def test_unknown_rule_is_named(officer):
    answer = officer.get("/obligations?rule=NO-SUCH")

    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["rule"])


def test_explanation_tells_the_law_the_letters_and_the_next_one(officer):
    person_id = db.session.scalar(sa.select(sa.func.min(Obligation.person_id)))
    wanted = db.session.scalar(
        sa.select(sa.func.count()).where(
            Obligation.person_id == person_id, ~Obligation.rule_id.startswith("HEALTH-")
        )
    )
    db.session.remove()

    stories = officer.get(f"/people/{person_id}/explanation").json

    assert len(stories) == wanted
    assert all(story["law"] and story["title"]["zh"] for story in stories)


def test_letter_is_read_with_its_tries_and_sent_again_once(officer):
    letter = officer.get("/letters?state=refused").json[0]

    whole = officer.get(f"/letters/{letter['id']}").json
    again = officer.post(f"/letters/{letter['id']}/retry")
    twice = officer.post(f"/letters/{letter['id']}/retry")

    assert [each["outcome"] for each in whole["tries"]] == ["refused"]
    assert whole["text"]
    assert (again.status_code, again.json["state"]) == (200, "queued")
    assert twice.status_code == 409


def test_refused_letter_is_closed(officer):
    letter = officer.get("/letters?state=refused").json[0]

    answer = officer.post(f"/letters/{letter['id']}/close")

    assert answer.json["closed_by"].startswith("account:")


def test_letters_of_a_person(officer):
    recipient = db.session.scalars(
        sa.select(Letter.recipient).where(Letter.recipient.startswith("person:"))
    ).first()
    db.session.remove()

    found = officer.get(f"/letters?person_id={recipient.removeprefix('person:')}").json

    assert {each["recipient"] for each in found} == {recipient}


def test_hold_is_seen_and_released(officer):
    hold_id = holds.hold("manual", "while the server moves", now=clock.now()).id
    db.session.commit()
    db.session.remove()

    status = officer.get("/status").json
    answer = officer.post(f"/holds/{hold_id}/release", {})

    assert status["hold_id"] == hold_id
    assert answer.json["released_by"].startswith("account:")
    assert officer.get("/holds?standing=true").json == []
    assert officer.get(f"/holds/{hold_id}").json == answer.json


def test_preview_is_that_of_the_command(officer):
    from tracker.reminders import outlook

    first = clock.today()
    wanted = outlook.preview(first, first + timedelta(days=30))
    db.session.remove()

    answer = officer.get(f"/reminders/preview?until={first + timedelta(days=30)}")

    assert answer.json == wanted


@pytest.mark.parametrize("query", ["from=2020-01-01", "until=2020-01-01", "until=9999-12-31",
                                   "from=0001-01-01", "from=9999-12-31"])  # fmt: skip
def test_preview_of_strange_days_is_refused(officer, query):
    assert officer.get(f"/reminders/preview?{query}").status_code == 422


def test_rules_tell_law_and_article(program):
    reader = program("inspector")

    rule = reader.get("/rules/RP-EXT").json[-1]

    assert rule["law"]["zh"]
    assert rule["article"]
    assert {each["id"] for each in reader.get("/rules?kind=residence_permit").json} >= {"RP-EXT"}
    assert reader.get("/rules/NO-SUCH").status_code == 404


def test_calendar_tells_the_days_of_the_notice(program):
    reader = program("inspector")

    years = reader.get("/calendar").json

    assert reader.get("/calendar/2026").json == next(y for y in years if y["year"] == 2026)
    assert "2026-10-01" in reader.get("/calendar/2026").json["off"]
    assert reader.get("/calendar/1999").status_code == 404


def test_buildings_and_rooms_tell_how_many_live_there(officer):
    (east, west) = officer.get("/buildings").json
    rooms = officer.get(f"/buildings/{east['id']}/rooms?page_size=200").json

    assert (east["name_zh"], west["name_zh"]) == ("东院外专楼", "西院外专楼")
    assert sum(each["beds"] for each in rooms) == east["beds"] > 0
    assert 0 < sum(each["residents"] for each in rooms) <= east["residents"]
    assert officer.get("/buildings/999/rooms").status_code == 404
