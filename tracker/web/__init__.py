"""Pages: one file a feature; each turns a request into arguments and a result into a reply."""

from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect

from tracker.web import (
    access,
    accounts,
    answers,
    assets,
    audit,
    board,
    calendar,
    calendar_years,
    cases,
    catalog,
    custody,
    delivery,
    editing,
    errors,
    feeds,
    hazards,
    headers,
    health,
    health_checks,
    housing,
    imported,
    imports,
    inspections,
    kept,
    ladder,
    language,
    letters,
    lives,
    notices,
    pages,
    passwords,
    people,
    person,
    phone,
    photos,
    reminders,
    session,
    setup,
    tokens,
    whereabouts,
)

FEATURES = (
    board,
    people,
    person,
    calendar,
    calendar_years,
    feeds,
    imports,
    delivery,
    session,
    passwords,
    accounts,
    audit,
    setup,
    tokens,
    health,
    language,
    ladder,
    imported,
    letters,
    reminders,
    photos,
)


def init_app(app: Flask) -> None:
    """Give `app` its pages, and what guards all of them."""
    translations = catalog.compiled(Path(app.config["HOME"]))
    language.init_app(app, translations)
    session.configure(app)
    access.init_app(app)
    CSRFProtect(app)
    headers.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    pages.init_app(app)
    kept.init_app(app)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    editing.init_app(app)
    answers.init_app(app)
    cases.init_app(app)
    custody.init_app(app)
    whereabouts.init_app(app)
    phone.init_app(app)
    housing.init_app(app)
    inspections.init_app(app)
    health_checks.init_app(app)
    hazards.init_app(app)
    lives.init_app(app)
    notices.init_app(app)
