"""Answers by link: the pages behind a letter's link, and what the office does with what was said.

Whoever has a link needs no account. It opens one duty of one person, and takes one answer.
"""

from flask import Flask

from tracker.web.access import OFFICE, viewer
from tracker.web.answers import office, public, shown, words

FEATURES = (public, office)


def init_app(app: Flask) -> None:
    """Register the pages, and what the templates of others need to lead to them."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    # Checked by the form itself: it keeps what was typed, and its page sends no referrer.
    app.extensions["csrf"].exempt(public.bp)
    app.jinja_env.globals.update(
        answers_of=lambda person_id: (
            shown.of_person(person_id) if viewer().role in OFFICE else None
        ),
        quiet_because=words.quiet,
        answers_waiting=lambda: shown.waiting() if viewer().role in OFFICE else 0,
    )
