"""An import's memory does not follow the size of its file."""

import sys
from datetime import date

import pytest

from tests.roster import large
from tracker.obligations.derive import Context
from tracker.obligations.newcomers import Terms
from tracker.roster.apart import Wanted
from tracker.rules.load import load_book

#: What the rows of the larger file take twice over, if all are kept.
MOST_MB = 20
REMEMBERED_MB = 20


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rosters")
    sizes = (1_000, 8_000, 20_000)
    return {rows: large.write_large(folder / f"{rows}.xlsx", rows) for rows in sizes}


@pytest.fixture
def environment(make_sqlite, tmp_path):
    return large.environment(make_sqlite(), tmp_path / "home")


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are read from /proc")
def test_memory_of_who_reads_a_file_hardly_grows_with_it(environment, files):
    today = date(2026, 9, 10)
    terms = Terms(Context(load_book(), today, {"other": 30}), today)
    peaks = [
        large.run(
            environment, str(files[rows]), "translations", "en",
            module="tracker.roster.apart_child", told=Wanted(terms, known=0),
        )
        for rows in (1_000, 20_000)
    ]  # fmt: skip

    # What it remembers of papers alike is bounded too (obligations/derive.py).
    assert peaks[1][1] - peaks[0][1] < MOST_MB + REMEMBERED_MB
    assert peaks[1][0].count("PERSON Number") >= 20_000


def test_memory_of_a_dry_run_hardly_grows_with_the_file(environment, files):
    _, least = large.run(environment, "import", "roster", str(files[1_000]), "--dry-run", "--json")
    told, most = large.run(
        environment, "import", "roster", str(files[20_000]), "--dry-run", "--json"
    )

    assert '"rows": 20000, "created": 20000' in told
    assert most - least < MOST_MB


def test_memory_of_an_import_hardly_grows_with_the_file(environment, files, make_sqlite, tmp_path):
    other = large.environment(make_sqlite(), tmp_path / "other")

    _, least = large.run(environment, "import", "roster", str(files[1_000]), "--json")
    told, most = large.run(other, "import", "roster", str(files[8_000]), "--json")

    assert '"rows": 8000, "created": 8000' in told
    assert most - least < MOST_MB
