"""A calendar that is subscribed to: what it holds, and what a calendar program is answered."""

from datetime import date, timedelta

import sqlalchemy as sa
from icalendar import Calendar

from tests.browser.served import served
from tests.factories import record
from tests.web.calendars import EXTENSION, ask, make, refresh, summaries
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import queries
from tracker.facts import service as facts
from tracker.facts.models import Person


def test_each_role_subscribes_to_what_it_may_see(app, browser, signed_in, two_units):
    addresses = {
        "expert": make(signed_in("expert")),
        "unit_secretary": make(signed_in("unit_secretary"), shows="unit"),
        "officer": make(signed_in("officer"), shows="office"),
    }

    seen = {role: sorted(summaries(browser.get(path))) for role, path in addresses.items()}

    both = [f"{EXTENSION} – BOBSON Bob", f"{EXTENSION} – MARTIN Alice 马爱丽"]
    assert seen == {"expert": [EXTENSION], "unit_secretary": both[1:], "officer": both}


def test_event_stands_on_the_safe_day_in_the_readers_language(app, browser, signed_in, two_units):
    path = make(signed_in("expert"), language="zh", alarm="14")
    due = db.session.execute(
        sa.text("SELECT safe_on, id FROM obligation WHERE person_id = :id AND rule_id = 'RP-EXT'"),
        {"id": two_units["alice"]},
    ).one()
    db.session.remove()

    answer = browser.get(path)

    calendar = Calendar.from_ical(answer.get_data())
    event = calendar.events[0]
    assert event.start == date.fromisoformat(str(due.safe_on))
    assert event.end == event.start + timedelta(1)
    assert str(event["UID"]) == f"obligation-{due.id}@tracker"
    assert str(event["SUMMARY"]) == "居留证件延期"
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(-14)]
    assert str(event["URL"]).endswith(f"/people/{two_units['alice']}")
    assert str(calendar["X-WR-CALNAME"]) == "我的证件办理日"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert str(calendar["X-PUBLISHED-TTL"]) == "PT6H"
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_feed_holds_no_document_number(app, browser, signed_in, two_units):
    path = make(signed_in("officer"), shows="office")

    assert "SECRET" not in browser.get(path).get_data(as_text=True)


def test_moved_day_keeps_its_uid_and_counts_up(app, browser, signed_in, two_units):
    path = make(signed_in("expert"))
    before = Calendar.from_ical(browser.get(path).get_data()).events[0]
    permit = next(
        version
        for version in queries.in_force(two_units["alice"])
        if version.kind == "residence_permit"
    )
    ends = clock.today() + timedelta(160)
    facts.correct(permit, {"number": "R1", "expires_on": ends}, by="test", at=clock.now())
    refresh(db.session.get_one(Person, two_units["alice"]))
    db.session.remove()

    after = Calendar.from_ical(browser.get(path).get_data()).events[0]

    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after.start > before.start
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_what_is_done_disappears(app, browser, signed_in, two_units):
    path = make(signed_in("expert"))
    alice = db.session.get_one(Person, two_units["alice"])
    record(
        alice, "residence_permit", at=clock.now(), number="R2", issued_on=clock.today(),
        expires_on=clock.today() + timedelta(900),
    )  # fmt: skip
    refresh(alice)
    db.session.remove()

    assert summaries(browser.get(path)) == [
        "Registering the accommodation again with the new document"
    ]


def test_calendar_program_asks_again_only_for_changes(app, signed_in, two_units):
    path = make(signed_in("officer"), shows="office")
    with served(app) as address:
        first, content = ask(address, path)
        same = {"If-None-Match": first.headers["ETag"]}
        again, nothing = ask(address, path, headers=same)
        head, no_body = ask(address, path, method="HEAD")
        bob = db.session.get_one(Person, two_units["bob"])
        record(bob, "work_permit", number="W1", expires_on=clock.today() + timedelta(90))
        refresh(bob)
        db.session.remove()
        changed, grown = ask(address, path, headers=same)

    assert (first.status, again.status, head.status, changed.status) == (200, 304, 200, 200)
    assert (nothing, no_body) == (b"", b"")
    assert again.headers["ETag"] == first.headers["ETag"] != changed.headers["ETag"]
    assert first.headers["Set-Cookie"] is None
    counts = [len(Calendar.from_ical(text).events) for text in (content, grown)]
    assert counts == [2, 4]
