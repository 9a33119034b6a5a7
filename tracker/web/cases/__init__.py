"""Cases: their board, each one's page, what is filed for it, and many opened at once.

The office works on cases; heads and auditors read them, a unit's secretary those of the unit, an
expert their own. Who sees no numbers sees neither the files of a case nor the portal's fields.
"""

from flask import Flask

from tracker.web.cases import board, case, opening, papers, words

FEATURES = (board, opening, case, papers)


def init_app(app: Flask) -> None:
    """Register the pages, and the words their templates use."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals.update(case_words=words)
