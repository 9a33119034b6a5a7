"""What is due of buildings by plan, for phones and pages."""

from collections.abc import Sequence
from typing import Any


def open_of(building_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return what is to be inspected now: reference, building, kind and last day."""
    return []
