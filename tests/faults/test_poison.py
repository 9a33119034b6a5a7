"""One person's odd data is told to the office and keeps no other person's letter back."""

import json
from datetime import UTC, datetime

from tests.faults.station import DAY
from tracker import pipeline
from tracker.core.db import db

POISON = (
    "UPDATE person SET email = 'a@b@c' WHERE id = {id}",
    "UPDATE person SET email = '张三@例子.测试' WHERE id = {id}",
    "UPDATE person SET email = 'a@x.org, b@x.org' WHERE id = {id}",
    "UPDATE fact SET data = '{broken}' WHERE person_id = {id} AND kind = 'residence_permit'",
    "UPDATE obligation SET rule_id = 'GONE' WHERE person_id = {id} AND rule_id = 'RP-EXT'",
)


def test_letters_that_cannot_be_built_say_so_and_the_rest_go_out(station):
    ids = station.people(8)
    pipeline.plan_day(today=DAY, now=datetime(2026, 9, 10, 2, tzinfo=UTC))
    broken = json.dumps({"expires_on": "soon"})
    for person_id, statement in zip(ids, POISON, strict=False):
        station.ask(statement.format(id=person_id, broken=broken) + " RETURNING id")

    outcome = station.remind()

    assert (outcome["accepted"], outcome["refused"]) == (3, 0)
    assert station.sink.addresses() == ["p5@example.org", "p6@example.org", "p7@example.org"]
    replies = station.ask("SELECT reply FROM letter WHERE state = 'refused'")
    assert [reply.partition(":")[0] for reply in replies] == ["cannot be built"] * len(POISON)


def test_names_of_any_length_and_script_are_told(station):
    station.people(1, name_zh="阿" * 120, name_en="X" * 200)
    station.people(1, name_en="O'BRIEN-ŁUKASZEWSKI İpek 𠮷 \u202eRTL", email="q@example.org")

    outcome = station.remind()

    assert outcome["accepted"] == 2
    lines = max(len(line) for each in station.sink.received for line in each.content.split(b"\n"))
    assert lines < 998
    db.session.commit()
