"""Inspections: what phones fetch and send, and the pages on which the office reads them."""

from flask import Flask

from tracker.web.inspections import line

FEATURES = (line,)


def init_app(app: Flask) -> None:
    """Register the pages and what phones call."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
