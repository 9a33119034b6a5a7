"""Calendar years: which are official, what a notice would move, and what it moved."""

import io
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config.settings import ROOT
from tests import seeds
from tests.factories import make_person, make_residence_permit
from tests.web.conftest import Browser
from tests.web.test_imports import settled
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import CalendarNotice
from tracker.obligations.models import Obligation
from tracker.rules.holidays import parse_year
from tracker.work import Task

#: Makes the days before 1 June 2029, the last day to file, days off.
NOTICE = {
    "year": "2029", "article": "国办发明电〔2028〕9号", "issued_on": "2028-11-05",
    "new_year_from": "2029-01-01", "new_year_to": "2029-01-01",
    "labour_from": "2029-05-30", "labour_to": "2029-06-03", "working": "2029-05-26，2029-06-09",
}  # fmt: skip


@pytest.fixture
def officer(app: Flask, signed_in) -> Browser:
    """An officer, and Alice, whose permit ends on 1 July 2029."""
    person = make_person()
    make_residence_permit(person, expires_on=date(2029, 7, 1))
    seeds.make_accounts(at=clock.now())
    pipeline.refresh([person.id], today=clock.today(), now=clock.now())
    db.session.commit()
    db.session.remove()
    return signed_in("officer")


def due() -> tuple[date, bool]:
    row = db.session.execute(
        sa.select(Obligation.safe_on, Obligation.provisional).filter_by(rule_id="RP-EXT")
    ).one()
    db.session.remove()
    return row.safe_on, row.provisional


def send(browser: Browser, **fields):
    return browser.post("/calendar/years", token_from="/calendar/years", **(NOTICE | fields))


def test_notice_shows_what_it_moves_and_then_moves_it(app, officer):
    before = due()
    answer = send(officer)
    path = answer.headers["Location"]
    preview = settled(officer, path)
    untouched = due()

    officer.post(f"{path}/apply", token_from=path)
    done = settled(officer, path)

    assert before == untouched == (date(2029, 6, 1), True)
    assert due() == (date(2029, 5, 29), False)
    assert "MARTIN Alice" in preview
    assert ("Fri 1 Jun 2029" in preview, "Tue 29 May 2029" in preview) == (True, True)
    assert "Recorded." in done
    years = officer.get("/calendar/years").get_data(as_text=True)
    assert "国办发明电〔2028〕9号" in years
    assert "entered by 测试 officer" in years


def test_form_writes_what_the_parser_reads(app, officer):
    settled(officer, send(officer).headers["Location"])

    content = db.session.scalars(sa.select(Task)).one().result["content"]
    year = parse_year(content, file="form")
    assert (year.year, len(year.off), len(year.working)) == (2029, 6, 2)
    assert year.names[date(2029, 6, 1)].en == "Labour Day"


@pytest.mark.parametrize("source", ["2026.yaml"])
def test_notice_is_sent_as_a_file(app, officer, source):
    shipped = (Path(ROOT) / "config/regulations/calendar" / source).read_bytes()

    answer = officer.post(
        "/calendar/years", token_from="/calendar/years", file=(io.BytesIO(shipped), source)
    )

    assert answer.status_code == 303
    assert "国办发明电〔2025〕7号" in settled(officer, answer.headers["Location"])


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"year": "next"}, "Write a year like 2027."),
     ({"article": ""}, "Fill this in"),
     ({"issued_on": "5.11.2028"}, "Write a day like 2027-01-31."),
     ({"labour_to": ""}, "Give both days."),
     ({"labour_to": "2029-05-01"}, "The last day lies before the first."),
     ({"working": "2029-05-28"}, "2029-05-28 is no Saturday or Sunday."),
     ({"working": "soon"}, "soon is no day."),
     ({"new_year_from": "2031-01-01", "new_year_to": "2031-01-01"}, "outside 2029")],
)  # fmt: skip
def test_mistakes_are_told_and_nothing_typed_is_lost(app, officer, fields, told):
    answer = send(officer, **fields)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in page
    assert 'value="2029-05-30"' in page


def test_readers_see_the_years_but_no_form(app, signed_in):
    seeds.make_accounts(at=clock.now())
    db.session.commit()
    db.session.remove()

    page = signed_in("auditor").get("/calendar/years").get_data(as_text=True)

    assert ("provisional" in page, "<fieldset" in page) == (True, False)


def test_notice_that_only_confirms_says_so(app, officer):
    answer = send(officer, labour_from="2029-05-01", labour_to="2029-05-03", working="")

    page = settled(officer, answer.headers["Location"])

    assert "MARTIN Alice" not in page.partition("<main")[2]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarNotice)) == 0
