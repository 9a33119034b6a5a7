"""One person's odd data is told to the office and keeps no other person's letter back."""

import json

import pytest

from tracker.core.db import db

POISON = {
    "address": "UPDATE person SET email = 'a@b@c' WHERE id = {id}",
    "mailbox in Chinese": "UPDATE person SET email = '张三@例子.测试' WHERE id = {id}",
    "address with a comma": "UPDATE person SET email = 'a@x.org, b@x.org' WHERE id = {id}",
    "date that is none": "UPDATE fact SET data = '{broken}' WHERE person_id = {id}"
                         " AND kind = 'residence_permit'",
    "rule that is gone": "UPDATE obligation SET rule_id = 'GONE' WHERE person_id = {id}"
                         " AND rule_id = 'RP-EXT'",
}  # fmt: skip


@pytest.mark.parametrize("name", POISON)
def test_letter_that_cannot_be_built_says_so_and_the_rest_go_out(station, name):
    ids = station.people(5)
    broken = json.dumps({"expires_on": "soon"})
    if name == "rule that is gone":
        _plan_first(station)
    station.ask(POISON[name].format(id=ids[2], broken=broken) + " RETURNING id")

    outcome = station.remind()

    assert (outcome["accepted"], outcome["refused"]) == (4, 0)
    assert station.letters() == {"accepted": 4, "refused": 1}
    (reply,) = station.ask("SELECT reply FROM letter WHERE state = 'refused'")
    assert reply.startswith("cannot be built: ")


def _plan_first(station):
    """Plan while the rule is still known."""
    from datetime import UTC, datetime

    from tests.faults.station import DAY
    from tracker import pipeline

    pipeline.plan_day(today=DAY, now=datetime(2026, 9, 10, 2, tzinfo=UTC))


def test_names_of_any_length_and_script_are_told(station):
    station.people(1, name_zh="阿" * 120, name_en="X" * 200)
    station.people(1, name_en="O'BRIEN-ŁUKASZEWSKI İpek 𠮷 \u202eRTL", email="q@example.org")

    outcome = station.remind()

    assert outcome["accepted"] == 2
    lines = max(len(line) for each in station.sink.received for line in each.content.split(b"\n"))
    assert lines < 998
    db.session.commit()
