"""Cabinets report late, twice, out of order and with wrong clocks: the register stays right."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import make_person, record
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.custody import cabinets, ordering, queries, reported, service
from tracker.custody.ordering import Between
from tracker.custody.reported import Reported

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def cabinet(app):
    return cabinets.make("Lobby", by="account:1", at=NOW - timedelta(days=30))[0]


def passport(number="EA1"):
    person = make_person(email=f"{number.lower()}@example.org")
    record(person, "passport", number=number, expires_on=date(2030, 1, 1))
    return person


def told(sequence, action, at, document="EA1", **more):
    return Reported(f"event-{sequence}", sequence, at, action, document, **more)


def send(cabinet, *events, sent_at=NOW, now=NOW):
    return reported.take_down(cabinet.id, events, sent_at=sent_at, now=now, days=7)


def kinds(person):
    [item] = queries.of_person(person.id)
    return [event.kind for event in queries.events(item.id)], item.current.kind


THREE = (
    told(1, "in", NOW - 3 * HOUR), told(2, "out", NOW - 2 * HOUR), told(3, "in", NOW - HOUR),
)  # fmt: skip


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_events_in_any_order_end_in_the_same_state(cabinet, order):
    person = passport()

    states = [send(cabinet, THREE[n]).states[f"event-{n + 1}"] for n in order]

    assert states == ["kept"] * 3
    assert kinds(person) == (["in", "out", "in"], "in")


def test_sent_twice_is_kept_once_and_another_content_is_refused(cabinet):
    person = passport()
    first = send(cabinet, *THREE)
    again = send(cabinet, *THREE)
    changed = send(cabinet, Reported("event-2", 2, NOW - 2 * HOUR, "in", "EA1"))

    assert first.person_ids == [person.id]
    assert (again.states, again.person_ids) == (dict.fromkeys(first.states, "known"), [])
    assert changed.states == {"event-2": "differs"}
    assert kinds(person) == (["in", "out", "in"], "in")


def test_a_late_event_slots_in_behind_what_the_office_did_since(cabinet):
    person = passport()
    send(cabinet, told(1, "in", NOW - 5 * HOUR))
    [item] = queries.of_person(person.id)
    service.hand_out([item], service.Handing("office"), by="account:1", at=NOW, form_id="f")

    send(cabinet, told(2, "out", NOW - 4 * HOUR), told(3, "in", NOW - 3 * HOUR))

    assert kinds(person) == (["out", "in", "out", "in"], "out")


def test_a_clock_that_is_wrong_is_noted_and_put_right(cabinet):
    person = passport()
    wrong = NOW - timedelta(days=400)

    send(cabinet, told(1, "out", wrong - 10 * MINUTE), sent_at=wrong)

    [event] = queries.events(queries.of_person(person.id)[0].id)
    assert (event.at, event.device_at) == (NOW - 10 * MINUTE, wrong - 10 * MINUTE)
    assert (cabinet.clock_off, cabinet.heard_at) == (400 * 24 * 3600, NOW)
    assert event.due_on == date(2026, 12, 1)  # the office's usual week


def test_within_a_cabinet_the_sequence_decides(cabinet):
    """After a power cut the clock began at 1970, and was right again before it was heard."""
    person = passport()
    send(cabinet, told(1, "in", NOW - 3 * HOUR))

    send(cabinet, told(2, "out", datetime(1970, 1, 1, tzinfo=UTC)))

    assert kinds(person) == (["out", "in"], "out")


def test_a_counter_that_began_anew_is_ordered_by_its_clock(cabinet):
    person = passport()
    send(cabinet, *THREE)

    anew = Reported("other", 1, NOW - 10 * MINUTE, "out", "EA1")
    send(cabinet, anew)

    assert kinds(person)[1] == "out"


@pytest.mark.parametrize(
    ("device_at", "off", "expected"),
    [
        (NOW - MINUTE, timedelta(), NOW - MINUTE),
        (NOW - HOUR, 30 * MINUTE, NOW - 30 * MINUTE),
        (NOW + HOUR, timedelta(), NOW),  # nothing happens after we heard of it
        (NOW - 9 * HOUR, timedelta(), NOW - 8 * HOUR),
    ],
)
def test_an_instant_is_corrected_and_kept_between_its_neighbours(device_at, off, expected):
    between = Between(NOW - 8 * HOUR, NOW)

    assert ordering.happened_at(device_at, off, between) == expected


@pytest.mark.parametrize(("seconds", "noted"), [(0, 0), (120, 0), (121, 121), (-300, -300)])
def test_two_minutes_are_no_wrong_clock(seconds, noted):
    assert ordering.skew(NOW - timedelta(seconds=seconds), NOW) == timedelta(seconds=noted)


def test_a_document_nobody_knows_waits_for_the_office_and_is_not_lost(cabinet):
    person = passport()
    states = send(cabinet, told(1, "in", NOW - HOUR, "XX9"), told(2, "out", NOW, "XX9")).states
    waiting = [(each.document, each.kind) for each in queries.unknown()]

    item = service.item_for(person.id, "passport/1")
    reported.assign(queries.unknown()[0].id, item, by="account:1", at=NOW)

    assert states == {"event-1": "unknown_item", "event-2": "unknown_item"}
    assert waiting == [("XX9", "in"), ("XX9", "out")]
    assert queries.unknown() == []
    assert kinds(person) == (["out", "in"], "out")


def test_what_is_none_of_ours_is_set_aside_once(cabinet):
    send(cabinet, told(1, "in", NOW, "XX9"))
    [event] = queries.unknown()

    reported.set_aside(event.id, "a library card", by="account:1", at=NOW)

    assert queries.unknown() == []
    with pytest.raises(Conflict):
        reported.set_aside(event.id, "a library card", by="account:1", at=NOW)


def test_a_sleeve_is_scanned_like_the_document_and_a_number_of_two_is_nobodys(cabinet):
    first, _second = passport("EA1"), passport("EA1")
    service.tag(service.item_for(first.id, "passport/1"), "S17")

    states = send(cabinet, told(1, "in", NOW, "s 17"), told(2, "in", NOW, "EA1")).states

    assert states == {"event-1": "kept", "event-2": "unknown_item"}
    assert kinds(first) == (["in"], "in")


def test_keys_are_rotated_with_an_overlap_and_revoked_at_once(app):
    cabinet, old, secret = cabinets.make("Lobby", by="account:1", at=NOW)
    new, other = cabinets.rotate(cabinet.id, by="account:1", at=NOW)
    body = b"{}"

    def good(key, secret, now=NOW):
        return cabinets.signed_by(key.name, cabinets.signature_of(secret, body), body, now=now)

    assert (good(old, secret), good(new, other)) == (cabinet, cabinet)
    assert (good(old, other), good(new, secret)) == (None, None)
    assert good(old, secret, NOW + cabinets.OVERLAP) is None
    assert good(new, other, NOW + cabinets.OVERLAP) is cabinet
    cabinets.revoke(new.id, at=NOW)
    assert good(new, other) is None
    assert secret not in str([vars(each) for each in (old, new)])
    db.session.rollback()
