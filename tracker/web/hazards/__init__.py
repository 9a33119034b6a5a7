"""Hazards: the list, each one's page with what to do next, figures, papers, letters about it.

The office and the inspectors write; heads and auditors read; a head signs off; whoever answers for
a hazard says how it goes on and when it is done. A unit's secretary sees those that are theirs.
"""

from flask import Flask

from tracker.core.clock import campus_day
from tracker.web.hazards import acting, figures, hazard, listing, papers, reporting, taking, words
from tracker.web.hazards.within import bp

#: Modules that add their routes to the blueprint.
FEATURES = (listing, taking, figures, reporting, hazard, papers, acting)


def init_app(app: Flask) -> None:
    """Register the pages, and the words their templates use."""
    app.register_blueprint(bp)
    app.jinja_env.filters["campus_day"] = campus_day
    app.jinja_env.globals.update(hazard_words=words)
