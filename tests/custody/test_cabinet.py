"""A simulated cabinet against the interface: the register ends right, or the answer is clear."""

from contextvars import Context
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.custody.cabinet import Cabinet
from tests.factories import make_person, record
from tracker.accounts.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.custody import cabinets, queries
from tracker.custody.models import CustodyEvent

MINUTE = timedelta(minutes=1)


@pytest.fixture
def person_id(app):
    person = make_person()
    record(person, "passport", number="EA1", expires_on=clock.today() + timedelta(900))
    person_id = person.id
    db.session.commit()
    return person_id


@pytest.fixture
def cabinet(app, person_id):
    made, key, secret = cabinets.make("Lobby", by="account:1", at=clock.now() - timedelta(1))
    name = key.name
    db.session.commit()
    db.session.remove()
    assert made is not None

    def line(body, headers):
        answer = Context().run(
            app.test_client().post, "/api/custody/events", data=body, headers=headers,
            buffered=True,
        )  # fmt: skip
        return answer.status_code, answer.get_json()

    return Cabinet(name, secret, line)


def states(answer):
    status, told = answer
    return status, [each["state"] for each in told["results"]]


def history(person_id):
    [item] = queries.of_person(person_id)
    found = [event.kind for event in queries.events(item.id)], item.current.kind
    db.session.remove()
    return found


def test_sent_out_of_order_late_and_twice(cabinet, person_id):
    now = clock.now()
    first = cabinet.note("in", "EA1", now - 30 * MINUTE)
    second = cabinet.note("out", "ea 1", now - 20 * MINUTE, reason="a conference")
    third = cabinet.note("in", "EA1", now - 10 * MINUTE)

    early = states(cabinet.send([third], now))
    waiting = len(cabinet.queue)
    late = states(cabinet.send([second, first], now))
    twice = states(cabinet.send([first, second, third], now))

    assert (early, waiting, late) == ((200, ["kept"]), 2, (200, ["kept"] * 2))
    assert twice == (200, ["known"] * 3)
    assert cabinet.queue == []
    assert history(person_id) == (["in", "out", "in"], "in")


def test_a_wrong_signature_keeps_nothing(cabinet, person_id):
    body = cabinet.body([cabinet.note("in", "EA1", clock.now())], clock.now())
    changed = body.replace(b'"in"', b'"out"')
    stranger = Cabinet(cabinet.key, "fck_other", cabinet.line)
    unknown = Cabinet("ck_none", cabinet.secret, cabinet.line)

    refused = [
        cabinet.deliver(body, "sha256=00"), cabinet.deliver(body, "é"),
        cabinet.deliver(changed, cabinet.signature(body)), stranger.deliver(body),
        unknown.deliver(body),
    ]  # fmt: skip

    assert [status for status, _answer in refused] == [401] * 5
    assert refused[0][1]["error"]["code"] == "unauthorized"
    assert db.session.scalars(sa.select(CustodyEvent.id)).all() == []


def test_the_same_name_for_something_else_changes_nothing_and_is_noted(cabinet, person_id):
    now = clock.now()
    event = cabinet.note("in", "EA1", now)
    cabinet.send([event], now)

    again = states(cabinet.send([event | {"action": "out"}], now))

    assert again == (200, ["differs"])
    assert history(person_id) == (["in"], "in")
    [entry] = db.session.scalars(sa.select(AuditEntry).filter_by(action="cabinet events differ"))
    assert entry.details == {"events": [event["id"]]}


def test_a_wrong_clock_is_answered_and_an_unknown_number_is_kept(cabinet, person_id):
    now = clock.now()
    cabinet.off = timedelta(hours=5)
    events = [cabinet.note("in", "EA1", now - MINUTE), cabinet.note("in", "XX9", now - MINUTE)]

    status, answer = cabinet.send(events, now)

    assert (status, [each["state"] for each in answer["results"]]) == (
        200, ["kept", "unknown_item"]
    )  # fmt: skip
    assert answer["clock_off_seconds"] == pytest.approx(-5 * 3600, abs=60)
    assert [each.document for each in queries.unknown()] == ["XX9"]


@pytest.mark.parametrize(
    ("change", "status"),
    [({"action": "gone"}, 422), ({"at": "yesterday"}, 422), ({"document": ""}, 422),
     ({"sequence": "1"}, 422), ({"at": "0001-01-01T00:00:00Z"}, 422)],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_field_by_field(cabinet, change, status):
    now = clock.now()
    event = cabinet.note("in", "EA1", now)

    answered, answer = cabinet.send([event | change], now)

    assert answered == status
    assert answer["error"]["code"] == "invalid"
    assert len(cabinet.queue) == 1
