"""The calendar: each day shows what falls on it, to whom it concerns, in constant work."""

from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.factories import make_person, make_residence_permit, record
from tests.web.test_board import _statements
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import service
from tracker.facts.models import CalendarNotice, Person
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter

NOTICE = """
year: 2029
source: {law: 通知, article: 国办发明电〔2028〕1号, issued_on: 2028-11-01, checked_on: 2028-11-02}
off:
  - {name: {zh: 元旦, en: New Year}, from: 2029-01-01, to: 2029-01-03}
working: [2029-01-06]
"""


def refresh(*people: Person) -> None:
    pipeline.refresh([person.id for person in people], today=date(2026, 3, 2), now=clock.now())
    db.session.commit()
    db.session.remove()


@pytest.fixture
def renewal(app) -> int:
    """Alice's residence permit ends on 31 October 2026; returns her id."""
    person = make_person()
    make_residence_permit(person)
    seeds.make_accounts(at=clock.now())
    number = person.id
    refresh(person)
    return number


def boxes(page: str) -> dict[str, str]:
    """Return the text of each day that a month's page lists."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.days: dict[str, str] = {}
            self.day = ""

        def handle_starttag(self, tag, attrs):
            if tag == "time":
                self.day = dict(attrs)["datetime"] or ""
            elif ("class", "number") in attrs:
                self.day = ""

        def handle_endtag(self, tag):
            if tag == "ol":
                self.day = ""

        def handle_data(self, text):
            if self.day and text.strip():
                before = self.days.get(self.day, "")
                self.days[self.day] = f"{before} {text.strip()}".strip()

    reader = Reader()
    reader.feed(page)
    return reader.days


def test_month_shows_the_day_to_file_the_day_it_opens_and_the_end(app, signed_in, renewal):
    officer = signed_in("officer")

    shown = {
        month: boxes(officer.get(f"/calendar?month={month}").get_data(as_text=True))
        for month in ("2026-08", "2026-09", "2026-10")
    }

    assert shown["2026-08"]["2026-08-02"] == (
        "Sun 2 Aug Filing opens: MARTIN Alice Extension of the residence permit"
    )
    assert shown["2026-09"]["2026-09-30"] == (
        "Wed 30 Sep To file: MARTIN Alice Extension of the residence permit"
    )
    assert shown["2026-10"]["2026-10-31"] == (
        "Sat 31 Oct Document ends: MARTIN Alice Residence permit ends"
    )


def test_kind_leaves_out_the_others(app, signed_in, renewal):
    officer = signed_in("officer")

    shown = {
        kind: "MARTIN" in officer.get(f"/calendar?month=2026-09&kind={kind}").text
        for kind in ("due", "opens", "expires", "letters")
    }

    assert shown == {"due": True, "opens": False, "expires": False, "letters": False}


def test_renewed_document_and_departed_person_are_on_no_day(app, signed_in):
    alice, bob = make_person(), make_person(name_en="BOBSON Bob", name_zh=None)
    for person in (alice, bob):
        make_residence_permit(person)
    make_residence_permit(
        alice, number="R2", issued_on=date(2026, 2, 1), expires_on=date(2027, 10, 31)
    )
    service.depart(bob, departed_on=date(2026, 2, 1), by="test", at=clock.now())
    seeds.make_accounts(at=clock.now())
    refresh(alice, bob)
    officer = signed_in("officer")

    shown = [
        name in officer.get(f"/calendar?month={month}").text
        for month in ("2026-09", "2026-10")
        for name in ("MARTIN", "BOBSON")
    ]

    assert shown == [False] * 4


def test_holidays_makeup_days_and_provisional_years_are_said(app, signed_in):
    seeds.make_accounts(at=clock.now())
    db.session.commit()
    officer = signed_in("officer")

    official = officer.get("/calendar?month=2026-02").get_data(as_text=True)
    provisional = officer.get("/calendar?month=2029-01").get_data(as_text=True)
    db.session.add(CalendarNotice(year=2029, content=NOTICE, added_at=clock.now(), added_by="test"))
    db.session.commit()
    added = officer.get("/calendar?month=2029-01").get_data(as_text=True)

    assert boxes(official)["2026-02-16"] == "Mon 16 Feb Spring Festival"
    assert boxes(official)["2026-02-28"] == "Sat 28 Feb Make-up workday"
    assert "notice for 2026" not in official
    assert "notice for 2029" in provisional
    assert boxes(provisional)["2029-01-01"] == "Mon 1 Jan Public holiday"
    assert boxes(provisional)["2029-01-03"] == "Wed 3 Jan"
    assert "notice for 2029" not in added
    assert boxes(added)["2029-01-03"] == "Wed 3 Jan New Year"


def test_month_shows_to_each_reader_whom_they_may_see(app, signed_in):
    alice = make_person()
    bob = make_person(name_en="BOBSON Bob", name_zh=None, unit="化学学院", email="b@example.org")
    for person in (alice, bob):
        make_residence_permit(person)
    seeds.make_accounts(at=clock.now())
    refresh(alice, bob)

    seen = {
        role: {
            name
            for name in ("MARTIN", "BOBSON")
            if name in signed_in(role).get("/calendar?month=2026-09").text
        }
        for role in ("officer", "auditor", "unit_secretary", "expert")
    }

    assert seen == {"officer": {"MARTIN", "BOBSON"}, "auditor": {"MARTIN", "BOBSON"},
                    "unit_secretary": {"MARTIN"}, "expert": {"MARTIN"}}  # fmt: skip


def test_crowded_day_shows_a_few_and_says_how_many_more(app, signed_in):
    seeds.make_accounts(at=clock.now())
    crowd(12, date(2027, 3, 3))
    officer = signed_in("officer")

    month = officer.get("/calendar?month=2027-03").get_data(as_text=True)
    day = officer.get("/calendar/2027-03-03").get_data(as_text=True)

    assert month.count("NO ") == 8
    assert ("+9 more" in month, "+4 more" in month) == (True, True)
    assert day.count("NO ") == 12


def test_day_is_paged(app, signed_in):
    seeds.make_accounts(at=clock.now())
    crowd(130, date(2027, 3, 3))
    officer = signed_in("officer")

    counts = [officer.get(f"/calendar/2027-03-03?page={page}").text.count("NO ") for page in (1, 2)]

    assert counts == [100, 30]


def test_letters_are_counted_on_the_day_they_left_on_campus(app, signed_in):
    alice = make_person()
    bob = make_person(name_en="BOBSON Bob", name_zh=None, unit="化学学院")
    seeds.make_accounts(at=clock.now())
    late_evening = datetime.fromisoformat("2027-03-02T16:30:00+00:00")  # 3 March on campus
    for number, (person, state) in enumerate(
        [(alice, "accepted"), (bob, "accepted"), (bob, "queued"), (alice, "superseded")]
    ):
        db.session.add(Letter(
            key=str(number), message_id=str(number), recipient=f"person:{person.id}",
            address="x@example.org", subject="x", state=state, queued_at=clock.now(),
            send_after=late_evening, finished_at=late_evening if state == "accepted" else None,
        ))  # fmt: skip
    db.session.commit()

    seen = {
        role: boxes(signed_in(role).get("/calendar?month=2027-03").get_data(as_text=True))
        for role in ("officer", "unit_secretary", "expert")
    }

    shown = {role: days["2027-03-03"].removeprefix("Wed 3 Mar ") for role, days in seen.items()}
    assert shown == {"officer": "3 letters", "unit_secretary": "1 letter", "expert": "1 letter"}


@pytest.mark.parametrize("path", ["/calendar?month=2027-03", "/calendar/2027-03-03"])
def test_pages_need_as_many_statements_for_many_as_for_one(app, signed_in, path):
    seeds.make_accounts(at=clock.now())
    crowd(1, date(2027, 3, 3))
    officer = signed_in("officer")
    first = _statements(officer, path)

    crowd(30, date(2027, 3, 4), after=1)
    crowd(30, date(2027, 3, 3), after=31)

    assert _statements(officer, path) == first


def test_busy_month_is_a_small_page(app, signed_in):
    seeds.make_accounts(at=clock.now())
    for day in range(1, 32):
        crowd(40, date(2027, 3, day), after=day * 40)

    page = signed_in("officer").get("/calendar?month=2027-03").data

    assert len(page) < 200_000


@pytest.mark.parametrize(
    "path",
    ["/calendar?month=2026-13", "/calendar?month=x", "/calendar?month=1999-12",
     "/calendar?kind=never", "/calendar/2026-02-30", "/calendar/x", "/calendar/2101-01-01",
     "/calendar/2026-1-1"],
)  # fmt: skip
def test_days_that_are_none_are_missing(app, signed_in, path):
    seeds.make_accounts(at=clock.now())
    db.session.commit()

    assert signed_in("officer").get(path).status_code == 404


def crowd(count: int, day: date, *, after: int = 0) -> None:
    """Give `count` people something to file on a day."""
    now = clock.now()
    ids = range(after + 1000, after + 1000 + count)
    db.session.execute(sa.insert(Person), [
        {"id": i, "name_en": f"NO {i}", "nationality": "DEU", "identity": "foreigner",
         "language": "both", "status": "active", "revision": 1, "created_at": now} for i in ids
    ])  # fmt: skip
    db.session.execute(sa.insert(Obligation), [
        {"person_id": i, "rule_id": "WP-EXT-CLOSE", "fact_ref": "work_permit/1", "state": "open",
         "safe_on": day, "opens_on": day - timedelta(60), "statutory_on": day, "reason": "-",
         "provisional": False, "round": 1, "fresh": False, "changed_at": now} for i in ids
    ])  # fmt: skip
    db.session.commit()
    db.session.remove()


def test_two_duties_of_one_person_stand_together(app, signed_in):
    person = make_person()
    record(person, "work_permit", number="W1", expires_on=date(2026, 10, 31))
    make_residence_permit(person)
    seeds.make_accounts(at=clock.now())
    refresh(person)

    page = signed_in("officer").get("/calendar?month=2026-10").get_data(as_text=True)

    assert boxes(page)["2026-10-31"] == (
        "Sat 31 Oct Document ends: MARTIN Alice Residence permit ends; Work permit ends"
    )
