"""Find what an address names, within the reader's scope; else it is missing."""

from tracker.accounts.scope import scope_of
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.facts import queries
from tracker.facts.models import FactVersion, Person
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.web.access import viewer

ID = "<int(max=2147483647):{}>"
PERSON = "/people/" + ID.format("person_id")


def person(person_id: int) -> Person:
    """Return a person whom the reader may see."""
    found = queries.person(person_id)
    if not scope_of(viewer()).covers(unit_id=found.unit_id, person_id=found.id):
        raise NotFound
    return found


def document(person_id: int, kind: str, number: int) -> FactVersion:
    """Return the version now believed of a document of a person."""
    for version in queries.history(person(person_id).id):
        named = (version.kind, version.document_no) == (kind, number)
        if named and version.withdrawn_at is None:
            return version
    raise NotFound


def version(person_id: int, version_id: str | None) -> FactVersion | None:
    """Return a version of a person by what a form carried; None if it is none of theirs."""
    if not version_id or not (version_id.isascii() and version_id.isdecimal()):
        return None
    found = db.session.get(FactVersion, min(int(version_id), 2**31 - 1))
    return found if found is not None and found.person_id == person_id else None


def duty(person_id: int, obligation_id: int) -> Obligation:
    """Return an obligation of a person whom the reader may see."""
    found = db.session.get(Obligation, obligation_id)
    if found is None or found.person_id != person(person_id).id:
        raise NotFound
    rules = book.current()
    if rules.has(found.rule_id) and rules.rule(found.rule_id).role == "private":
        raise NotFound
    return found
