"""Plain builders of invented people and their documents."""

from datetime import UTC, date, datetime
from typing import Any

from tracker.facts import service
from tracker.facts.models import FactVersion, Person

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def make_person(**overrides: Any) -> Person:
    """Record Alice Martin of the School of Physics, or whoever `overrides` make of her."""
    profile = {
        "name_zh": "马爱丽", "name_en": "MARTIN Alice", "nationality": "FRA", "category": "B",
        "language": "en", "email": "alice@example.org", "unit": "物理学院",
    }  # fmt: skip
    return service.create_person(profile | overrides, by="test", at=AT)


def record(person: Person, kind: str, at: datetime = AT, **fields: Any) -> FactVersion:
    """Record a fact of `person` with typed fields."""
    return service.record(person, kind, fields, by="test", at=at)


def make_residence_permit(person: Person, at: datetime = AT, **overrides: Any) -> FactVersion:
    """Record a residence permit that ends on 2026-10-31."""
    fields = {"number": "R1", "issued_on": date(2025, 11, 1), "expires_on": date(2026, 10, 31)}
    return record(person, "residence_permit", at, **(fields | overrides))
