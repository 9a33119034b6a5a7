"""Custody as other pages show it."""

from collections.abc import Sequence

from tracker.accounts.scope import reads_numbers
from tracker.custody import queries
from tracker.custody.models import CustodyItem
from tracker.web.access import OFFICE, viewer


def of_person(person_id: int) -> list[CustodyItem]:
    """Return what was lodged of a person."""
    return queries.of_person(person_id)


def numbers(items: Sequence[CustodyItem]) -> dict[int, str]:
    """Return the numbers of these documents, as far as the reader may read them."""
    if viewer().role not in OFFICE:
        return {}
    readable = [each for each in items if reads_numbers(viewer(), person_id=each.person_id)]
    return queries.numbers(readable)
