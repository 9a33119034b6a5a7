"""The same things for programs: one file a feature, over the schemas and services of the pages."""

from collections.abc import Mapping
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask

from tracker.api import (
    answers,
    buildings,
    cases,
    custody,
    docs,
    facts,
    health,
    imports,
    letters,
    obligations,
    people,
    reminders,
    rules,
    units,
)
from tracker.api import models as _models  # noqa: F401
from tracker.api.blueprint import Blueprint, IdConverter, id_schema
from tracker.facts import kinds

FEATURES = (
    people, facts, obligations, cases, health, units, buildings, letters, reminders, imports,
    rules, custody,
)  # fmt: skip
INFO = {
    "title": "Foreign Expert Tracker",
    "description": (
        "Send a personal access token as `Authorization: Bearer …`; make one on the page "
        "*Access tokens*. A token reaches no further than its owner's role. Signed in with a "
        "browser, the same addresses can be read without one.\n\n"
        "Lists come in pages (`page`, `page_size`) with `Link` and `X-Pagination`. Who changes a "
        "person or a case sends the `ETag` last read as `If-Match`. Every write takes an "
        "`Idempotency-Key`: sent twice within 24 hours it is done once. Days are "
        "campus days (Asia/Shanghai)."
    ),
}
VERSION = "1"
BEARER = {"type": "http", "scheme": "bearer", "description": "A personal access token."}
SESSION = {"type": "apiKey", "in": "cookie", "description": "Signed in: reads only."}
CABINET = {
    "cabinet_key": {"type": "apiKey", "in": "header", "name": custody.KEY,
                    "description": "The name of a cabinet's key."},
    "cabinet_signature": {"type": "apiKey", "in": "header", "name": custody.SIGNATURE,
                          "description": "The signature of the body: see custody."},
}  # fmt: skip


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's registry of operations, with our errors; pages are served by docs.py."""

    ERROR_SCHEMA = answers.Error
    #: Each operation names the errors it answers with.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_responses(self) -> None:
        answers.register(self.spec)

    def _register_etag_headers(self) -> None:
        """Operations write their own headers into the document."""

    _register_pagination_header = _register_etag_headers

    def register_blueprint(self, bp: Blueprint, **_options: Any) -> None:
        """Offer a feature's operations below /api/."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][bp.name] = self
        self._app.register_blueprint(bp, url_prefix="/api")
        bp.register_views_in_doc(self, self._app, self.spec, name=bp.name, parameters=None)
        self.spec.tag({"name": bp.feature, "description": bp.description})

    def _register_error_handlers(self) -> None:
        """Leave errors to those of the pages, which know who is a program."""


def init_app(app: Flask) -> None:
    """Give `app` its interface for programs."""
    app.config.update(API_TITLE=INFO["title"], API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    api = Api(app, spec_kwargs=_spec_options(app.config["SESSION_COOKIE_NAME"]))
    app.url_map.converters["id"] = IdConverter
    api.register_converter(IdConverter, id_schema)
    for feature in FEATURES:
        app.extensions["csrf"].exempt(feature.bp)  # a token is no cookie that a browser adds
        api.register_blueprint(feature.bp)
    facts.document(api.spec)
    app.extensions["openapi"] = api.spec.to_dict()
    app.register_blueprint(docs.bp)


def _spec_options(cookie: str) -> Mapping[str, Any]:
    return {
        "info": {"description": INFO["description"]},
        "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_name_of),
        "components": {
            "securitySchemes": {"token": BEARER, "session": SESSION | {"name": cookie}, **CABINET}
        },
    }


def _name_of(schema: Any) -> str:
    """Name a schema in the document: its class, or what a made one calls itself."""
    found = schema if isinstance(schema, type) else type(schema)
    kind = found.__name__.removesuffix("_schema")
    own = facts.component_of(kind) if kind in kinds.KINDS else found.__name__
    return str(getattr(found, "component", own))
