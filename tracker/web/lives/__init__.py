"""What happens to people: one guided form an event, who comes and goes, records to delete."""

from flask import Flask

from tracker.web.lives import clocks, closing, happened, moving

FEATURES = (happened, moving, closing)


def init_app(app: Flask) -> None:
    """Register the pages, and what a person's page needs of them."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals.update(clock_strips=clocks.strips)
