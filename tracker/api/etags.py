"""States of things: who changes one says which state they have read."""

import re

from flask import request
from flask_babel import gettext as _

from tracker.api.answers import Malformed, PreconditionRequired, Stale
from tracker.facts import queries
from tracker.facts.models import Person

HEADER = {"ETag": {"description": "The state, for If-Match.", "schema": {"type": "string"}}}
PARAMETER = {
    "in": "header", "name": "If-Match", "required": True,
    "description": "The ETag last read; * for whatever the state is.",
    "schema": {"type": "string", "maxLength": 200, "pattern": r'^(\*|"[!#-~]{1,60}")$'},
}  # fmt: skip
_TAG = re.compile(r'\*|(?:W/)?"[!#-~]{1,60}"')


def tag_of(person: Person) -> str:
    """Return the ETag of a person: it changes with every change of any of their facts."""
    return f'"{person.id}-{person.revision}"'


def for_change(person_id: int) -> Person:
    """Return the person, kept from other editors until the transaction ends.

    Raises PreconditionRequired without If-Match, Stale when it names another state.
    """
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted:
        raise PreconditionRequired(_("Read the person first and send its ETag as If-Match."))
    tags = [tag.strip() for tag in wanted.split(",")]
    if not all(_TAG.fullmatch(tag) for tag in tags):
        raise Malformed(_("If-Match wants an ETag as it was sent, quotes included."))
    person = queries.person_for_change(person_id)
    if tags != ["*"] and tag_of(person) not in tags:
        raise Stale(_("Somebody changed this person since you read it. Read it again."))
    return person
