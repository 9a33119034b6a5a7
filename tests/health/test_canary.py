"""A marked result, booking and certificate show on pages and fields of who needs them, or nowhere.

Every address of the application is read by every role, with all that a page links to as a file;
the interface, the search, sorted lists, the trail, all letters and the log are read as well.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from tests.files.pictures import picture
from tests.health.conftest import at
from tests.web.conftest import Browser
from tests.web.test_access import ARGUMENTS
from tracker import pipeline
from tracker.accounts import feeds
from tracker.accounts.feeds import Wish
from tracker.accounts.models import ROLES, Account
from tracker.core import clock
from tracker.core.db import Base, db
from tracker.files import service as files
from tracker.health import results, schedules
from tracker.health.results import Booking
from tracker.outbox.models import Letter, LetterContent

#: The person of the expert's account; nobody else's page may have any of it.
WHO = 1
#: By then the marked person is missing in the round of the booking.
DAYS = timedelta(50)
#: Only here may a mark be read, and only by these.
ENTITLED = {
    "person_health.show": {"admin", "officer"},
    "person_health.certificate": {"admin", "officer", "expert"},
    "own_health.show": {"expert"},
    "api_health.read_person_health": {"admin", "officer", "expert"},
}
NOTE, PLACE, TITLE = "canarynote7f", "canaryplace7f", "canarycertificate7f"
#: How a result may be written; the marked one is the only follow-up there is.
FOLLOW_UP = ("follow_up", "result-follow_up", "需复查", "Follow-up")
TEXTS = (NOTE, PLACE, TITLE, *FOLLOW_UP)
#: By these any result is chosen, or explained to whom it may concern.
EXPLAINED = re.compile(
    r"<option[^>]*>[^<]*</option>|<p class=\"(?:lead|wording)\"[^>]*>.*?</p>", re.DOTALL
)


@pytest.fixture
def marked(app, office) -> dict[str, Any]:
    """Somebody with a follow-up result, a certificate and a booking, all marked."""
    schedule, today, now = schedules.get(2), clock.today(), clock.now()
    done_on = schedule.ends_on - timedelta(2)
    row = results.record(schedule, 19, WHO, done_on=done_on, result="follow_up", by="t", at=now)
    with files.uploading() as written:
        results.certify(row, picture("PNG"), title=f"{TITLE}.png", by="t", at=now, written=written)
        db.session.commit()
    results.book(schedules.get(1), 0, WHO, Booking(at(today), PLACE, NOTE), by="t", at=now)
    pipeline.refresh([WHO], today=today, now=now)
    certificate = row.attachment_id
    unflagged = db.session.scalar(sa.select(Account).filter_by(role="officer"))
    db.session.add(
        Account(email="plain@example.org", name="普通经办", role="officer", language="zh",
                session_key="plain", password_hash=unflagged.password_hash, active=True,
                created_at=now)
    )  # fmt: skip
    wish = Wish(kind="mine", label="mine", language="en")
    expert = db.session.scalar(sa.select(Account).filter_by(role="expert"))
    _feed, token = feeds.create(expert, wish, at=now)
    db.session.commit()
    db.session.remove()
    return {"file_id": certificate, "schedule_id": 2, "number": 19, "token": token}


def marks(answer) -> list[str]:
    """Return the marks that an answer holds, in its head or its body, packed or not."""
    body = answer.get_data()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    text = EXPLAINED.sub("", body.decode("utf-8", "replace"))
    whole = f"{answer.headers}{text}"
    return [mark for mark in TEXTS if mark in whole or quote(mark) in whole]


def addresses(app, more: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of everything that can be read, with what filters and sorts it."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("static", "assets")):
            continue
        for values in (ARGUMENTS, ARGUMENTS | more, ARGUMENTS | more | {"number": 0}):
            known = {name: values[name] for name in rule.arguments}
            yield rule.endpoint, adapter.build(rule.endpoint, known)
    for query in ("q=canarynote", "q=follow", "sort=-next", "sort=building", "due=overdue"):
        yield "people.show", f"/people?{query}"
        yield "api_people.list_people", f"/api/people?{query}"
    for rule_id in ("HEALTH-CHECK", "HEALTH-TEST"):
        yield "api_obligations.list_obligations", f"/api/obligations?rule={rule_id}&state=met"
    for day in ("2026-01-01", clock.today().isoformat()):
        yield "person.show", f"/people/{WHO}?on={day}"
    yield "audit.show", f"/audit?subject=person:{WHO}"
    yield "health_checks.one", "/health/2?round=19&state=done"
    yield "health_checks.one", "/health/1?round=0&state=booked"
    yield "health_entering.missing", f"/health/1/missing?on={clock.today() + DAYS}"


def leaks(app, browser: Browser, role: str, more: dict[str, Any]) -> Iterator[str]:
    for endpoint, address in sorted(set(addresses(app, more))):
        found = marks(browser.get(address))
        if endpoint == "docs.openapi":  # names every result there can be
            found = [mark for mark in found if mark not in FOLLOW_UP]
        if found and role not in ENTITLED.get(endpoint, ()):
            yield f"{role} {address}: {found}"
    missing = browser.post("/health/1/missing", token_from="/", on=str(clock.today() + DAYS))
    if found := marks(missing):
        yield f"{role} the list of the missing: {found}"
    for kind in ("xlsx", "csv"):
        answer = browser.post("/people/export", token_from="/people", query="", format=kind)
        if found := marks(answer):
            yield f"{role} the list as {kind}: {found}"


def test_marked_health_data_is_read_by_who_needs_it_and_nobody_else(app, marked, signed_in, caplog):
    caplog.set_level(logging.DEBUG)
    whole = db.engine.dialect.name == "sqlite"
    found = []

    for role in ("anonymous", *ROLES, "plain") if whole else ("unit_secretary", "plain"):
        browser = Browser(app.test_client()) if role == "anonymous" else signed_in(role)
        found += list(leaks(app, browser, role, marked))

    assert found == []
    assert [mark for mark in TEXTS if mark in caplog.text] == []


def test_entitled_readers_do_read_the_marks(app, marked, signed_in):
    """Without this the walk could pass because nothing was recorded."""
    seen = {
        role: {
            endpoint: sorted(marks(browser.get(path)))
            for endpoint, path in (("person_health.show", f"/people/{WHO}/health"),
                                   ("own_health.show", "/my/health"),
                                   ("api", f"/api/people/{WHO}/health"))
        }
        for role in ("officer", "expert", "head")
        for browser in [signed_in(role)]
    }  # fmt: skip

    page = sorted([NOTE, PLACE, TITLE, "Follow-up", "follow_up", "result-follow_up"])
    rows = sorted([NOTE, PLACE, "follow_up"])
    nothing: list[str] = []
    assert seen == {
        "officer": {"person_health.show": page, "own_health.show": nothing, "api": rows},
        "expert": {"person_health.show": nothing, "own_health.show": page, "api": rows},
        "head": {"person_health.show": nothing, "own_health.show": nothing, "api": nothing},
    }


def text_of(letter: Letter) -> str:
    """Return all that a letter says: its head and every part of it, unpacked."""
    content = db.session.scalar(sa.select(LetterContent.content).filter_by(letter_id=letter.id))
    message = message_from_bytes(content or b"", policy=policy.default)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    texts = [part.decode() if isinstance(part, bytes) else str(part) for part in parts]
    return EXPLAINED.sub("", "\n".join([letter.subject, str(message["Subject"]), *texts]))


def test_marks_are_in_no_letter_and_in_no_table_but_those_of_health(app, marked):
    due_on = schedules.get(1).starts_on
    for ahead in (31, 7, 0, -15):
        day = due_on - timedelta(ahead)
        pipeline.plan_day(today=day, now=at(day))
        pipeline.write(today=day, now=at(day), send_after=at(day))
    letters = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
    told = {letter.id: text_of(letter) for letter in letters}

    leaked = [(number, mark) for number, text in told.items() for mark in TEXTS if mark in text]
    mine = [told[letter.id] for letter in letters if letter.recipient == f"person:{WHO}"]
    to_staff = [told[each.id] for each in letters if each.recipient.startswith("account:")]
    tables = {
        table.name
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
        if any(mark in str(row) for mark in (NOTE, PLACE, TITLE, "'follow_up'"))
    }
    db.session.rollback()

    assert leaked == []
    assert [text for text in mine if "Health check" in text or "健康检查" in text] != []
    assert [text for text in to_staff if "Health check" in text or "健康检查" in text] == []
    assert [letter.subject for letter in letters if re.search("Health|健康", letter.subject)] == []
    assert tables == {"health_round", "attachment"}
