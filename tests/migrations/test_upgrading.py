"""Upgrading: several at once do it once, and one that fails changes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa

from tests.architecture.tree import ROOT
from tests.migrations.test_revisions import REVISIONS
from tracker.core.db import db

BROKEN = f'''"""Changes a table, fills it, and fails."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{REVISIONS[-1]}"


def upgrade():
    op.create_table("half_made", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("unit") as batch:
        batch.add_column(sa.Column("half", sa.String(10)))
    op.execute("UPDATE unit SET half = 'done'")
    raise RuntimeError("this one fails on purpose")
'''


@pytest.fixture
def broken_migrations(tmp_path: Path) -> Path:
    copy = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "9999_broken.py").write_text(BROKEN)
    return copy


def test_three_upgrades_at_once_all_succeed(empty_uri, tmp_path, content):
    given = {"TRACKER_SQLALCHEMY_DATABASE_URI": empty_uri, "TRACKER_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "tracker", "db", "upgrade"]

    running = [
        subprocess.Popen(command, cwd=ROOT, env=os.environ | given, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[1].decode() for process in running]

    assert [process.returncode for process in running] == [0, 0, 0], said
    assert set(content.rows()) == set(db.metadata.tables)


def test_failing_migration_changes_nothing(empty_app, content, broken_migrations):
    flask_migrate.upgrade()
    content.fill()
    rows, schema = content.rows(), content.schema()

    with pytest.raises(SystemExit):
        flask_migrate.upgrade(directory=str(broken_migrations))

    assert content.rows() == rows
    assert content.schema() == schema
    with db.engine.connect() as connection:
        version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    assert version == REVISIONS[-1]
