"""Editing: forms from the table of kinds, what a change brings, conflicts, undo, files.

Administrators and officers change everything. A unit's secretary changes how the unit's people
are reached (`person.CONTACT`): what decides over a deadline stays with the office. Heads and
auditors read. Whoever is out of the reader's scope is missing, like one who does not exist.
"""

from flask import Flask

from tracker.web.editing import acts, documents, duties, files, person, undo

FEATURES = (person, documents, duties, undo, files)


def init_app(app: Flask) -> None:
    """Register the pages, and what the templates of others need to lead to them."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals.update(
        acts_for=acts.acts_for, renewals_of=acts.renewals_of, files_of=files.shown_to
    )
