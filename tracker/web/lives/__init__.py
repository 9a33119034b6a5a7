"""What happens to people: guided forms, who comes and goes, records to delete, projects."""

from flask import Flask

from tracker.web.lives import clocks, closing, happened, moving, projects

FEATURES = (happened, moving, closing, projects)


def init_app(app: Flask) -> None:
    """Register the pages, and what a person's page needs of them."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals.update(clock_strips=clocks.strips)
