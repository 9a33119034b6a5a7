"""The Delivery page: what happened to each letter, and the three things a person can do."""

import pytest
import sqlalchemy as sa

from tests import seeds
from tracker.accounts.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.outbox import holds, instance, queue
from tracker.outbox.message import Draft
from tracker.outbox.models import Hold, Instance, Letter


@pytest.fixture
def letter_id(app) -> int:
    """A letter that the server refused."""
    seeds.make_accounts(at=clock.now())
    draft = Draft(
        recipient="account:2", address="officer@example.org", subject="居留证件延期 extension",
        text="Bring your passport.\n护照", html="<p>x</p>", ics=None, key="k1",
    )  # fmt: skip
    found = queue.enqueue([draft], now=clock.now(), send_after=clock.now())["k1"]
    letter = db.session.get_one(Letter, found)
    letter.state, letter.reply, letter.attempts = "refused", "550 no such mailbox", 1
    db.session.commit()
    return found


def test_list_shows_recipient_state_and_the_servers_answer(letter_id, signed_in):
    page = signed_in("head").get("/delivery").get_data(as_text=True)

    assert [text in page for text in (
        "officer@example.org", "居留证件延期 extension", "Refused", "550 no such mailbox",
    )] == [True] * 4  # fmt: skip
    assert "Send again" not in page


def test_list_is_filtered_by_state(letter_id, signed_in):
    browser = signed_in("officer")

    assert "550 no such mailbox" in browser.get("/delivery?state=refused").get_data(as_text=True)
    assert "No letters here" in browser.get("/delivery?state=accepted").get_data(as_text=True)
    assert browser.get("/delivery?state=nonsense").status_code == 404


def test_letter_page_shows_its_text(letter_id, signed_in):
    page = signed_in("officer").get(f"/delivery/{letter_id}").get_data(as_text=True)

    assert "Bring your passport.\n护照" in page.replace("\r", "")


def test_refused_letter_can_be_sent_again_once(letter_id, signed_in):
    browser = signed_in("officer")

    browser.post(f"/delivery/{letter_id}/retry")
    again = browser.post(f"/delivery/{letter_id}/retry")

    assert _state(letter_id) == "queued"
    assert "cannot be changed that way" in browser.get("/delivery").get_data(as_text=True)
    assert again.status_code == 303
    assert _actions() == [("letter sent again", f"letter:{letter_id}")]


def test_refused_letter_can_be_closed(letter_id, signed_in):
    browser = signed_in("officer")

    browser.post(f"/delivery/{letter_id}/close")

    db.session.remove()
    letter = db.session.get_one(Letter, letter_id)
    assert letter.closed_at is not None
    assert letter.closed_by == _account("officer")
    assert _actions() == [("letter closed", f"letter:{letter_id}")]


def test_hold_is_shown_with_its_reason_and_released(letter_id, signed_in):
    hold = holds.hold("server", "535 authentication failed", now=clock.now()).id
    db.session.commit()
    browser = signed_in("officer")
    page = browser.get("/delivery").get_data(as_text=True)

    browser.post(f"/delivery/holds/{hold}/release")

    db.session.remove()
    assert "535 authentication failed" in page
    assert db.session.get_one(Hold, hold).released_by == _account("officer")
    assert _actions() == [("hold released", f"hold:{hold}")]


def test_released_copy_becomes_the_installation(letter_id, signed_in):
    hold = _moved()

    signed_in("officer").post(f"/delivery/holds/{hold}/release")

    assert _held_after_a_check() is None
    assert _state(letter_id) == "refused"


def test_what_waited_in_a_restored_database_can_be_put_aside(letter_id, signed_in):
    queue.retry(letter_id, now=clock.now())
    hold = _moved()
    browser = signed_in("officer")
    page = browser.get("/delivery").get_data(as_text=True)

    browser.post(f"/delivery/holds/{hold}/release", forgo="true")

    assert "Put aside what waits" in page
    assert _state(letter_id) == "superseded"
    assert _held_after_a_check() is None


@pytest.mark.parametrize("path", ["/delivery/{}/retry", "/delivery/{}/close",
                                  "/delivery/holds/{}/release"])  # fmt: skip
def test_missing_letter_or_hold_is_missing(letter_id, signed_in, path):
    assert signed_in("officer").post(path.format(99999)).status_code == 404


def _moved() -> int:
    """Hold this database as one that came from another place; return the hold."""
    instance.check(now=clock.now())
    db.session.get_one(Instance, 1).token = "elsewhere"
    instance.check(now=clock.now())
    hold = db.session.scalar(sa.select(Hold.id))
    db.session.commit()
    assert hold is not None
    return hold


def _held_after_a_check() -> str | None:
    db.session.remove()
    instance.check(now=clock.now())
    db.session.commit()
    hold = holds.current()
    db.session.commit()
    return hold.cause if hold else None


def _state(letter_id: int) -> str:
    db.session.remove()
    return db.session.get_one(Letter, letter_id).state


def _account(role: str) -> str:
    from tracker.accounts import audit, service

    return audit.actor_of(service.get(f"{role}@example.org"))


def _actions() -> list[tuple[str, str]]:
    db.session.remove()
    rows = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.subject)
        .where(AuditEntry.action != "sign-in")
        .order_by(AuditEntry.id)
    )
    return [(row.action, row.subject) for row in rows]


@pytest.fixture
def expert_letters(app) -> int:
    """Two letters that the server refused to a person; the person's number."""
    from tests.factories import make_person

    seeds.make_accounts(at=clock.now())
    person = make_person()
    drafts = [
        Draft(
            recipient=f"person:{person.id}", address="alice@example.org", subject=f"Letter {n}",
            text="x", html="<p>x</p>", ics=None, key=f"p{n}",
        )
        for n in range(2)
    ]  # fmt: skip
    queue.enqueue(drafts, now=clock.now(), send_after=clock.now())
    for letter in db.session.scalars(sa.select(Letter)):
        letter.state, letter.reply, letter.attempts = "refused", "550 no such mailbox", 1
        letter.finished_at = clock.now()
    number = person.id
    db.session.commit()
    db.session.remove()
    return number


def test_refused_address_stands_beside_its_person(expert_letters, signed_in):
    browser = signed_in("officer")

    page = browser.get("/delivery").get_data(as_text=True)
    person = browser.get(f"/people/{expert_letters}").get_data(as_text=True)

    section = page[page.index("Refused addresses") : page.index("States of letters")]
    assert [text in section for text in (
        "MARTIN Alice", "alice@example.org", "2 letters", "550 no such mailbox",
        "Correct the address",
    )] == [True] * 5  # fmt: skip
    assert "The mail server refused the address alice@example.org" in person


def test_everything_refused_to_a_reader_is_sent_again(expert_letters, signed_in):
    browser = signed_in("officer")

    browser.post("/delivery/addresses/retry", recipient=f"person:{expert_letters}")

    states = db.session.scalars(sa.select(Letter.state)).all()
    db.session.remove()
    assert states == ["queued", "queued"]
    assert _actions() == [("letters sent again", f"person:{expert_letters}")]
    assert "Refused addresses" not in browser.get("/delivery").get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Alice", 2), ("q=alice@example", 2), ("q=nobody", 0), ("state=refused&q=Alice", 2),
        ("from=2020-01-01", 2), ("to=2020-01-01", 0), ("from=nonsense", 2), ("q=%25", 0),
    ],
)  # fmt: skip
def test_letters_are_found_by_reader_and_day(expert_letters, signed_in, query, found):
    page = signed_in("officer").get(f"/delivery?{query}").get_data(as_text=True)

    assert page.count("Letter 0") + page.count("Letter 1") == found
