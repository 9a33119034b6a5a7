"""create_app(): settings, extensions, pages, error pages."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate

from config import settings
from tracker.accounts import models as _accounts  # noqa: F401
from tracker.answers import models as _answers  # noqa: F401
from tracker.cases import models as _cases  # noqa: F401
from tracker.core import db as database
from tracker.core.db import db
from tracker.custody import models as _custody  # noqa: F401
from tracker.directory import models as _directory  # noqa: F401
from tracker.facts import models as _facts  # noqa: F401
from tracker.files import models as _files  # noqa: F401
from tracker.hazards import models as _hazards  # noqa: F401
from tracker.health import models as _health  # noqa: F401
from tracker.inspections import models as _inspections  # noqa: F401
from tracker.outbox import models as _outbox  # noqa: F401
from tracker.reminders import models as _reminders  # noqa: F401
from tracker.whereabouts import models as _whereabouts  # noqa: F401

MIGRATIONS = str(settings.ROOT / "migrations")


def create_app(overrides: Mapping[str, Any] | None = None, *, pages: bool = True) -> Flask:
    """Return the application; `overrides` win over every other source of settings.

    Without `pages` it only plans and delivers, and takes two thirds of the memory.
    """
    app = Flask("tracker", template_folder="web/templates", static_folder="web/static")
    app.config.update(settings.load(overrides))
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = database.engine_options(
        app.config["SQLALCHEMY_DATABASE_URI"]
    )
    db.init_app(app)
    Migrate(app, db, directory=MIGRATIONS, render_as_batch=True, compare_type=True)
    with app.app_context():
        database.tune(db.engine)
    if pages:
        from tracker import api, web  # what they need takes a second and 30 MB

        web.init_app(app)
        api.init_app(app)
    else:
        Babel(app)  # what is said of a mistake is English
    return app
