"""One station a test, on a database of each kind, with a mail server that stores durably."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.faults import station as stations
from tests.faults.station import Station
from tests.smtp_sink import Sink


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("faults")


@pytest.fixture
def station(app: Flask, smtp_port: int, sink: Sink, tmp_path: Path) -> Iterator[Station]:
    with stations.opened(app, sink, tmp_path) as opened:
        yield opened
