"""Health checks: schedules, who is missing, results, consent, and each expert's own page.

Results are read by accounts of the office that are named for it, and by the person; every reading
by somebody else is put on the audit trail before it happens. Heads and the rest of the office see
counts; a unit's secretary at most who has no booking, if the schedule says so.
"""

from flask import Flask

from tracker.web.health_checks import apart, entering, of_unit, own, person, schedules, words

FEATURES = (schedules, entering, person, apart, own, of_unit)


def init_app(app: Flask) -> None:
    """Register the pages, and the words their templates use."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    app.jinja_env.globals.update(health_words=words)
