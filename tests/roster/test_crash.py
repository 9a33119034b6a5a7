"""An import killed in the middle leaves whole rows; the same file again completes it."""

import json
import os
import signal

import pytest
import sqlalchemy as sa

from tests.roster import large
from tests.roster.recorded import everything
from tracker.core.db import db
from tracker.facts.models import FactVersion, Person
from tracker.obligations.models import Obligation

ROWS = 6_000


def counted(column):
    found = db.session.scalar(sa.select(sa.func.count(column.distinct())))
    db.session.rollback()
    return found


def kill_in_the_middle(environment, file):
    """Start an import; kill it when a part of it has been committed."""
    process = large.start(environment, "import", "roster", str(file))
    next(process.stderr)  # how far it is
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    process.communicate(timeout=60)


@pytest.mark.faults
def test_killed_import_is_completed_by_the_same_file(app, database_uri, tmp_path):
    file = large.write_large(tmp_path / "large.xlsx", ROWS)
    environment = large.environment(database_uri, tmp_path / "home")
    empty = everything()
    kill_in_the_middle(environment, file)
    between = counted(Person.id)
    with_deadlines = counted(Obligation.person_id)
    (broken_off,) = json.loads(large.run(environment, "import", "list", "--json")[0])["imports"]

    told = json.loads(large.run(environment, "import", "roster", str(file), "--json")[0])

    (completed,) = json.loads(large.run(environment, "import", "list", "--json")[0])["imports"]
    assert 0 < between < ROWS
    assert between == with_deadlines
    assert (broken_off["finished"], completed["finished"]) == (False, True)
    assert told == {
        "rows": ROWS, "created": ROWS - between, "updated": 0, "unchanged": between, "rejected": []
    }  # fmt: skip
    assert completed["counts"] == {
        "rows": ROWS, "created": ROWS, "updated": 0, "unchanged": 0, "rejected": 0
    }  # fmt: skip
    assert counted(Person.id) == counted(Person.name_en) == ROWS
    assert counted(Obligation.person_id) == ROWS
    profiles = sa.select(sa.func.count(FactVersion.id)).where(FactVersion.kind == "profile")
    assert db.session.scalar(profiles) == ROWS
    db.session.rollback()

    large.run(environment, "import", "undo", str(completed["id"]))

    after = everything()
    assert {name for name in empty if after[name] != empty[name]} == {
        "import_batch", "audit_entry", "unit"
    }  # fmt: skip


@pytest.mark.faults
def test_killed_import_can_be_undone_as_it_is(app, database_uri, tmp_path):
    file = large.write_large(tmp_path / "large.xlsx", ROWS)
    environment = large.environment(database_uri, tmp_path / "home")
    kill_in_the_middle(environment, file)

    large.run(environment, "import", "undo", "1")

    assert (counted(Person.id), counted(FactVersion.id)) == (0, 0)


@pytest.mark.faults
def test_two_imports_of_one_file_at_once_add_nobody_twice(app, database_uri, tmp_path):
    file = large.write_large(tmp_path / "large.xlsx", ROWS)
    environment = large.environment(database_uri, tmp_path / "home")

    both = [large.start(environment, "import", "roster", str(file), "--json") for _ in range(2)]
    told = [json.loads(process.communicate(timeout=300)[0]) for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert sum(each["created"] for each in told) == ROWS
    assert counted(Person.id) == counted(Person.name_en) == ROWS
