"""What the tests of rosters share."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel


@pytest.fixture(scope="session")
def _speaking() -> Flask:
    app = Flask("words")
    Babel(app)
    return app


@pytest.fixture
def app_words(_speaking: Flask) -> Iterator[None]:
    """An application without a database, for messages in English."""
    with _speaking.app_context():
        yield
