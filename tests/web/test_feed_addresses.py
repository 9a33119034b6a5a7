"""Addresses of calendars: who gets which, who closes them, and what guessing brings."""

import pytest
import sqlalchemy as sa

from tests.web.calendars import EXTENSION, account, make, summaries
from tracker.accounts import feeds, service, throttle
from tracker.accounts.feeds import CalendarFeed, Wish
from tracker.accounts.models import Account, SignInAttempt
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.facts.models import Person, Unit


def test_revoked_address_is_missing(app, browser, signed_in, two_units):
    expert = signed_in("expert")
    path = make(expert)
    db.session.remove()
    number = db.session.scalar(sa.select(CalendarFeed.id))
    db.session.remove()

    answer = expert.post(f"/calendar/feeds/{number}/revoke", token_from="/calendar/feeds")

    assert answer.status_code == 303
    assert browser.get(path).status_code == 404
    expert.get("/calendar/feeds")  # shows the note once
    assert "Revoke phone" not in expert.get("/calendar/feeds").get_data(as_text=True)


def test_others_address_cannot_be_revoked(app, browser, signed_in, two_units):
    path = make(signed_in("expert"))
    number = db.session.scalar(sa.select(CalendarFeed.id))
    db.session.remove()

    answer = signed_in("officer").post(
        f"/calendar/feeds/{number}/revoke", token_from="/calendar/feeds"
    )

    assert answer.status_code == 404
    assert browser.get(path).status_code == 200


def _deactivate(found: Account) -> None:
    service.deactivate(found)


def _demote(found: Account) -> None:
    found.role = "inspector"


def _move(found: Account) -> None:
    found.unit_id = db.session.scalar(sa.select(sa.func.max(Unit.id)))


@pytest.mark.parametrize(
    ("role", "kind", "change"),
    [("expert", "mine", _deactivate), ("officer", "office", _demote),
     ("unit_secretary", "unit", _move)],
)  # fmt: skip
def test_scope_is_asked_again_at_every_fetch(
    app, browser, signed_in, two_units, role, kind, change
):
    path = make(signed_in(role), shows=kind)
    assert browser.get(path).status_code == 200
    change(account(role))
    db.session.commit()
    db.session.remove()

    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("role", "fields"),
    [("expert", {"shows": "office"}), ("expert", {"shows": "unit:1"}),
     ("unit_secretary", {"shows": "office"}), ("officer", {"shows": "unit"}),
     ("officer", {"shows": "unit:x"}), ("officer", {"shows": "unit:999"}),
     ("officer", {"shows": "office", "label": ""}),
     ("officer", {"shows": "office", "alarm": "400"})],
)  # fmt: skip
def test_what_a_role_may_not_see_is_not_given_out(app, signed_in, two_units, role, fields):
    answer = signed_in(role).post(
        "/calendar/feeds", token_from="/calendar/feeds",
        **({"label": "phone", "language": "en"} | fields),
    )  # fmt: skip

    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarFeed)) == 0


def test_secretary_gets_the_own_unit_whatever_was_typed(app, browser, signed_in, two_units):
    other = db.session.get_one(Person, two_units["bob"]).unit_id
    db.session.remove()

    path = make(signed_in("unit_secretary"), shows=f"unit:{other}")

    assert summaries(browser.get(path)) == [f"{EXTENSION} – MARTIN Alice 马爱丽"]


def test_secret_is_not_kept(app, signed_in, two_units):
    path = make(signed_in("expert"))
    token = path.removeprefix("/feeds/").removesuffix(".ics")

    kept = db.session.execute(sa.select(CalendarFeed.__table__)).one()

    assert [value for value in kept if token in str(value)] == []
    assert len(token) >= 43


def test_guesses_are_throttled_and_revoked_addresses_are_no_guesses(
    app, browser, signed_in, two_units
):
    path = make(signed_in("expert"))
    feed = db.session.scalars(sa.select(CalendarFeed)).one()
    feeds.revoke(account("expert"), feed.id, at=clock.now())
    db.session.commit()
    db.session.remove()
    revoked = {browser.get(path).status_code for _ in range(3)}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0
    guesser = throttle.guesser("127.0.0.1")
    db.session.add_all([SignInAttempt(subject=guesser, at=clock.now()) for _ in range(28)])
    db.session.commit()
    db.session.remove()

    answers = [browser.get(f"/feeds/guess{n}.ics") for n in range(3)]

    assert revoked == {404}
    assert [answer.status_code for answer in answers] == [404, 404, 429]


def test_page_shows_when_a_calendar_last_asked(app, browser, signed_in, two_units):
    expert = signed_in("expert")
    path = make(expert)
    before = "not yet" in expert.get("/calendar/feeds").get_data(as_text=True)

    browser.get(path)

    after = "not yet" in expert.get("/calendar/feeds").get_data(as_text=True)
    assert (before, after) == (True, False)


def test_number_of_addresses_is_limited(app, two_units):
    owner = account("expert")
    wish = Wish(kind="mine", label="phone", language="en")
    for _ in range(feeds.MOST):
        feeds.create(owner, wish, at=clock.now())

    with pytest.raises(Invalid):
        feeds.create(owner, wish, at=clock.now())
