"""Inspections on a phone, with or without signal: an installable page and what it is made of.

The page itself is in static/phone; it holds nothing personal and asks who is there when it sends.
"""

from flask import Flask

from tracker.web.phone import shell


def init_app(app: Flask) -> None:
    """Give `app` the page for phones."""
    app.register_blueprint(shell.bp)
