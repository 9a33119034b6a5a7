"""Documents in custody: handed out and taken back, counted, reported by cabinets.

The office does it; heads and auditors read it, without numbers.
"""

from flask import Flask

from tracker.web.custody import cabinets, lists, lodging, one, shown, stock, words


def init_app(app: Flask) -> None:
    """Register the pages, and what the templates of others show of custody."""
    for bp in (lists.bp, stock.bp, cabinets.bp):
        app.register_blueprint(bp)
    app.jinja_env.globals.update(custody_words=words, custody_of=shown.of_person)


#: Pages about one document, which stand in the blueprint of the lists.
_MORE = (lodging, one)
