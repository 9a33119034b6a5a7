"""Inspections: what phones fetch and send, and the pages on which the office reads them."""

from flask import Flask

from tracker.web.inspections import due, line, pages, plans, taking, template, words

FEATURES = (line, pages, plans, template, taking)


def init_app(app: Flask) -> None:
    """Register the pages and what phones call, and the words their templates use."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals.update(inspection_words=words, due_of_buildings=due.of_buildings)
