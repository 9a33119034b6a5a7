"""The page, its files, and the worker that lets it open without signal."""

import json

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    render_template,
    send_from_directory,
    url_for,
)
from flask_babel import gettext as _

from tracker.web import headers
from tracker.web.access import public
from tracker.web.phone import bundle, icon

bp = Blueprint("phone", __name__, url_prefix="/phone")
#: What is drawn from the phone's own database has "blob:" addresses.
CSP = headers.CSP.replace("img-src 'self' data:", "img-src 'self' data: blob:")
COLOUR = "#1d5673"
NOTHING_PERSONAL = "the page holds nothing personal; what it loads and sends asks who is there"


@bp.get("/")
@public(NOTHING_PERSONAL)
def show() -> Response:
    """Show the page, the same for everybody: phones keep it."""
    response = make_response(render_template(bundle.TEMPLATE, bundle=bundle.current()))
    response.headers["Content-Security-Policy"] = CSP
    return response


@bp.get("/sw.js")
@public(NOTHING_PERSONAL)
def worker() -> Response:
    """Send the worker; it differs with every version, so that browsers take the new one."""
    kept = bundle.current()
    module = url_for("phone.file", version=kept.version, name="worker.js")
    told = json.dumps({"version": kept.version, "files": kept.addresses})
    script = f'import {{ serve }} from "{module}";\nserve({told});\n'
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/manifest.webmanifest")
@public(NOTHING_PERSONAL)
def manifest() -> Response:
    """Say how the page is installed."""
    told = {
        "name": _("Inspections · Foreign Expert Tracker"),
        "short_name": _("Inspections"),
        "start_url": url_for("phone.show"),
        "scope": url_for("phone.show"),
        "id": url_for("phone.show"),
        "display": "standalone",
        "background_color": COLOUR,
        "theme_color": COLOUR,
        "icons": [
            {
                "src": url_for("phone.drawn", size=size),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in icon.SIZES
        ],
        "shortcuts": [
            {"name": _("Report a hazard"), "url": f"{url_for('phone.show')}#/hazard"},
        ],
    }
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")


@bp.get("/icon-<int:size>.png")
@public(NOTHING_PERSONAL)
def drawn(size: int) -> Response:
    """Send the icon in one of its sizes."""
    if size not in icon.SIZES:
        abort(404)
    response = Response(icon.png(size), mimetype="image/png")
    response.cache_control.private = True
    response.cache_control.max_age = 24 * 3600
    return response


@bp.get("/v/<version>/<name>")
@public(NOTHING_PERSONAL)
def file(version: str, name: str) -> Response:
    """Send a file of the present version; of another one there are none any more."""
    kept = bundle.current()
    if version != kept.version or name not in kept.names:
        abort(404)
    return send_from_directory(
        bundle.folder(), name, max_age=current_app.config["SEND_FILE_MAX_AGE_DEFAULT"]
    )
