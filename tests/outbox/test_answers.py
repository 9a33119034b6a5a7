"""What each answer of a mail server means for the letter and for the queue. Real SMTP."""

import pytest

from tracker.core.db import db
from tracker.outbox import holds, queue


def patience(fault):
    """Return the seconds to wait for an answer: few only where none comes, machines are busy."""
    return 0.2 if fault.startswith("hang") else 10


@pytest.mark.parametrize(
    "fault", ["rcpt451", "data451", "reset_data", "reset_lost", "rcpt421", "data421", "banner421",
              "ehlo421", "auth454", "hang_banner"]
)  # fmt: skip
def test_temporary_answer_is_tried_again_until_accepted(post, sink, fault):
    post.app.config |= {"MAIL_USERNAME": "office", "MAIL_TIMEOUT": patience(fault)}
    sink.script[fault] = 1
    post.queue("alice", "bob")

    post.deliver()
    first = set(post.states().values())
    post.later(seconds=901).deliver()

    assert "refused" not in first
    assert post.states() == {"alice": "accepted", "bob": "accepted"}
    assert sink.addresses() == ["alice@example.org", "bob@example.org"]


@pytest.mark.parametrize("fault", ["rcpt550", "data552", "nul550"])
def test_permanent_answer_ends_one_letter_with_the_servers_words(post, sink, fault):
    sink.script[fault] = 1
    post.queue("alice", "bob")

    counts = post.deliver()
    post.later(days=1).deliver()

    refused = post.letters()[0]
    assert (counts.refused, counts.accepted) == (1, 1)
    assert (refused.state, refused.attempts) == ("refused", 1)
    assert refused.reply in {"550 5.1.1 no such user", "552 too large", "550 no such user"}
    assert sink.addresses() == ["bob@example.org"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("auth535", "535 wrong password"), ("mail550", "550 sender not allowed"),
        ("mail503", "503 need AUTH first"), ("relay554", "554 5.7.1 Relay access denied"),
        ("sender553", "553 5.7.1 Sender address rejected: not owned by user"),
        ("banner554", "554 no service for you"),
    ],
)  # fmt: skip
def test_refused_installation_holds_the_queue_and_goes_on_by_itself(post, sink, fault, reason):
    post.app.config["MAIL_USERNAME"] = "office"
    sink.script[fault] = -1
    post.queue("alice", "bob", "carol")

    counts = post.deliver()
    for _ in range(3):
        post.later(seconds=60).deliver()
    knocks = sink.connections
    standing = holds.current()
    held = standing.detail if standing else None
    db.session.commit()
    sink.script.clear()
    post.later(seconds=300).deliver()
    post.later(seconds=300).deliver()

    assert (counts.held, counts.refused, knocks) == (3, 0, 1)
    assert held == reason
    assert set(post.states().values()) == {"accepted"}
    assert post.holds() == []


def test_recipient_who_blocks_our_sender_does_not_hold_everybody_up(post, sink):
    """Only while the server takes nobody's letter is it ours to mend."""
    sink.answers["alice@example.org"] = "553 5.7.1 Sender address rejected: blocked here"
    post.queue("alice", "bob", "carol")

    counts = post.deliver()
    post.later(seconds=302).deliver()

    assert (counts.held, counts.accepted) == (3, 0)
    assert post.states() == {"alice": "refused", "bob": "accepted", "carol": "accepted"}
    assert post.holds() == []


@pytest.mark.parametrize("fault", ["drop_before_quit", "code299_stored"])
def test_answer_that_was_read_counts(post, sink, fault):
    sink.script[fault] = -1
    post.queue("alice", "bob")

    counts = post.deliver()
    post.later(days=1).deliver()

    assert counts.accepted == 2
    assert len(sink.received) == 2


@pytest.mark.parametrize("fault", ["reset_stored", "garbage_stored", "long_stored", "hang_stored"])
def test_unknown_outcome_is_kept_apart_and_sent_again_as_the_same_bytes(post, sink, fault):
    post.app.config["MAIL_TIMEOUT"], sink.hang = patience(fault), 2.5
    sink.script[fault] = 1
    post.queue("alice", "bob")

    counts = post.deliver()
    between = post.states()
    early = post.later(seconds=60).deliver()
    post.later(seconds=900).deliver()

    copies = [each for each in sink.received if each.address == "alice@example.org"]
    assert counts.unknown == 1
    assert between == {"alice": "unknown", "bob": "accepted"}
    assert early.accepted == 0
    assert post.states() == {"alice": "accepted", "bob": "accepted"}
    assert len(copies) == 2
    assert copies[0].content == copies[1].content


def test_third_copy_is_the_last_until_a_person_decides(post, sink):
    sink.script["reset_stored"] = -1
    post.queue("alice")

    for _ in range(6):
        post.deliver()
        post.later(seconds=901)
    stopped = len(sink.received)
    waiting = post.states()
    sink.script.clear()
    post.change(lambda: queue.retry(post.letters()[0].id, now=post.now))
    post.deliver()

    assert (stopped, waiting) == (3, {"alice": "unknown"})
    assert len({each.content for each in sink.received}) == 1
    assert post.states() == {"alice": "accepted"}


def test_letter_of_unknown_fate_is_not_taken_back(post, sink):
    sink.script["reset_stored"] = 1
    post.queue("alice")
    post.deliver()
    letter = post.letters()[0]

    taken = queue.withdraw([letter.id], now=post.now, reason="x")

    assert taken == []


def test_temporary_refusal_is_given_up_after_five_days_and_says_so(post, sink):
    sink.script["rcpt451"] = -1
    post.queue("alice")

    days = 0.0
    while post.states()["alice"] == "deferred" or not days:
        post.deliver()
        post.later(hours=6)
        days += 0.25

    assert 5 < days < 6
    assert post.states() == {"alice": "refused"}
    assert post.letters()[0].reply.startswith("given up after 5 days")


def test_server_that_is_away_for_a_week_makes_no_letter_fail(post, sink):
    port, post.app.config["MAIL_PORT"] = post.app.config["MAIL_PORT"], 1
    post.queue("alice", "bob")
    for _ in range(40):
        post.deliver()
        post.later(hours=6)
    waiting = post.states()

    post.app.config["MAIL_PORT"] = port
    post.later(seconds=300).deliver()

    assert waiting == {"alice": "deferred", "bob": "deferred"}
    assert set(post.states().values()) == {"accepted"}


def test_server_that_wants_a_new_connection_now_and_then_gets_one(post, sink):
    sink.script["mail452"] = 0
    post.queue("alice")
    post.queue("bob", "carol")
    sink.script["mail452"] = 1

    counts = post.deliver()
    post.later(seconds=61).deliver()

    assert counts.refused == 0
    assert set(post.states().values()) == {"accepted"}


def test_one_letter_has_one_recipient(post, sink):
    post.queue("alice", "bob", "carol")

    post.deliver()

    assert (sink.verbs["RCPT"], sink.verbs["DATA"], sink.connections) == (3, 3, 1)
