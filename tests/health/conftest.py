"""Schedules, and people who are asked by them."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from flask import Flask

from tests.factories import make_person
from tests.web.conftest import database_uri, office, signed_in
from tracker.facts.models import Person
from tracker.health import consents, schedules
from tracker.health.models import HealthSchedule

__all__ = ["database_uri", "office", "signed_in"]
START = date(2026, 9, 10)  # a Thursday
AT = datetime(2026, 9, 1, 1, tzinfo=UTC)


def at(day: date, hour: int = 1) -> datetime:
    """Nine in the morning in Beijing, or `hour` by UTC."""
    return datetime.combine(day, time(hour), UTC)


def wish(**overrides: Any) -> schedules.Wish:
    """An annual check, or whatever `overrides` make of it."""
    told: dict[str, Any] = {
        "title_zh": "年度体检", "title_en": "Annual check", "kind": "annual",
        "starts_on": START, "ends_on": date(2029, 9, 9), "every": 12, "every_unit": "month",
        "basis": "学校教职工体检办法", "citation": "校发〔2024〕8号 第3条",
    }  # fmt: skip
    return schedules.Wish(**(told | overrides))


@pytest.fixture
def office_with_mail(make_app: Callable[..., Flask], smtp_port: int) -> Iterator[Flask]:
    """The application with a real mail server and nobody in it yet."""
    app = make_app(MAIL_PORT=smtp_port)
    with app.app_context():
        yield app


@pytest.fixture
def make_schedule() -> Callable[..., HealthSchedule]:
    return lambda **overrides: schedules.create(wish(**overrides), by="test", at=AT)


@pytest.fixture
def consenting() -> Callable[..., Person]:
    """Returns somebody who gave the consent before the first round."""

    def make(number: int = 1, **overrides: Any) -> Person:
        person = make_person(
            name_en=f"MARTIN {number}", email=f"p{number}@example.org", **overrides
        )
        consents.give(person.id, version="2026-1", language="en", way="paper",
                      on=date(2026, 8, 1), by="test", at=AT)  # fmt: skip
        return person

    return make
