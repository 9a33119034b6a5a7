"""What tests of calendar addresses share."""

import re
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import sqlalchemy as sa
from icalendar import Calendar

from tracker import pipeline
from tracker.accounts.models import Account
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person

ADDRESS = re.compile(r'id="address" readonly value="http:[^"]+(/feeds/[^"]+\.ics)"')
EXTENSION = "Extension of the residence permit"


def refresh(*people: Person) -> None:
    """Bring obligations in step with the facts of these people; commits."""
    pipeline.refresh([person.id for person in people], today=clock.today(), now=clock.now())
    db.session.commit()


def make(browser, **fields: str) -> str:
    """Make an address on the page and return its path."""
    answer = browser.post(
        "/calendar/feeds", token_from="/calendar/feeds",
        **({"label": "phone", "shows": "mine", "language": "en", "alarm": "7"} | fields),
    )  # fmt: skip
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found = ADDRESS.search(answer.get_data(as_text=True))
    assert found is not None
    return found[1]


def ask(
    address: str, path: str, *, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    """Ask over a real connection, as a calendar program does; return answer and content."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def summaries(answer) -> list[str]:
    """Return what the events of an answer are called."""
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.get_data()).events]


def account(role: str) -> Account:
    """Return the account of a role."""
    return db.session.scalars(sa.select(Account).filter_by(role=role)).one()
