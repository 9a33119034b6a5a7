"""The way into the outbox: one letter a key, and one wrong letter keeps no other back."""

import pytest
import sqlalchemy as sa

from tests.outbox.conftest import draft
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.outbox import queue, status
from tracker.outbox.models import Letter


def enqueue(post, *drafts):
    ids = queue.enqueue(drafts, now=post.now, send_after=post.now)
    db.session.commit()
    return ids


POISON = {
    "two at signs": draft("a@b@c", key="1"), "Chinese mailbox": draft("张三@例子.测试", key="2"),
    "half a character": draft("c@example.org", key="3", text="\ud800"),
    "NUL": draft("d@example.org", key="4", text="a\0b", subject="x"),
    "line break": draft("e@example.org", key="5", subject="a\r\nBcc: x@example.org"),
    "fault": draft("f@example.org", key="6", fault="KeyError: 'no such rule'"),
}  # fmt: skip


@pytest.mark.parametrize("name", POISON)
def test_letter_that_cannot_be_built_says_why_and_the_others_leave(post, sink, name):
    enqueue(post, draft("alice@example.org"), POISON[name], draft("bob@example.org"))

    counts = post.deliver()

    assert counts.accepted == 2
    assert sink.addresses() == ["alice@example.org", "bob@example.org"]
    refused = post.letters()[1]
    assert refused.state == "refused"
    assert refused.reply.startswith("cannot be built: ")
    assert status.problems()["open"] == 1


def test_wrong_sender_fails_no_letter(post):
    post.app.config["MAIL_DEFAULT_SENDER"] = "国际处 <office@example.org>"

    with pytest.raises(Invalid, match="plain mail address"):
        enqueue(post, draft("alice@example.org"))

    assert post.letters() == []


def test_unbuilt_letter_is_not_sent_again_as_it_is(post):
    letter_id = enqueue(post, draft("a@b@c"))["key:a@b@c"]

    with pytest.raises(Conflict, match="Mend what its answer names"):
        queue.retry(letter_id, now=post.now)


def test_long_subject_fits_every_database(post):
    enqueue(post, draft("alice@example.org", subject="延期" * 400))

    assert db.session.scalar(sa.select(sa.func.length(Letter.subject))) == 300


def test_closed_letter_is_looked_at_no_more(post, sink):
    sink.script["reset_stored"] = 1
    post.queue("alice")
    post.deliver()
    letter_id = post.letters()[0].id

    post.change(lambda: queue.close(letter_id, by="officer", now=post.now))
    counts = post.later(days=10).deliver()

    assert (counts.accepted, sink.stored) == (0, 1)
    assert status.waiting() == (0, None)
    assert status.problems()["open"] == 0


def test_message_id_names_no_machine(post, sink):
    post.queue("alice")
    post.deliver()

    assert sink.received[0].message_id.endswith("@localhost>")
    post.app.config["MAIL_DOMAIN"] = "example.edu.cn"
    assert queue.message_id("k").endswith("@example.edu.cn>")
