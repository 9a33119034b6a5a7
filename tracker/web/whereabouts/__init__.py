"""Trips and who is where: declared by travellers, units and the office; read in an emergency.

Whoever has a personal link needs no account. Opening it writes nothing.
"""

from flask import Flask

from tracker.web.whereabouts import declaring, public, shown, today, trips, words

FEATURES = (trips, declaring, today, public)


def init_app(app: Flask) -> None:
    """Register the pages, and what the templates of others show of trips."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.extensions["csrf"].exempt(public.bp)
    app.jinja_env.globals.update(
        trip_words=words, trips_of=shown.of_person, away_this_week=shown.this_week
    )
