"""A letter is one sender's at a time; what a sender left behind is found and bounded."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from tests.outbox.conftest import draft
from tests.threads import after, at_once
from tracker.core.db import db
from tracker.outbox import holds, queue
from tracker.outbox.delivery import Recheck
from tracker.outbox.ledger import Ledger
from tracker.outbox.models import DeliveryAttempt
from tracker.outbox.verdicts import Verdict


def ledger(post, owner):
    return Ledger(now=lambda: post.now, owner=owner)


def attempts():
    rows = db.session.execute(
        sa.select(DeliveryAttempt.attempt, DeliveryAttempt.outcome).order_by(DeliveryAttempt.id)
    ).all()
    db.session.commit()
    return [tuple(row) for row in rows]


def claim_and_die(post, owner="dead"):
    """Claim what is due like a sender that is killed after it."""
    dead = ledger(post, owner)
    with dead.opened():
        return [dead.claim(row.id) for row in dead.due(10)]


def test_letter_of_a_dead_sender_is_sent_again_after_lease_and_patience(post, sink):
    post.queue("alice")
    claim_and_die(post)

    early = post.later(seconds=1199).deliver()
    post.later(seconds=2).deliver()
    found = post.states()
    post.later(seconds=901).deliver()

    assert (early.accepted, found) == (0, {"alice": "unknown"})
    assert post.states() == {"alice": "accepted"}
    assert attempts() == [(2, "accepted")]


def test_sender_that_wakes_too_late_cannot_overwrite(post, sink):
    post.queue("alice")
    zombie = ledger(post, "zombie")
    with zombie.opened():
        letter = zombie.claim(zombie.due(10)[0].id)
    post.later(seconds=1201).deliver()
    post.later(seconds=901).deliver()

    with zombie.opened():
        zombie.mark(letter, Verdict("refused", "550 from another time"))
        zombie.commit()

    assert post.states() == {"alice": "accepted"}
    assert attempts() == [(2, "accepted")]
    assert zombie.counts.refused == 0


def test_late_yes_counts_while_nobody_sends_again(post, sink):
    post.queue("alice")
    zombie = ledger(post, "zombie")
    with zombie.opened():
        letter = zombie.claim(zombie.due(10)[0].id)
    post.later(seconds=1201).deliver()

    with zombie.opened():
        zombie.mark(letter, Verdict("accepted", "250 stored"))
        zombie.commit()
    post.later(days=1).deliver()

    assert post.states() == {"alice": "accepted"}
    assert sink.received == []


def test_three_dead_senders_leave_it_to_a_person(post, sink):
    post.queue("alice")
    for number in range(3):
        claim_and_die(post, f"dead {number}")
        post.later(seconds=1201).deliver()
        post.later(seconds=901)

    counts = post.deliver()

    assert counts.accepted == 0
    assert post.states() == {"alice": "unknown"}
    assert post.letters()[0].finished_at is not None


def test_two_senders_share_the_letters(post, sink):
    post.queue(*(f"p{number}" for number in range(40)))
    app, counts = post.app, []

    def send(owner):
        with app.app_context():
            counts.append(post.deliver(owner))

    at_once(partial(send, "sender 1"), partial(send, "sender 2"))

    assert sum(each.accepted for each in counts) == 40
    assert len(set(sink.addresses())) == len(sink.received) == 40


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=2000)])
def test_clock_that_was_ahead_leaves_nothing_stuck(post, sink, ahead):
    true = post.now
    post.now = true + ahead
    post.queue("alice", "bob")
    sink.script["rcpt451"] = 2
    post.deliver()
    claimed = post.later(seconds=61)
    claim_and_die(claimed)
    post.now = true

    for _ in range(30):
        post.later(hours=1).deliver()

    assert post.states() == {"alice": "accepted", "bob": "accepted"}
    assert len(sink.received) == 2


def test_facts_are_asked_at_the_claim_and_what_is_no_longer_so_stays(post, sink):
    post.queue("alice", "bob")
    given_back = []
    recheck = Recheck(
        "letter.address LIKE 'bob@%'", lambda _connection, letter_id: given_back.append(letter_id)
    )

    counts = post.deliver(recheck=recheck)

    assert (counts.superseded, counts.accepted, given_back) == (1, 1, [1])
    assert sink.addresses() == ["bob@example.org"]


def test_superseded_letter_gives_its_key_back(post, sink):
    post.queue("alice")
    post.deliver(recheck=Recheck("FALSE", lambda *_: None))

    post.queue("alice")
    post.deliver()

    first, second = post.letters()
    assert (first.state, second.state) == ("superseded", "accepted")
    assert first.message_id == second.message_id
    assert len(sink.received) == 1


def test_hold_by_a_person_stops_a_run_within_about_a_second(post, sink):
    sink.slow = 0.02
    post.queue(*(f"p{number}" for number in range(60)))

    def hold():
        with post.app.app_context():
            holds.hold("manual", "stop", now=post.now)
            db.session.commit()

    person = after(sink, 10, hold)
    counts = post.deliver()
    person.done()

    assert 10 <= len(sink.received) < 60
    assert counts.held == 60 - len(sink.received)


@pytest.mark.parametrize("cause", ["manual", "restored", "copied", "clock"])
def test_server_that_may_be_asked_again_does_not_lift_another_hold(post, sink, cause):
    post.change(lambda: holds.hold("server", "535", now=post.now))
    post.change(lambda: holds.hold(cause, "x", now=post.now))
    post.queue("alice")

    counts = post.later(seconds=301).deliver()

    assert (counts.held, sink.connections) == (1, 0)
    assert post.holds() == ["server", cause]


def test_key_is_one_letter_however_often_it_is_queued(post, sink):
    post.queue("alice")
    post.queue("alice", subject="another")

    post.deliver()
    post.queue("alice")
    post.deliver()

    assert [each.message["Subject"] for each in sink.received] == ["To alice"]


def test_urgent_letters_leave_first(post, sink):
    post.queue("alice", "bob")
    queue.enqueue(
        [draft("carol@example.org", urgent=True)], now=post.now,
        send_after=post.now + timedelta(days=1),
    )  # fmt: skip
    db.session.commit()

    post.deliver()

    assert sink.received[0].address == "carol@example.org"
