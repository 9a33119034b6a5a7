"""An import's memory does not follow the size of its file."""

import pytest

from tests.roster import large

#: What the texts of 50,000 rows and the names already met may take.
MOST_MB = 64


@pytest.fixture
def environment(make_sqlite, tmp_path):
    return large.environment(make_sqlite(), tmp_path / "home")


def test_memory_of_a_dry_run_hardly_grows_with_the_file(environment, tmp_path):
    small = large.write_large(tmp_path / "small.xlsx", 1_000)
    big = large.write_large(tmp_path / "big.xlsx", 50_000)

    _, least = large.run(environment, "import", "roster", str(small), "--dry-run", "--json")
    told, most = large.run(environment, "import", "roster", str(big), "--dry-run", "--json")

    assert '"rows": 50000, "created": 50000' in told
    assert most - least < MOST_MB


def test_memory_of_an_import_hardly_grows_with_the_file(environment, tmp_path, make_sqlite):
    other = large.environment(make_sqlite(), tmp_path / "other")
    small = large.write_large(tmp_path / "small.xlsx", 1_000)
    big = large.write_large(tmp_path / "big.xlsx", 12_000)

    _, least = large.run(environment, "import", "roster", str(small), "--json")
    told, most = large.run(other, "import", "roster", str(big), "--json")

    assert '"rows": 12000, "created": 12000' in told
    assert most - least < MOST_MB
