"""Who a letter is to, by name."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.housing.models import Building
from tracker.outbox.models import Letter


def names_of(letters: Iterable[Letter]) -> dict[str, str]:
    """Return the names behind the letters' recipients ("person:7", "account:3")."""
    return named(letter.recipient for letter in letters)


def named(references: Iterable[str]) -> dict[str, str]:
    """Return the names behind "person:7" and "account:3"; what is neither is left out."""
    recipients = set(references)
    found = {}
    for person in db.session.scalars(
        sa.select(Person).where(Person.id.in_(_ids(recipients, "person")))
    ):
        found[f"person:{person.id}"] = person.name
    ids = _ids(recipients, "account") + _ids(recipients, "sign-in")
    for account_id, name in db.session.execute(
        sa.select(Account.id, Account.name).where(Account.id.in_(ids))
    ):
        found[f"account:{account_id}"] = found[f"sign-in:{account_id}"] = name
    return found


def people_named(ids: Iterable[int | None]) -> dict[int, Person]:
    """Return the persons with these numbers."""
    found = db.session.scalars(sa.select(Person).where(Person.id.in_(set(ids) - {None})))
    return {person.id: person for person in found}


def buildings_named(ids: Iterable[int | None]) -> dict[int, Building]:
    """Return the buildings with these numbers."""
    found = db.session.scalars(sa.select(Building).where(Building.id.in_(set(ids) - {None})))
    return {building.id: building for building in found}


def names_of_actors(actors: Iterable[str]) -> dict[str, str]:
    """Return the names behind who did something ("account:3", "command")."""
    wanted = sa.select(Account.id, Account.name).where(Account.id.in_(_ids(actors, "account")))
    names = {f"account:{account_id}": name for account_id, name in db.session.execute(wanted)}
    return names | {"command": _("Command line")}


def matching(text: str, *, most: int = 30) -> list[Person]:
    """Return persons by part of a name in either script, or by number."""
    named = sa.or_(
        Person.name_zh.icontains(text, autoescape=True),
        Person.name_en.icontains(text, autoescape=True),
    )
    if text.isascii() and text.isdecimal() and len(text) < 10:
        named = sa.or_(named, Person.id == int(text))
    return list(db.session.scalars(sa.select(Person).where(named).order_by(Person.id).limit(most)))


def references(text: str, *, most: int = 200) -> list[str]:
    """Return the recipients ("person:7", "account:3") whose name has this text in it."""
    accounts = db.session.scalars(
        sa.select(Account.id).where(Account.name.icontains(text, autoescape=True)).limit(most)
    )
    people = [f"person:{person.id}" for person in matching(text, most=most)]
    return [*people, *(f"account:{number}" for number in accounts)]


def _ids(recipients: Iterable[str], kind: str) -> list[int]:
    parts = (recipient.partition(":") for recipient in recipients)
    return [int(number) for name, _colon, number in parts if name == kind and number.isdecimal()]
