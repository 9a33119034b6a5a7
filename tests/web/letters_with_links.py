"""A letter with links in it, and a browser that opens them."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import sqlalchemy as sa

from tests import seeds
from tests.factories import make_person, make_residence_permit, record
from tests.web.conftest import Browser
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.outbox.models import Letter
from tracker.reminders import service as reminders

LINK = re.compile(r"/answer/[\w-]{43}")


def alice_is_told(**fields) -> str:
    """Record Alice, whose permit is to be extended within ten days, and write her letter.

    Returns the path of the link about it; commits.
    """
    today, now = clock.today(), clock.now()
    person = make_person(**fields)
    record(person, "accommodation", building="东院", registered_on=today, moved_in_at=now)
    record(person, "contract", starts_on=today - timedelta(300), ends_on=today + timedelta(400))
    make_residence_permit(
        person, issued_on=today - timedelta(325), expires_on=today + timedelta(40)
    )
    seeds.make_accounts(at=now)
    pipeline.refresh([person.id], today=today, now=now)
    db.session.commit()
    return link_to(f"person:{person.id}")


def link_to(recipient: str, *, title: str = "Extension of the residence permit") -> str:
    """Write what is due and return the path of the link in the newest letter to somebody."""
    today, now = clock.today(), clock.now()
    reminders.plan_day(today=today, now=now)
    db.session.commit()
    pipeline.write(today=today, now=now, send_after=now)
    text = text_to(recipient)
    db.session.remove()
    return LINK.findall(text[text.index(title) :])[0]


def text_to(recipient: str) -> str:
    """Return the text of the newest letter to somebody."""
    letter = db.session.scalars(
        sa.select(Letter).filter_by(recipient=recipient).order_by(Letter.id.desc())
    ).first()
    assert letter is not None
    body = message_from_bytes(letter.content, policy=policy.default).get_body(("plain",))
    return body.get_content()


def answer(browser: Browser, path: str, **fields):
    """Open the form of an answer and send it."""
    form = re.search(r'name="form" value="(\w+)"', browser.get(path).get_data(as_text=True))
    return browser.post(path, token_from=path, form=form[1] if form else "", **fields)


def rows(table: str) -> list[dict]:
    """Return all rows of a table."""
    found = [dict(row) for row in db.session.execute(sa.text(f"SELECT * FROM {table}")).mappings()]
    db.session.remove()
    return found


def person_of(path_or_none: str | None = None) -> Person:
    """Return the first person."""
    return db.session.scalars(sa.select(Person).order_by(Person.id)).first()
