"""Buildings, their rooms and doors, who lives in them and who is registered there.

The office keeps them; heads and auditors read. Inspectors see buildings, floors and rooms, and no
names: who lives where is not theirs to know.
"""

from flask import Flask

from tracker.web import safety
from tracker.web.housing import (
    building,
    buildings,
    doors,
    floor_moves,
    moves,
    residents,
    rooms,
    words,
)

FEATURES = (buildings, building, rooms, doors, residents, moves, floor_moves)


def init_app(app: Flask) -> None:
    """Register the pages, and what their templates use."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals.update(safety_tabs=safety.tabs, housing_words=words)
