"""Every revision goes up, down and up again with data, and the newest one is the models."""

from pathlib import Path

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.architecture.tree import ROOT
from tracker.core.db import db

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


def below(revision: str) -> str:
    """Return the revision under this one."""
    return str(SCRIPTS.get_revision(revision).down_revision or "base")


def test_there_is_one_line_of_revisions():
    assert SCRIPTS.get_heads() == [REVISIONS[-1]]


def test_newest_revision_is_what_the_models_say(empty_app):
    flask_migrate.upgrade()

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, db.metadata)

    assert differences == []


def test_each_revision_goes_up_down_and_up_with_data(empty_app, content):
    """One database goes up all the way: the data of every revision meet those after it."""
    for revision in REVISIONS:
        content.fill()
        rows_below, schema_below = content.rows(), content.schema()

        flask_migrate.upgrade(revision=revision)
        schema_at = content.schema()
        kept = {name: len(rows) for name, rows in content.rows().items() if name in rows_below}
        content.fill()
        flask_migrate.downgrade(revision=below(revision))

        before = {name: len(rows) for name, rows in rows_below.items() if name in kept}
        assert (revision, kept) == (revision, before)
        assert (revision, content.schema()) == (revision, schema_below)
        assert (revision, content.rows()) == (revision, rows_below)
        flask_migrate.upgrade(revision=revision)
        assert (revision, content.schema()) == (revision, schema_at)


def test_rows_are_invented_for_every_table(empty_app, content):
    flask_migrate.upgrade()

    content.fill()

    counts = {name: len(rows) for name, rows in content.rows().items()}
    assert counts == dict.fromkeys(db.metadata.tables, 1)


def test_revisions_import_nothing_of_ours():
    sources = [Path(script.path).read_text() for script in SCRIPTS.walk_revisions()]

    assert [source for source in sources if "tracker" in source] == []
