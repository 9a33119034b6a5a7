"""Whose rows an account may see, as a condition on a query of persons."""

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.facts.models import Person


def visible(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that keeps a query of persons within `scope`."""
    if scope.everybody:
        return sa.true()
    if scope.unit_id is not None:
        return Person.unit_id == scope.unit_id
    if scope.person_id is not None:
        return Person.id == scope.person_id
    return sa.false()
