"""A phone whose inspector has an account."""

import pytest
from flask import Flask

from tests.inspections.phones import Phone, make_inspector


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(make_inspector().id)
