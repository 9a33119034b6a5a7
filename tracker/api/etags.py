"""States of things: who changes one says which state they have read."""

import re

from flask import request
from flask_babel import gettext as _

from tracker.api.answers import Malformed, PreconditionRequired, Stale
from tracker.cases import queries as cases
from tracker.cases.models import Case
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


def tag_of_case(case: Case) -> str:
    """Return the ETag of a case: it changes with every change of it and of its papers."""
    return f'"case-{case.id}-{case.revision}"'


def for_change(person_id: int) -> Person:
    """Return the person, kept from other editors until the transaction ends.

    Raises PreconditionRequired without If-Match, Stale when it names another state.
    """
    tags = _tags(_("Read the person first and send its ETag as If-Match."))
    person = queries.person_for_change(person_id)
    if tags != ["*"] and tag_of(person) not in tags:
        raise Stale(_("Somebody changed this person since you read it. Read it again."))
    return person


def case_for_change(case_id: int) -> Case:
    """Return the case, kept from other editors; raises as for_change() does."""
    tags = _tags(_("Read the case first and send its ETag as If-Match."))
    case = cases.for_change(case_id)
    if tags != ["*"] and tag_of_case(case) not in tags:
        raise Stale(_("Somebody changed this case since you read it. Read it again."))
    return case


def _tags(missing: str) -> list[str]:
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted:
        raise PreconditionRequired(missing)
    tags = [tag.strip() for tag in wanted.split(",")]
    if not all(_TAG.fullmatch(tag) for tag in tags):
        raise Malformed(_("If-Match wants an ETag as it was sent, quotes included."))
    return tags
