"""Who a letter is to, by name."""

from collections.abc import Iterable

import sqlalchemy as sa

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.outbox.models import Letter


def names_of(letters: Iterable[Letter]) -> dict[str, str]:
    """Return the names behind the letters' recipients ("person:7", "account:3")."""
    recipients = {letter.recipient for letter in letters}
    named = {}
    for person in db.session.scalars(
        sa.select(Person).where(Person.id.in_(_ids(recipients, "person")))
    ):
        named[f"person:{person.id}"] = person.name
    for account_id, name in db.session.execute(
        sa.select(Account.id, Account.name).where(Account.id.in_(_ids(recipients, "account")))
    ):
        named[f"account:{account_id}"] = name
    return named


def _ids(recipients: Iterable[str], kind: str) -> list[int]:
    parts = (recipient.partition(":") for recipient in recipients)
    return [int(number) for name, _colon, number in parts if name == kind and number.isdecimal()]
