"""The document of the interface, and a page to read it and try it on."""

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.models import ROLES
from tracker.web.access import public, roles

bp = Blueprint("docs", __name__, url_prefix="/api")


@bp.get("/openapi.json")
@public("describes the interface; holds nothing about anybody")
def openapi() -> ResponseReturnValue:
    """Return the OpenAPI document."""
    return jsonify(current_app.extensions["openapi"])


@bp.get("/docs")
@roles(*ROLES)
def show() -> ResponseReturnValue:
    """Show the document with Swagger UI."""
    return render_template("api/docs.html")
