"""Notices: the public page with its feed, the links of letters, and the office's desk."""

from flask import Flask

from tracker.web.notices import desk, public

FEATURES = (public, desk)


def init_app(app: Flask) -> None:
    """Register the pages, and what an expert's own page shows."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals.update(notices_of=public.sent_to)
